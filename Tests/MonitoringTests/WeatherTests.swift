import Alerting
import Fetching
import Foundation
import Model
import Monitoring
import TestSupport
import Testing

/// Clocks that are set, networks that go, feeds that fall silent: nothing stalls, nothing rushes, nothing comes twice.
@Suite struct WeatherTests {
    private let world: World
    private let many = (1...300).map { "  - { url: 'https://host\($0).example/feed', interval: 1h }" }
        .joined(separator: "\n")

    init() throws {
        world = try World()
        world.publish("1", "een")
    }

    /// How many requests there were in each minute of `count`.
    private func minutes(_ count: Int, _ daemon: Daemon) async -> [Int] {
        var polls: [Int] = []
        for _ in 0..<count {
            let before = world.polls
            for _ in 0..<60 { await world.pass(1, daemon) }
            polls.append(world.polls - before)
        }
        return polls
    }

    @Test func aClockThatIsSetADayAheadAndBackBringsNoRushAndNoStandstill() async throws {
        let source = "  - { url: 'https://forum.example/feed', interval: 15m }\n"
        try await world.run(sources: source + many) { (daemon, _) async throws in
            _ = await minutes(1, daemon)
            world.publish("2", "Zeebank")
            await world.pass(86_400, daemon)
            _ = await daemon.pulse()
            let ahead = await minutes(10, daemon)
            // A hundred a second for three seconds, each once.
            #expect(ahead.reduce(0, +) <= 301)
            #expect(try world.mentionedEntries().filter { $0 == "2" }.count <= 301)
            let mentions = try world.messages().flatMap(\.data.mentions)
            #expect(Set(mentions.map(\.id)).count == mentions.count)
            world.clock.advance(by: -86_400)
            _ = await daemon.pulse()
            await daemon.settle()
            let back = await minutes(62, daemon)
            #expect(back.reduce(0, +) >= 301)
            #expect(back.allSatisfy { $0 <= 301 })
            #expect(try world.messages().flatMap(\.data.mentions).count == mentions.count)
        }
    }

    @Test func aCoolDownLastsNoLongerWhenTheClockIsSetBack() async throws {
        let source = "  - { url: 'https://forum.example/feed', interval: 15m }"
        try await world.run(sources: source) { (daemon, _) async throws in
            world.script { request in
                .response(Response(status: 429, headers: [Header("Retry-After", "3600")], address: request.url))
            }
            await world.pass(43_200, daemon)
            world.script { _ in nil }
            world.clock.advance(by: -43_200)
            _ = await daemon.pulse()
            let before = world.polls
            await world.pass(3_500, inStepsOf: 10, daemon)
            #expect(world.polls == before)
            await world.pass(200, inStepsOf: 10, daemon)
            #expect(world.polls == before + 1)
        }
    }

    @Test func aRestartAfterADayAsksEachSourceOnceAndNotAllInOneSecond() async throws {
        try await world.run(sources: many) { (daemon, _) async throws in
            _ = await minutes(1, daemon)
        }
        world.clock.advance(by: 86_400)
        let before = world.polls
        try await world.run(sources: many) { (daemon, _) async throws in
            #expect(world.polls - before == 100)
            _ = await minutes(1, daemon)
            #expect(world.polls - before == 300)
        }
    }

    @Test func aNetworkThatIsGoneForAnHourCostsNoMoreThanThat() async throws {
        try await world.run { (daemon, _) async throws in
            world.script { _ in .failed(.nameNotFound) }
            await world.pass(3_600, inStepsOf: 60, daemon)
            let during = world.polls
            #expect((2...4).contains(during - 1))
            world.publish("2", "Zeebank")
            world.script { _ in nil }
            await world.pass(2 * 3_600, inStepsOf: 60, daemon)
            #expect(try world.mentionedEntries() == ["2"])
        }
    }

    @Test func aNetworkThatIsGoneForHoursIsNoFaultOfTheSources() async throws {
        try await world.run(sources: many) { (daemon, _) async throws in
            _ = await minutes(1, daemon)
            world.script { _ in .failed(.nameNotFound) }
            await world.pass(4 * 3_600, inStepsOf: 60, daemon)
            let status = try #require(try await daemon.sources(matching: "host42.", limit: 1).sources.first)
            #expect(status.reason == .offline)
            #expect(try world.troubles().isEmpty)
            world.publish("2", "Zeebank")
            world.script { _ in nil }
            let back = await minutes(6, daemon)
            // Everybody within minutes, and never more than a hundred a second.
            #expect(back.reduce(0, +) >= 295)
            #expect(try world.mentionedEntries().count >= 1)
        }
    }

    @Test func aNameServerThatIsDeadIsNoFaultOfASource() async throws {
        try await world.run { (daemon, _) async throws in
            world.script { _ in .failed(.nameServer("it does not answer")) }
            await world.pass(86_400, inStepsOf: 300, daemon)
            #expect(try world.troubles().isEmpty)
            world.publish("2", "Zeebank")
            world.script { _ in nil }
            await world.pass(600, inStepsOf: 300, daemon)
            #expect(try world.mentionedEntries() == ["2"])
        }
    }

