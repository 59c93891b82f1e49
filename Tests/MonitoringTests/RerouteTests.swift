import Alerting
import Configuration
import Foundation
import GRDB
import Journaling
import Model
import Monitoring
import TestSupport
import Testing

/// Where a reload leaves what waited for a route that is gone.
@Suite struct RerouteTests {
    private let world: World

    init() throws {
        world = try World()
    }

    private static let receivers = """
        receivers:
          - { name: press, webhook: { url: "https://hooks.example/x", secret_file: webcare.secret } }
          - { name: duty, webhook: { url: "https://hooks.example/night", secret_file: webcare.secret } }
          - { name: desk, webhook: { url: "https://hooks.example/night", secret_file: webcare.secret } }
        signals: [{ name: outage, query: storing }]
        time_intervals:
          - name: night
            time_intervals: [{ times: [{ start_time: "00:00", end_time: "05:00" }] }]

        """
    private static let press = """
        { matchers: [watch=zeebank], receiver: press, digest: { at: '09:00', weekdays: [sunday] }, continue: true }
        """

    private static func routes(_ routes: String...) -> String {
        "route: { receiver: none, routes: [\(routes.joined(separator: ", "))] }"
    }

    private func settings(_ route: String) throws -> Settings {
        try world.settings(
            sources: "  - { url: 'https://forum.example/feed', interval: 15m }",
            watches: "  - { name: zeebank, query: zeebank }", alerting: Self.receivers + route)
    }

    private func run(_ route: String, _ body: (Daemon) async throws -> Void) async throws {
        try await world.run(alerting: Self.receivers + route) { (daemon, _) async throws in try await body(daemon) }
    }

    private func reload(_ daemon: Daemon, _ route: String) async throws {
        try await daemon.start(try settings(route))
        await daemon.settle()
    }

    /// The receivers that the outbox told of each entry.
    private func told() throws -> [String] {
        try world.messages().map(\.alert).flatMap { alert in
            alert.mentions.map { "\(alert.receiver) \($0.entry.id ?? "")" }
        }.sorted()
    }

    private func withheld() throws -> [JournalEvent.WithheldReport] {
        try world.journal().compactMap { event in
            if case .withheld(let report) = event.happening { report } else { nil }
        }
    }

    /// Mentions that were counted for spikes, ever.
    private func counted() throws -> Int? {
        let store = try DatabaseQueue(path: world.folder.path + "/state/earshot.sqlite")
        return try store.read { db in
            try Int.fetchOne(db, sql: "SELECT sum(count) FROM tally WHERE scope != 'running'")
        }
    }

