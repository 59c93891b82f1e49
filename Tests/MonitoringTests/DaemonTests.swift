import Alerting
import Feeds
import Fetching
import Foundation
import Journaling
import Model
import Monitoring
import Runtime
import Storage
import TestSupport
import Testing

/// From due to delivered.
@Suite struct DaemonTests {
    private let world: World

    init() throws {
        world = try World()
    }

    @Test func whatWasThereBeforeTheFirstPollIsNoNews() async throws {
        world.publish("old", "Zeebank is traag")
        try await world.run { (daemon, _) async throws in
            #expect(try world.messages().isEmpty)
            world.publish("new", "Ook bij Zeebank?")
            await world.pass(900, daemon)
            #expect(try world.mentionedEntries() == ["new"])
            #expect(try world.journaledMentions().map(\.entry.id) == ["new"])
        }
    }

    @Test func theFirstPollAlertsWithinItsLookback() async throws {
        world.publish("undated", "Zeebank")
        world.publish("older", "Zeebank", published: world.clock.now - 90_000)
        world.publish("newer", "Zeebank", published: world.clock.now - 80_000)
        let source = "  - { url: 'https://forum.example/feed', lookback: 1d }"
        try await world.run(sources: source) { (_, _) async throws in
            #expect(try world.mentionedEntries() == ["newer", "undated"])
        }
    }

