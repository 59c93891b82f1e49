import Alerting
import Configuration
import Fetching
import Foundation
import Logging
import Model
import Monitoring
import TestSupport
import Testing

/// The way to everybody breaks and comes back, with the daemon's own transport, names and sockets; only the time is
/// ours.
@Suite struct OutageTests {
    private let folder: TemporaryFolder
    private let clock = ManualClock()
    private let hooks = Shared<[Request]>([])
    private let feed = Shared("")

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("webcare.secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        publish("1", "een")
    }

    private func publish(_ id: String, _ text: String) {
        feed.withLock { $0 += "<item><guid>\(id)</guid><title>\(text)</title></item>" }
    }

    /// One source at each of so many sites, all of them on one server.
    private func settings(_ count: Int, port: UInt16) throws -> Settings {
        let addresses = (1...count).map { "http://host\($0).example:\(port)/feed" }
        try folder.write("feeds.txt", addresses.joined(separator: "\n"))
        let path = try folder.write(
            "earshot.yaml",
            """
            state: state
            polling: { interval: 1h, floor: 1m, allow_private_addresses: true }
            watches: [{ name: zeebank, query: zeebank }]
            sources: [{ list: feeds.txt, lookback: 30d }]
            receivers:
              - { name: webcare, webhook: { url: "https://hooks.example/x", secret_file: webcare.secret } }
            route: { receiver: webcare }
            """)
        return try Settings.load(path, environment: [:])
    }

    private func run(
        _ count: Int, _ names: NameSettings, port: UInt16, _ body: (Daemon) async throws -> Void
    ) async throws {
        let settings = try settings(count, port: port)
        let queues = Daemon.Queues()
        let curl = CurlTransport(executor: queues.network, settings: CurlSettings(names: names))
        let daemon = try await Daemon(
            settings: settings, queues: queues, clock: clock, transport: HookTransport(web: curl, hooks: hooks),
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, dice: { 0 })
        try await daemon.start(settings)
        await daemon.settle()
        try await body(daemon)
        await daemon.stop(grace: 0)
        await curl.shutdown()
    }

    /// Serves the feed at a port while `body` runs.
    private func serving(port: UInt16 = 0, _ body: (LoopbackServer) async throws -> Void) async throws {
        try await LoopbackServer.serving(port: port) { [feed] _ in
            let items = feed.withLock { $0 }
            let tag = Header("ETag", "\"\(items.count)\"")
            return Response(status: 200, headers: [tag], body: Array("<rss><channel>\(items)</channel></rss>".utf8))
        } _: { server in
            try await body(server)
        }
    }

    private func pass(_ seconds: TimeInterval, _ daemon: Daemon) async {
        for _ in 0..<Int(seconds) {
            clock.advance(by: 1)
            await daemon.settle()
        }
    }

    /// Lets six minutes pass after the way is there again: everybody is asked, once, and never too many in a second.
    ///
    /// - Parameter blamed: at most so many failed before it was clear that all do, and wait for their interval.
    private func recover(_ count: Int, blamed: Int = 4, _ daemon: Daemon, _ server: LoopbackServer) async {
        var most = 0
        for _ in 0..<360 {
            let before = server.requests.count
            await pass(1, daemon)
            most = max(most, server.requests.count - before)
        }
        #expect(Set(server.requests.map { host($0) }).count == server.requests.count)
        #expect(server.requests.count >= count - blamed && server.requests.count <= count)
        #expect(most <= 101)
    }

    private func host(_ request: Request) -> String {
        request.headers.first { $0.isNamed("Host") }?.value ?? ""
    }

    /// That nobody was blamed.
    private func expectNoFault(_ count: Int, blamed: Int = 4, _ daemon: Daemon) async throws {
        let all = try await daemon.sources(matching: "", limit: count).sources
        #expect(all.count { $0.failures > 0 } <= blamed)
        #expect(all.count { $0.reason == .offline } >= count - blamed)
    }

    /// Every mention that the receiver was sent.
    private func alerted() throws -> [String] {
        try hooks.withLock { $0 }.flatMap {
            try JSONDecoder.earshot.decode(Payload.self, from: Data($0.body)).data.mentions.map(\.id)
        }
    }

    @Test func aDeadNameServerIsNobodysFaultAndItsReturnNoRush() async throws {
        // A port that nobody listens on for now.
        let port = try await ScriptedNameServer.serving { _, _ in
            .silence
        } _: {
            $0.port
        }
        let names = NameSettings(
            hosts: try folder.write("hosts", ""), resolver: try folder.write("resolv.conf", "nameserver 127.0.0.1"),
            port: port)
        publish("2", "Zeebank")
        try await serving { server in
            try await run(40, names, port: server.port) { daemon in
                await pass(320, daemon)
                #expect(server.requests.isEmpty)
                try await expectNoFault(40, daemon)
                try await ScriptedNameServer.serving(port: port) { _, family in
                    family == .v4 ? .addresses(["127.0.0.1"]) : .addresses([])
                } _: { _ in
                    await recover(40, daemon, server)
                }
                let sent = try alerted()
                #expect(!sent.isEmpty && Set(sent).count == sent.count)
            }
        }
    }

    @Test func aNetworkThatIsGoneAndComesBackBringsNoRushAndNothingTwice() async throws {
        let hosts = (1...300).map { "127.0.0.1 host\($0).example" }.joined(separator: "\n")
        let names = NameSettings(
            hosts: try folder.write("hosts", hosts), resolver: try folder.write("resolv.conf", ""), port: 1)
        let port = Shared<UInt16>(0)
        try await serving { server in port.withLock { $0 = server.port } }
        let web = port.withLock { $0 }
        try await run(300, names, port: web) { daemon in
            // Gone from the beginning, there, gone, and there again.
            for (outage, id, blamed) in [(900.0, "2", 4), (4_000, "3", 8)] {
                await pass(outage, daemon)
                try await expectNoFault(300, blamed: blamed, daemon)
                publish(id, "Zeebank \(id)")
                let before = try alerted()
                try await serving(port: web) { server in await recover(300, blamed: blamed, daemon, server) }
                #expect(try alerted().count > before.count)
            }
        }
        let sent = try alerted()
        #expect(Set(sent).count == sent.count)
    }
}

/// The real transport for the web, and a receiver that takes everything.
private struct HookTransport: Transport {
    let web: CurlTransport
    let hooks: Shared<[Request]>

    nonisolated(nonsending) func send(_ request: Request) async -> FetchOutcome {
        guard request.url.hasPrefix("https://hooks.example/") else { return await web.send(request) }
        hooks.withLock { $0.append(request) }
        return .response(Response(status: 204))
    }
}
