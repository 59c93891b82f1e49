// `earshot demo`: the real daemon on a small web of its own, so that a newcomer sees mentions found and delivered
// before writing a line of configuration.

import ArgumentParser
import Configuration
import Fetching
import Foundation
import Glibc
import Logging
import Monitoring
import Runtime

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Show Earshot at work on a small web that it serves itself.",
        discussion: """
            Three sites on loopback (a news feed, a forum's feed, a review site's feed) publish in Dutch and English \
            while you watch. The daemon polls them, recognises the mentions of a bank that does not exist, and \
            delivers them, signed, to a webhook that checks the signatures. Everything is real but the web, and \
            nothing is left behind.
            """)

    @Option(name: .customLong("for"), help: "Stop after this long, such as 30s; exit 1 if nothing arrived by then.")
    var length: String?

    func validate() throws {
        if let length, DurationText.parse(length) == nil {
            throw ValidationError("--for takes a duration such as 30s or 2m, not \(length).")
        }
    }

    func run() async throws {
        let web = try DemoWeb(started: Date())
        let receiver = try DemoReceiver()
        let addresses = try await (sites: web.serve(), webhook: receiver.serve())
        let files = try DemoFiles(sites: addresses.sites, webhook: addresses.webhook, secret: receiver.secret)
        defer { files.remove() }
        try introduce(files, addresses.sites)
        try await listen(files)
        await web.stop()
        await receiver.stop()
        let tally = receiver.tally
        try StandardOutput.write(
            "\n\(tally.mentions) mentions in \(tally.messages) messages arrived; \(tally.refused) were badly signed.")
        if tally.refused > 0 || (length != nil && tally.mentions == 0) { throw ExitCode.failure }
    }

    private func introduce(_ files: DemoFiles, _ sites: [DemoWeb.Served]) throws {
        let style = Style()
        try StandardOutput.write(style.bold("A small web is up:"))
        for site in sites { try StandardOutput.write("  \(site.name)  \(style.faint(site.url))") }
        try StandardOutput.write(style.bold("The daemon listens, configured by") + " \(files.configuration):\n")
        try StandardOutput.write(style.faint(files.text))
        try StandardOutput.write(
            style.bold("What arrives at the webhook") + style.faint("  (Ctrl-C ends the demo)") + "\n")
    }

    /// The daemon, until it is interrupted or the time is over.
    private func listen(_ files: DemoFiles) async throws {
        let signals = Signals.stream(of: SIGINT, SIGTERM)
        let settings = try Settings.load(files.configuration, environment: [:])
        let queues = Daemon.Queues()
        let transport = CurlTransport(executor: queues.network)
        let log = Logger(label: "earshot") { _ in LineLog(level: .warning) }
        let daemon = try await Daemon(
            settings: settings, queues: queues, clock: SystemClock(), transport: transport, log: log)
        try await daemon.start(settings)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in signals { break } }
            if let length = length.flatMap(DurationText.parse) {
                group.addTask { try? await Task.sleep(for: length) }
            }
            await group.next()
            group.cancelAll()
        }
        await daemon.stop(grace: 5)
        await transport.shutdown()
    }
}
