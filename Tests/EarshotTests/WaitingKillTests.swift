import Alerting
import Configuration
import Fetching
import Foundation
import Logging
import Model
import Monitoring
import TestSupport
import Testing

/// What waits for its time survives kill -9: a group, a digest, what is held until hours begin, a spike that goes on.
@Suite struct WaitingKillTests {
    private let folder: TemporaryFolder
    private let now = Date()
    private let clock: ManualClock
    private let web: ScriptedTransport
    /// What the forum of the days before shows.
    private let feed = Shared<[String]>([])

    init() throws {
        folder = try TemporaryFolder()
        clock = ManualClock(Date(timeIntervalSince1970: (now.timeIntervalSince1970 / 900).rounded(.down) * 900))
        let feed = feed
        web = ScriptedTransport { request, _ in
            if request.method == "POST" { return .response(Response(status: 204)) }
            return .response(Response(status: 200, body: Array(Self.rss(feed.withLock { $0 }).utf8)))
        }
    }

    private static func rss(_ titles: [String]) -> String {
        let items = titles.map { "<item><guid>\($0)</guid><title>\($0)</title></item>" }
        return "<rss version=\"2.0\"><channel><title>Forum</title>\(items.joined())</channel></rss>"
    }

    /// - Parameter base: of the server that shows the feed and takes the alerts.
    private func configuration(base: String) throws -> String {
        let hour = (Calendar(identifier: .gregorian).dateComponents(in: .gmt, from: now).hour ?? 0) + 2
        let hours = String(format: "start_time: '%02d:00', end_time: '%02d:00'", hour % 24, hour % 24 + 1)
        let receivers = ["group", "digest", "hours", "spike"].map { name in
            "  - { name: \(name), webhook: { url: '\(base)/\(name)', allow_private_addresses: true } }"
        }
        return try folder.write(
            "earshot.yaml",
            """
            state: state
            polling: { interval: 1s, floor: 1s, allow_private_addresses: true }
            watches: [{ name: zeebank, query: zeebank }, { name: acme, query: acme }]
            sources: [{ url: '\(base)/feed', lookback: 1d }]
            receivers:
            \(receivers.joined(separator: "\n"))
            time_intervals: [{ name: later, time_intervals: [{ times: [{ \(hours) }], location: UTC }] }]
            route:
              receiver: none
              routes:
                - { matchers: [watch=zeebank], receiver: spike, spike: { alone: true } }
                - { matchers: [watch=acme], receiver: group, group_wait: 1h, continue: true }
                - { matchers: [watch=acme], receiver: digest, digest: { every: 6h }, continue: true }
                - { matchers: [watch=acme], receiver: hours, active_time_intervals: [later] }
            """)
    }

    /// Runs a daemon in this process, on the clock that is turned by hand.
    private func run(_ settings: Settings, _ body: (Daemon) async throws -> Void) async throws {
        let daemon = try await Daemon(
            settings: settings, queues: Daemon.Queues(), clock: clock, transport: web,
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, dice: { 0 })
        try await daemon.start(settings)
        await daemon.settle()
        try await body(daemon)
        await daemon.stop(grace: 0)
    }

    private func pass(_ seconds: TimeInterval, _ daemon: Daemon) async {
        clock.advance(by: seconds)
        await daemon.settle()
    }

    /// Three days before, around this time of the day: three mentions every quarter of an hour.
    private func liveTheDaysBefore(_ settings: Settings) async throws {
        let today = clock.now
        clock.advance(by: -3 * 86_400 - 6 * 900)
        try await run(settings) { (daemon) async in
            for day in 1...3 {
                for quarter in 0..<16 {
                    feed.withLock { $0 = (0..<3).map { "Zeebank \(day) \(quarter) \($0)" } }
                    await pass(900, daemon)
                }
                await pass(86_400 - 16 * 900, daemon)
            }
        }
        clock.advance(by: today.timeIntervalSince(clock.now))
    }

    @Test func whatWaitsIsToldOnceAndWholeAfterAKill() async throws {
        let site = Shared<[String]>([])
        let (told, tell) = AsyncStream<Alert>.makeStream()
        let firing = try await LoopbackServer.serving { request in
            guard request.method == "POST" else {
                return Response(status: 200, body: Array(Self.rss(site.withLock { $0 }).utf8))
            }
            if let alert = try? JSONDecoder.earshot.decode(Payload.self, from: Data(request.body)).alert {
                tell.yield(alert)
            }
            return Response(status: 204)
        } _: { server in
            let path = try configuration(base: server.base)
            try await liveTheDaysBefore(Settings.load(path, environment: [:]))
            #expect(web.requests.allSatisfy { $0.method == "GET" })
            site.withLock { $0 = (0..<40).map { "Zeebank vandaag \($0)" } + (0..<5).map { "Acme vandaag \($0)" } }
            let program = try Program(["run", "--config", path])
            var alerts = told.makeAsyncIterator()
            let first = try #require(await alerts.next())
            program.send(SIGKILL)
            #expect(await program.ended() == -SIGKILL)
            return first
        }
        #expect(firing.receiver == "spike" && firing.status == .firing)

        clock.advance(by: Date().timeIntervalSince(clock.now))
        try await run(Settings.load(folder.path + "/earshot.yaml", environment: [:])) { (daemon) async in
            for _ in 0..<28 { await pass(900, daemon) }
        }
        let later = try web.requests.filter { $0.method == "POST" }.map {
            try JSONDecoder.earshot.decode(Payload.self, from: Data($0.body)).alert
        }
        let titles = Set((0..<5).map { "Acme vandaag \($0)" })
        for (receiver, kind) in [("group", Alert.Kind.mentions), ("digest", .digest), ("hours", .mentions)] {
            let alerts = later.filter { $0.receiver == receiver }
            #expect(alerts.map(\.kind) == [kind] && alerts.map(\.count) == [5], "\(receiver)")
            #expect(Set(alerts.flatMap(\.mentions).map(\.entry.title)) == titles)
        }
        // The first may come again, under its id: whether it was taken was perhaps not written down yet.
        let episode = later.filter { $0.spike?.kind == .spike && $0.id != firing.id }
        #expect(episode.map(\.status) == [.resolved] && episode.map(\.episode) == [firing.episode])
    }
}
