import Fetching
import Foundation
import GRDB
import Journaling
import Model
import Monitoring
import Storage
import TestSupport
import Testing

/// A store that cannot be written or read costs what it must, and no more.
@Suite struct BrokenStoreTests {
    private let world: World

    init() throws {
        world = try World()
        world.publish("1", "een")
    }

    /// Does something to the store behind the daemon's back.
    private func store(_ sql: String) throws {
        let database = try DatabaseQueue(path: world.folder.path + "/state/earshot.sqlite")
        try database.write { try $0.execute(sql: sql) }
        try database.close()
    }

    @Test func aReloadAsksNobodyAnewForWhatCouldNotBeSaved() async throws {
        try await world.run { (daemon, settings) async throws in
            #expect(world.polls == 1)
            try store("CREATE TRIGGER broken BEFORE UPDATE ON source BEGIN SELECT RAISE(FAIL, 'broken'); END")
            world.script { [unowned world] _ in world.feedResponse(503, [Header("Retry-After", "7200")]) }
            await world.pass(900, daemon)
            #expect(world.polls == 2)
            try await daemon.start(settings)
            await world.pass(7_000, inStepsOf: 100, daemon)
            #expect(world.polls == 2)
        }
    }

    @Test func aConfigurationWhoseSourcesCannotBeStoredChangesNothing() async throws {
        try await world.run { (daemon, _) async throws in
            try store("CREATE TRIGGER broken BEFORE INSERT ON source BEGIN SELECT RAISE(FAIL, 'broken'); END")
            let other = try world.settings(
                sources: """
                      - { url: 'https://forum.example/feed', interval: 15m }
                      - { url: 'https://blog.example/feed', interval: 15m }
                    """, watches: "  - { name: storing, query: storing }",
                alerting: "receivers: []\nroute: { receiver: none }")
            await #expect(throws: StoreError.self) { try await daemon.start(other) }
            world.publish("2", "Zeebank heeft een storing")
            await world.pass(900, daemon)
            #expect(try world.journaledMentions().map(\.watch) == ["zeebank"])
            #expect(try world.mentionedEntries() == ["2"])
            #expect(!world.web.requests.contains { $0.url.contains("blog.example") })
        }
    }

    @Test func whatWaitsFollowsNewRoutesOnceThatCanBeStored() async throws {
        let receivers = """
            receivers:
              - { name: webcare, webhook: { url: "https://hooks.example/x", secret_file: webcare.secret } }

            """
        let sources = "  - { url: 'https://forum.example/feed', interval: 15m }"
        try await world.run(
            sources: sources, alerting: receivers + "route: { receiver: webcare, group_wait: 1d }"
        ) { (daemon, _) async throws in
            world.publish("2", "Zeebank")
            await world.pass(900, daemon)
            try store("CREATE TRIGGER broken BEFORE UPDATE ON alert_group BEGIN SELECT RAISE(FAIL, 'broken'); END")
            let settings = try world.settings(
                sources: sources, watches: "  - { name: zeebank, query: zeebank }",
                alerting: receivers + "route: { receiver: webcare, group_wait: 1m }")
            try await daemon.start(settings)
            await world.pass(100, daemon)
            #expect(try world.mentionedEntries().isEmpty)
            try store("DROP TRIGGER broken")
            await world.pass(30, daemon)
            await world.pass(60, daemon)
            #expect(try world.mentionedEntries() == ["2"])
        }
    }

    @Test func anAlertDoesNotWaitForAGroupThatCannotBeTold() async throws {
        let alerting = """
            receivers:
              - { name: webcare, webhook: { url: "https://hooks.example/x", secret_file: webcare.secret } }
              - { name: night, webhook: { url: "https://hooks.example/night", secret_file: webcare.secret } }
            route:
              receiver: webcare
              group_wait: 0s
              routes: [{ matchers: [watch=zeebank], receiver: night, group_wait: 1m }]
            """
        let watches = "  - { name: zeebank, query: zeebank }\n  - { name: outage, query: storing }"
        try await world.run(watches: watches, alerting: alerting) { (daemon, _) async throws in
            world.publish("2", "Zeebank")
            await world.pass(900, daemon)
            try store(
                """
                CREATE TRIGGER broken BEFORE UPDATE ON alert_group WHEN OLD.receiver = 'night'
                BEGIN SELECT RAISE(FAIL, 'broken'); END
                """)
            world.publish("3", "Een storing")
            await world.pass(900, daemon)
            #expect(try world.mentionedEntries() == ["3"])
        }
    }

    @Test func aSiteThatHadEnoughOfUsRestsThoughThatCouldNotBeSaved() async throws {
        let sources = """
              - { url: 'https://www.forum.example/feed', interval: 15m, follow: true }
              - { url: 'https://forum.example/other/feed', interval: 2m }
            """
        world.script { request in
            guard !request.url.hasSuffix("/feed") else { return nil }
            if request.url.hasSuffix("/robots.txt") { return .response(Response(status: 404, address: request.url)) }
            return .response(Response(status: 429, headers: [Header("Retry-After", "3000")], address: request.url))
        }
        try await world.run(sources: sources) { (daemon, _) async throws in
            await world.pass(10, inStepsOf: 1, daemon)
            world.publish("a", "Zeebank…")
            // The document is remembered by the time that robots.txt is asked for.
            while !world.web.requests.contains(where: { $0.url.hasSuffix("/robots.txt") }) {
                await world.pass(1, daemon)
            }
            try store("CREATE TRIGGER broken BEFORE UPDATE ON source BEGIN SELECT RAISE(FAIL, 'broken'); END")
            while !world.web.requests.contains(where: { $0.url.hasSuffix("/a") }) {
                await world.pass(1, inStepsOf: 1, daemon)
            }
            let count = { [unowned world] in world.web.requests.count { !$0.url.contains("www.") } }
            let before = count()
            await world.pass(2_900, inStepsOf: 10, daemon)
            #expect(count() == before)
        }
    }