    @Test func aMessageIsSignedAndSaysWhereTheWordsStand() async throws {
        try await world.run { (daemon, _) async throws in
            world.publish("1", "Bij &lt;b&gt;Zeebank&lt;/b&gt; en nog eens ZEEBANK")
            await world.pass(900, daemon)
            let request = try #require(world.web.requests.last)
            let message = try #require(try world.messages().first)
            let mention = try #require(message.data.mentions.first)
            #expect(mention.entry.text == "Bij Zeebank en nog eens ZEEBANK")
            #expect(mention.matches.map(\.text) == ["Zeebank", "ZEEBANK"])
            #expect(mention.matches.map(\.start) == [4, 24])
            #expect(mention.found == world.clock.now)

            func header(_ name: String) -> String { request.headers.first { $0.name == name }?.value ?? "" }
            let secret = try WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
            #expect(header("webhook-id") == message.data.alert.id)
            #expect(
                secret.verifies(
                    signatures: header("webhook-signature"), id: header("webhook-id"),
                    timestamp: Int(header("webhook-timestamp")) ?? 0, body: request.body))
        }
    }

    @Test func anEditAlertsOnlyWhenAWatchNewlyMatches() async throws {
        world.publish("1", "Mijn bank is traag")
        world.publish("2", "Zeebank is traag")
        try await world.run { (daemon, _) async throws in
            world.publish("3", "Zeebank")
            await world.pass(900, daemon)
            world.feed.withLock { items in
                for index in items.indices { items[index].text += " (bewerkt: Zeebank)" }
            }
            await world.pass(900, daemon)
            // 2 matched before the first poll, 3 was alerted; only 1 is newly about Zeebank.
            let mentions = try world.messages().flatMap(\.data.mentions)
            #expect(mentions.map(\.entry.id) == ["3", "1"])
            #expect(mentions.map(\.edited) == [false, true])
        }
    }

    @Test func aPollIsConditionalAndAnUnchangedBodyIsNotReadAgain() async throws {
        world.publish("1", "Zeebank")
        try await world.run { (daemon, _) async throws in
            await world.pass(900, daemon)
            world.feedStatus.withLock { $0 = 304 }
            await world.pass(900, daemon)
            #expect(world.polls == 3)
            #expect(try world.messages().isEmpty)
        }
    }

    @Test func aRestartAsksNothingThatIsNotDueAndAlertsNothingTwice() async throws {
        try await world.run { (daemon, _) async throws in
            world.publish("1", "Zeebank")
            await world.pass(900, daemon)
        }
        let polls = world.polls
        try await world.run { (daemon, _) async throws in
            #expect(world.polls == polls)
            await world.pass(900, daemon)
            #expect(world.polls == polls + 1)
            #expect(try world.mentionedEntries() == ["1"])
            #expect(try world.journaledMentions().count == 1)
        }
    }

    @Test func entriesThatWereSeenBeforeMarksHadKeysAreKnown() async throws {
        world.publish("1", "Zeebank")
        try await world.run { (_, _) in }
        let feed = try world.readFeed()
        let path = world.folder.path + "/state/earshot.sqlite"
        let before = try SQLiteStore(path: path, executor: QueueExecutor(label: "test.store"))
        var state = try await before.state(of: 1)
        state.reading?.seen = SeenEntries(key: nil, marks: feed.marks(keyedBy: nil, hasAliases: true))
        var change = Change()
        change.visits = [state]
        try await before.commit(change)
        await before.close()

        world.publish("2", "Iets anders")
        try await world.run { (daemon, _) in await world.pass(900, daemon) }
        let after = try SQLiteStore(path: path, executor: QueueExecutor(label: "test.store"))
        state = try await after.state(of: 1)
        #expect(state.outcome == "2 entries, 1 new, 0 mentions")
        #expect(state.reading?.seen.key != nil && state.reading?.seen.marks.count == 2)
        await after.close()
    }

    @Test func aMentionIsForgottenAfterFourHundredDays() async throws {
        var ids: [String] = []
        try await world.run { (daemon, _) async throws in
            for (number, days) in [1.0, 399, 2].enumerated() {
                world.publish("\(number)", "Zeebank \(number)")
                await world.pass(days * 86_400, daemon)
            }
            ids = try world.journaledMentions().map(\.id)
        }
        try #require(ids.count == 3)
        let path = world.folder.path + "/state/earshot.sqlite"
        let store = try SQLiteStore(path: path, executor: QueueExecutor(label: "test.store"))
        #expect(try await store.unknown(among: ids) == [ids[0]])
        await store.close()
    }

    @Test func aReceiverThatIsDownGetsEverythingInTheSchedulesTime() async throws {
        world.receiverStatus.withLock { $0 = 503 }
        try await world.run { (daemon, _) async throws in
            for number in 1...3 {
                world.publish("\(number)", "Zeebank \(number)")
                await world.pass(900, daemon)
            }
            let refused = try world.messages()
            world.receiverStatus.withLock { $0 = 200 }
            // The longest wait of these attempts is half an hour.
            await world.pass(1_800, daemon)
            await world.pass(1_800, daemon)
            let delivered = try world.messages().dropFirst(refused.count)
            // Left alone after a few failures, it was not even shown the last one.
            #expect(Set(delivered.map(\.data.alert.id)).isSuperset(of: refused.map(\.data.alert.id)))
            #expect(delivered.count == 3)
            #expect(Set(try world.mentionedEntries()) == ["1", "2", "3"])
        }
    }

    @Test func theRetryScheduleIsKeptToTheSecond() async throws {
        world.receiverStatus.withLock { $0 = 500 }
        try await world.run { (daemon, _) async throws in
            world.publish("1", "Zeebank")
            await world.pass(900, daemon)
            #expect(try world.messages().count == 1)
            for (number, wait) in [5.0, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400].enumerated() {
                await world.pass(wait - 1, daemon)
                #expect(try world.messages().count == number + 1)
                await world.pass(1, daemon)
                #expect(try world.messages().count == number + 2)
            }
            await world.pass(10 * 86_400, daemon)
            #expect(try world.messages().count == 10)
            #expect(Set(try world.messages().map(\.data.alert.id)).count == 1)
            let verdicts = try world.journal().compactMap {
                if case .delivery(let report) = $0.happening { report.verdict } else { nil }
            }
            #expect(verdicts == Array(repeating: "retry", count: 9) + ["parked"])
        }
    }

    @Test func aReceiverThatIsGoneGetsNothingMoreUntilAReload() async throws {
        world.receiverStatus.withLock { $0 = 410 }
        try await world.run { (daemon, settings) async throws in
            world.publish("1", "Zeebank")
            await world.pass(900, daemon)
            world.publish("2", "Zeebank")
            await world.pass(900, daemon)
            #expect(try world.mentionedEntries() == ["1"])
            world.receiverStatus.withLock { $0 = 200 }
            try await daemon.start(settings)
            await daemon.settle()
            #expect(try world.mentionedEntries() == ["1", "2"])
        }
    }

    @Test func aFailingSourceIsAskedLessOftenAndSaidOnce() async throws {
        try await world.run { (daemon, _) async throws in
            world.feedStatus.withLock { $0 = 503 }
            // 15, 15, 30, 60 minutes apart.
            for wait in [900.0, 900, 1_800, 3_600] { await world.pass(wait, daemon) }
            #expect(world.polls == 5)
            world.feedStatus.withLock { $0 = 200 }
            await world.pass(7_200, daemon)
            #expect(world.polls == 6)
            let states = try world.journal().compactMap {
                if case .source(let report) = $0.happening { report.state } else { nil }
            }
            #expect(states == [.failing, .recovered])
        }
    }

    @Test func whatIsNoFeedIsAFailureThatLosesNothing() async throws {
        world.publish("1", "Zeebank")
        try await world.run { (daemon, _) async throws in
            world.publish("2", "Zeebank")
            let items = world.feed.withLock { items in
                defer { items = [] }
                return items
            }
            await world.pass(900, daemon)
            world.feed.withLock { $0 = items }
            await world.pass(1_800, daemon)
            #expect(try world.mentionedEntries() == ["2"])
        }
    }

    @Test func aReloadBringsNewSourcesAndWatchesAndKeepsTheOldOnes() async throws {
        try await world.run { (daemon, _) async throws in
            let settings = try world.settings(
                sources: """
                      - { url: 'https://forum.example/feed', interval: 15m }
                      - { url: 'https://blog.example/feed', interval: 15m }
                    """,
                watches: """
                      - { name: zeebank, query: zeebank }
                      - { name: storing, query: storing }
                    """)
            try await daemon.start(settings)
            await daemon.settle()
            #expect(world.web.requests.map(\.url) == ["https://forum.example/feed", "https://blog.example/feed"])
            world.publish("1", "Zeebank heeft een storing")
            await world.pass(900, daemon)
            #expect(Set(try world.journaledMentions().map(\.watch)) == ["zeebank", "storing"])
        }
    }

    @Test func aClockThatIsSetBackStopsNothing() async throws {
        try await world.run { (daemon, _) async throws in
            world.feedStatus.withLock { $0 = 503 }
            await world.pass(900, daemon)
            world.feedStatus.withLock { $0 = 200 }
            world.receiverStatus.withLock { $0 = 503 }
            world.publish("1", "Zeebank")
            await world.pass(900, daemon)
            #expect(try world.messages().count == 1)
            world.receiverStatus.withLock { $0 = 200 }
            world.clock.advance(by: -365 * 86_400)
            _ = await daemon.pulse()
            await daemon.settle()
            #expect(try world.messages().count == 2)
            world.publish("2", "Zeebank")
            await world.pass(900, daemon)
            #expect(try world.mentionedEntries() == ["1", "1", "2"])
        }
    }

    @Test func aReceiverWithoutRoomIsNotLookedAfterWithoutEnd() async throws {
        world.receiverStatus.withLock { $0 = 500 }
        try await world.run { (daemon, _) async throws in
            world.publish("1", "Zeebank")
            await world.pass(900, daemon)
            world.receiverStatus.withLock { $0 = 410 }
            world.publish("2", "Zeebank")
            await world.pass(900, daemon)
            let rings = world.clock.immediateRings
            await world.pass(86_400, daemon)
            #expect(world.clock.immediateRings == rings)
        }
    }

    @Test func entriesThatWereMissedAreSaidToBe() async throws {
        world.publish("1", "een")
        try await world.run { (daemon, _) async throws in
            world.feed.withLock { $0 = [World.Item(id: "9", text: "negen", published: nil)] }
            await world.pass(900, daemon)
            #expect(try world.troubles() == [.gap])
            // Too busy for its interval, it misses some at every poll.
            for number in 10..<20 {
                world.feed.withLock { $0 = [World.Item(id: "\(number)", text: "meer", published: nil)] }
                await world.pass(900, daemon)
            }
            #expect(try world.troubles() == [.gap])
            await world.pass(3 * 86_400, inStepsOf: 43_200, daemon)
            world.feed.withLock { $0 = [World.Item(id: "99", text: "laat", published: nil)] }
            await world.pass(900, daemon)
            #expect(try world.troubles().count { $0 == .gap } == 2)
        }
    }

    @Test func credentialsInAnAddressReachNeitherJournalNorPayload() async throws {
        let source = "  - { url: 'https://jan:geheim@forum.example/feed', interval: 15m }"
        try await world.run(sources: source) { (daemon, _) async throws in
            world.publish("1", "Zeebank")
            await world.pass(900, daemon)
            world.feedStatus.withLock { $0 = 500 }
            for _ in 1...3 { await world.pass(3_600, daemon) }
            #expect(try !world.folder.read("state/journal.jsonl").contains("geheim"))
            #expect(try world.messages().first?.data.mentions.first?.source.url == "https://forum.example/feed")
            #expect(world.web.requests.first?.url == "https://jan:geheim@forum.example/feed")
        }
    }
}
