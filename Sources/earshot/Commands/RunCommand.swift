// `earshot run`: the daemon, or one round of it.

import ArgumentParser
import Configuration
import Dispatch
import Fetching
import Foundation
import Glibc
import Logging
import Monitoring
import Runtime

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Poll the sources and alert the receivers, until told to stop.",
        discussion: """
            SIGTERM and SIGINT finish what is under way and end the daemon; SIGHUP loads the configuration again and \
            goes on in a new journal file if the old one was renamed. A wrong configuration is refused, and the old \
            one keeps running.
            """)

    @OptionGroup var file: ConfigurationOption

    @Flag(
        help: "Poll every source once, due or not, try the outbox once, at each pace, and exit: 1 if anything failed.")
    var once = false

    @Flag(name: [.long, .short], help: "Log polls that found nothing, too.")
    var verbose = false

    /// What is under way may take this long after a signal, in seconds; systemd would wait 90.
    static let grace: TimeInterval = 20

    func run() async throws {
        let settings = try file.load()
        let level: Logger.Level = verbose ? .debug : once ? .warning : .info
        let log = Logger(label: "earshot") { _ in LineLog(level: level) }
        // From here on a signal waits until the store and the journal are open.
        let signals = once ? nil : Signals.stream(of: SIGTERM, SIGINT, SIGHUP)
        for problem in settings.warnings + settings.unmet { log.warning("\(problem)") }
        let queues = Daemon.Queues()
        let transport = CurlTransport(executor: queues.network)
        let daemon: Daemon
        do {
            daemon = try await Daemon(
                settings: settings, queues: queues, clock: SystemClock(), transport: transport, log: log)
        } catch {
            StandardError.write("\(error)")
            throw ExitCode.failure
        }
        if let signals {
            try await Service(daemon: daemon, file: file, log: log).run(settings, signals)
        } else {
            try await OneRound(settings: settings).run(daemon)
        }
        await transport.shutdown()
    }
}