    @Test func aPageWhoseMentionsCannotBeSavedIsAskedForAgainAndToldOnce() async throws {
        world.script { [unowned world] request in
            if request.url.hasSuffix("/feed") { return world.feedResponse() }
            let page = "<main><article><p>It begins like this, and is all about Zeebank.</p></article></main>"
            let isRobots = request.url.hasSuffix("/robots.txt")
            return .response(
                Response(status: isRobots ? 404 : 200, body: isRobots ? [] : Array(page.utf8), address: request.url))
        }
        let source = "  - { url: 'https://forum.example/feed', interval: 15m, follow: true }"
        try await world.run(sources: source) { (daemon, _) async throws in
            world.publish("a1", "It begins like this…")
            await world.pass(940, daemon)
            try store("CREATE TRIGGER broken BEFORE UPDATE ON reading BEGIN SELECT RAISE(FAIL, 'broken'); END")
            await world.pass(30, inStepsOf: 1, daemon)
            #expect(world.web.requests.count { $0.url.hasSuffix("/a1") } == 1)
            #expect(try world.journaledMentions().isEmpty)
            try store("DROP TRIGGER broken")
            for _ in 0..<3 { await world.pass(910, inStepsOf: 10, daemon) }
        }
        #expect(world.web.requests.count { $0.url.hasSuffix("/a1") } == 2)
        #expect(try world.mentionedEntries() == ["a1"])
    }

    /// What became of an attempt is tried once more to be written at the end, and then left to the next start.
    @Test func whatCouldNotBeSavedBeforeAStopIsSentAgainUnderItsId() async throws {
        try await world.run { (daemon, _) async throws in
            try store("CREATE TRIGGER broken BEFORE DELETE ON delivery BEGIN SELECT RAISE(FAIL, 'broken'); END")
            world.publish("2", "Zeebank")
            await world.pass(900, daemon)
            // As long as it runs, it knows that it was sent.
            await world.pass(600, inStepsOf: 100, daemon)
            #expect(try world.messages().count == 1)
        }
        try store("DROP TRIGGER broken")
        try await world.run { (daemon, _) async throws in
            await world.pass(900, daemon)
            #expect(try await daemon.backlog().isEmpty)
        }
        let messages = try world.messages()
        #expect(messages.count == 2 && messages.first == messages.last)
        let verdicts = try world.journal().compactMap { event in
            if case .delivery(let report) = event.happening { report.verdict } else { nil }
        }
        #expect(verdicts == ["delivered"])
    }

    @Test func whatIsQueuedAgainIsSentThoughTheRestCannotBeQueued() async throws {
        try await world.run { (daemon, _) async throws in
            // More than fit into one transaction.
            try store(
                """
                WITH RECURSIVE number(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM number WHERE i < 201)
                INSERT INTO delivery (id, receiver, body, attempts, due, attempted, reason, parked)
                    SELECT 'a_' || i, 'webcare', CAST('{}' AS BLOB), 3, 0, i, 'refused', 1 FROM number;
                CREATE TRIGGER broken BEFORE UPDATE ON delivery WHEN OLD.id = 'a_201'
                BEGIN SELECT RAISE(FAIL, 'broken'); END
                """)
            await #expect(throws: StoreError.self) { try await daemon.parked.redeliver(ParkedFilter()) }
            await daemon.settle()
            let backlog = try await daemon.backlog()
            #expect(backlog.map(\.queued) == [0])
            #expect(backlog.map(\.parked) == [1])
        }
    }

    @Test func aRoundEndsThoughTheStateOfASourceCannotBeRead() async throws {
        let outcomes = Shared<[String]>([])
        try await world.run { (daemon, _) async throws in
            try store(
                "CREATE TRIGGER broken AFTER INSERT ON source BEGIN DELETE FROM source WHERE id = NEW.id; END")
            let settings = try world.settings(
                sources: "  - { url: 'https://other.example/feed' }", watches: "  - { name: zeebank, query: zeebank }")
            try await daemon.runOnce(settings) { _, outcome in outcomes.withLock { $0.append("\(outcome)") } }
        }
        #expect(world.polls == 1)
        #expect(outcomes.withLock { $0.count } == 1)
        #expect(outcomes.withLock { $0.first?.hasPrefix("its state cannot be read: ") } == true)
    }

    @Test func aRoundEndsThoughAPollIsCalledOff() async throws {
        let outcomes = Shared<[String]>([])
        try await world.run { (daemon, _) async throws in
            world.script { _ in .failed(.cancelled) }
            let settings = try world.settings(
                sources: "  - { url: 'https://other.example/feed' }", watches: "  - { name: zeebank, query: zeebank }")
            try await daemon.runOnce(settings) { _, outcome in outcomes.withLock { $0.append("\(outcome)") } }
        }
        #expect(outcomes.withLock { $0 } == ["cancelled"])
    }
}