    @Test func aNameThatCannotBeLookedUpWhileOthersAnswerIsItsSourcesTrouble() async throws {
        world.script { request in
            request.url.contains("broken") ? .failed(.nameServer("DNS server returned general failure")) : nil
        }
        let sources = ["broken", "a", "b"].map { "  - { url: 'https://\($0).example/feed', interval: 15m }" }
        try await world.run(sources: sources.joined(separator: "\n")) { (daemon, _) async throws in
            func broken() async throws -> SourceStatus {
                try #require(try await daemon.sources(matching: "broken", limit: 1).sources.first)
            }
            // It may be the name server, at first.
            let first = try await broken()
            #expect(first.reason == .offline && first.failures == 0)
            await world.pass(86_400, inStepsOf: 60, daemon)
            let last = try await broken()
            #expect(last.reason == .backoff && last.failures >= 5)
            #expect(try world.troubles() == [.failing])
            #expect(try await daemon.sources(matching: "", limit: 9).sources.count { $0.failures > 0 } == 1)
        }
    }

    @Test func aNameServerThatDiesUnderASourceThatFailsIsNotHeldAgainstIt() async throws {
        let isDead = Shared(false)
        world.script { request in
            if isDead.withLock({ $0 }) { return .failed(.nameServer("it does not answer")) }
            return request.url.contains("broken") ? .response(Response(status: 500, address: request.url)) : nil
        }
        let sources = ["broken", "a"].map { "  - { url: 'https://\($0).example/feed', interval: 15m }" }
        try await world.run(sources: sources.joined(separator: "\n")) { (daemon, _) async throws in
            isDead.withLock { $0 = true }
            await world.pass(86_400, inStepsOf: 60, daemon)
            let all = try await daemon.sources(matching: "", limit: 9).sources
            #expect(all.map(\.reason) == [.offline, .offline])
            #expect(all.map(\.failures) == [1, 0])
            #expect(try world.troubles().isEmpty)
        }
    }

    @Test func aNameServerThatIsDeadIsNoFaultOfASourceThoughTheUsersOwnMachineAnswers() async throws {
        world.script { request in
            request.url.contains("rss-bridge.lan") ? nil : .failed(.nameServer("it does not answer"))
        }
        let sources = """
              - { url: 'http://rss-bridge.lan/feed', interval: 15m }
              - { url: 'https://forum.example/feed', interval: 15m }
            """
        try await world.run(sources: sources) { (daemon, _) async throws in
            await world.pass(86_400, inStepsOf: 300, daemon)
            #expect(try world.troubles().isEmpty)
        }
    }

    @Test func aFeedThatFallsSilentIsToldOnceAndWhenItSpeaksAgain() async throws {
        let start = world.clock.now
        for day in 0..<60 { world.publish("d\(day)", "dagelijks", published: start - Double(60 - day) * 86_400) }
        try await world.run { (daemon, _) async throws in
            await world.pass(5 * 86_400, inStepsOf: 21_600, daemon)
            #expect(try world.troubles().isEmpty)
            await world.pass(20 * 86_400, inStepsOf: 21_600, daemon)
            #expect(try world.troubles() == [.silent])
            world.publish("nieuw", "er weer", published: world.clock.now)
            await world.pass(86_400, inStepsOf: 21_600, daemon)
            #expect(try world.troubles() == [.silent, .speaking])
        }
    }

    @Test func whatIsAskedFollowsWhatIsPublishedWithinTheBounds() async throws {
        world.script { [unowned world] request in
            // One publishes every ten minutes, the other did a month ago.
            let now = Int(world.clock.now.timeIntervalSince1970)
            let times =
                request.url.contains("busy") ? (0..<30).map { (now / 600 - $0) * 600 } : [now / 864_000 * 864_000]
            let items = times.map {
                World.Item(id: "\($0)", text: "x", published: Date(timeIntervalSince1970: Double($0)))
            }
            return world.feedResponse(200, [Header("ETag", "\"\(times[0])\"")], showing: items)
        }
        let sources = """
              - { url: 'https://busy.example/feed', floor: 10m, ceiling: 12h }
              - { url: 'https://quiet.example/feed', floor: 10m, ceiling: 12h }
            """
        try await world.run(sources: sources, polling: "{}") { (daemon, _) async throws in
            await world.pass(3 * 86_400, inStepsOf: 300, daemon)
            let busy = world.web.requests.count { $0.url.contains("busy") }
            let quiet = world.web.requests.count { $0.url.contains("quiet") }
            #expect((100...433).contains(busy))
            #expect((6...30).contains(quiet))
        }
    }

    @Test func aBudgetBoundsAllSourcesTogether() async throws {
        try await world.run(sources: many, polling: "{ budget: 600/h }") { (daemon, _) async throws in
            let polls = await minutes(10, daemon)
            #expect(polls.reduce(0, +) <= 102)
            #expect(polls.dropFirst().allSatisfy { (9...11).contains($0) })
        }
    }

    @Test func aSmallBudgetBoundsThemToo() async throws {
        try await world.run(sources: many, polling: "{ budget: 60/h }") { (daemon, _) async throws in
            let polls = await minutes(10, daemon)
            #expect((9...11).contains(polls.reduce(0, +)))
        }
    }
}