    @Test func whatAnotherRouteHasToldIsNotToldAgainAndTheJournalSaysSo() async throws {
        let duty = "{ matchers: [watch=zeebank], receiver: duty }"
        try await run(Self.routes(Self.press, duty)) { (daemon) async throws in
            world.publish("1", "Zeebank een")
            await world.pass(900, daemon)
            #expect(try told() == ["duty 1"])
            try await reload(daemon, Self.routes(duty))
            await world.pass(8 * 86_400, daemon)
            #expect(try told() == ["duty 1"])
            let mention = try #require(try world.journaledMentions().first).id
            #expect(
                try withheld() == [.init(mention: mention, receiver: "press", route: "", reason: "reload", of: nil)])
        }
    }

    /// Long enough to be known again under any title.
    private static let story = """
        Zeebank opent in het voorjaar een nieuw kantoor aan de haven van Rotterdam, zegt de directie. Het krijgt twaalf \
        loketten, blijft ook op zaterdag open en neemt het werk over van de twee filialen in de binnenstad.
        """

    /// Also after a restart, and when the stories that would tell have been forgotten.
    @Test(arguments: ["", ", stories: each"])
    func aRouteThatStaysIsNotAskedASecondTime(stories: String) async throws {
        let duty = "{ matchers: [watch=zeebank], receiver: duty, spike: { window: 1h }\(stories) }"
        try await run(Self.routes(Self.press, duty)) { (daemon) async throws in
            world.publish("1", Self.story)
            await world.pass(900, daemon)
            world.publish("2", Self.story + " nu")
            for _ in 0..<6 { await world.pass(86_400, daemon) }
        }
        let before = try told()
        let lines = try withheld()
        #expect(before == (stories.isEmpty ? ["duty 1"] : ["duty 1", "duty 2"]))
        try await run(Self.routes(duty, "{ matchers: [watch=zeebank, signal=outage], receiver: desk }")) {
            (daemon) async throws in
            await world.pass(3_600, daemon)
            #expect(try told() == before)
            let new = try withheld().dropFirst(lines.count)
            #expect(new.map(\.receiver) == ["press", "press"])
            #expect(new.map(\.reason) == ["reload", "reload"])
        }
        #expect(try counted() == 2)
    }

    /// So it is told to whom it waited for. Each of the other routes says why it tells nobody, and says it once.
    @Test(
        arguments: ["spike: { window: 1h, alone: true }", "active_time_intervals: [night], on_inactive: drop"],
        ["duty", "desk"])
    func aRouteThatTellsNobodyIsNoReasonToTellNobody(silence: String, next: String) async throws {
        try await run(Self.routes(Self.press, Self.route(to: "duty", silence))) { (daemon) async throws in
            world.publish("1", "Zeebank een")
            await world.pass(900, daemon)
            #expect(try told() == [])
            try await reload(daemon, Self.routes(Self.route(to: next, silence)))
            #expect(try told() == ["press 1"])
            #expect(try withheld().map(\.receiver) == (next == "duty" ? ["duty"] : ["duty", "desk"]))
        }
    }

    /// It was there before, but another took the mention first.
    @Test func aRouteThatWasNotReachedIsAsked() async throws {
        let press = Self.press.replacing(", continue: true", with: "")
        let duty = "{ matchers: [watch=zeebank], receiver: duty, stories: each }"
        try await run(Self.routes(press, duty)) { (daemon) async throws in
            world.publish("1", "Zeebank een")
            await world.pass(900, daemon)
            #expect(try told().isEmpty)
            try await reload(daemon, Self.routes(duty))
            #expect(try told() == ["duty 1"])
            #expect(try withheld().isEmpty)
        }
    }

    @Test func aRouteThatComesBackIsAskedForWhatWasTakenFromIt() async throws {
        try await run(Self.routes(Self.press)) { (daemon) async throws in
            world.publish("1", "Zeebank een")
            await world.pass(900, daemon)
            try await reload(daemon, Self.routes(Self.route(to: "duty", "group_wait: 1d")))
            #expect(try told().isEmpty)
            try await reload(daemon, Self.routes(Self.press))
            await world.pass(7 * 86_400, daemon)
            #expect(try told() == ["press 1"])
            #expect(try withheld().isEmpty)
        }
    }

    private static func route(to receiver: String, _ more: String) -> String {
        "{ matchers: [watch=zeebank], receiver: \(receiver), \(more) }"
    }

    @Test(arguments: [routes("{ matchers: [watch=zeebank], receiver: duty }"), "route: { receiver: none }"])
    func copiesStayWithTheirOriginal(next: String) async throws {
        try await run(Self.routes(Self.press)) { (daemon) async throws in
            for number in 1...6 {
                world.publish("\(number)", Self.story + (number == 1 ? "" : " \(number)"))
                await world.pass(900, daemon)
            }
            try await reload(daemon, next)
            let alerts = try world.messages().map(\.alert)
            #expect(alerts.map { $0.mentions.map(\.entry.id) } == [["1"]])
            #expect(alerts.first?.count == 6)
            #expect(alerts.first?.copies.values.map(\.count) == [5])
        }
    }

    @Test func aCopyWhoseOriginalWentElsewhereIsToldAsItself() async throws {
        try await run(Self.routes(Self.press)) { (daemon) async throws in
            world.publish("1", Self.story)
            await world.pass(900, daemon)
            world.publish("2", Self.story + " storing")
            await world.pass(900, daemon)
            try await reload(daemon, Self.routes("{ matchers: [signal!=outage], receiver: duty }"))
            #expect(try told() == ["duty 1", "press 2"])
        }
    }

    @Test func aSilenceThatCameLaterHoldsBackNothingThatWaits() async throws {
        try await run(Self.routes(Self.press)) { (daemon) async throws in
            world.publish("1", "Zeebank een")
            await world.pass(900, daemon)
            _ = try await daemon.addSilence(
                ["watch=zeebank"], for: 3_600, from: nil, reason: "planned works", author: "Jan")
            try await reload(daemon, Self.routes("{ matchers: [watch=zeebank], receiver: duty }"))
            #expect(try told() == ["duty 1"])
        }
    }
}
