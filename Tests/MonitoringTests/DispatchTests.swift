import Alerting
import Configuration
import Foundation
import Journaling
import Model
import Monitoring
import Storage
import TestSupport
import Testing

/// What a mention becomes between being found and being sent. The clock begins on Monday 2 March 2026 at 08:00 UTC.
@Suite struct DispatchTests {
    private let world: World

    init() throws {
        world = try World()
    }

    private static func receivers(_ manners: String = "") -> String {
        """
        receivers:
          - { name: webcare, webhook: { url: "https://hooks.example/x", secret_file: webcare.secret }\(manners) }
          - { name: night, webhook: { url: "https://hooks.example/night", secret_file: webcare.secret } }
        signals: [{ name: crisis, query: datalek, priority: high }, { name: outage, query: storing }]
        time_intervals:
          - name: office
            time_intervals: [{ times: [{ start_time: "09:00", end_time: "17:00" }] }]

        """
    }

    private func run(
        _ route: String, manners: String = "", _ body: (Daemon) async throws -> Void
    ) async throws {
        try await world.run(alerting: Self.receivers(manners) + route) { (daemon, _) async throws in
            try await body(daemon)
        }
    }

    private func reload(_ daemon: Daemon, _ route: String) async throws {
        let settings = try world.settings(
            sources: "  - { url: 'https://forum.example/feed', interval: 15m }",
            watches: "  - { name: zeebank, query: zeebank }", alerting: Self.receivers() + route)
        try await daemon.start(settings)
        await daemon.settle()
    }

    private func alerts() throws -> [Alert] {
        try world.messages().map(\.alert)
    }

    private func entries(_ alert: Alert) -> [String?] { alert.mentions.map(\.entry.id) }

    /// Every mention stands in exactly one alert or in one line that says why it was told to nobody.
    private func accounted() throws -> [String: Int] {
        var places: [String: Int] = [:]
        for event in try world.journal() {
            switch event.happening {
            case .alert(let report): for id in report.mentions { places[id, default: 0] += 1 }
            case .withheld(let report): places[report.mention, default: 0] += 1
            default: break
            }
        }
        return places
    }

    private func expectEveryMentionOnce() throws {
        let mentions = try world.journaledMentions().map(\.id)
        #expect(try accounted() == Dictionary(uniqueKeysWithValues: mentions.map { ($0, 1) }))
    }

    // MARK: Groups

    @Test func aGroupWaitsForOthersAndIsToldOnce() async throws {
        try await run("route: { receiver: webcare, group_by: [watch], group_wait: 20m, group_interval: 2h }") {
            daemon in
            world.publish("1", "Zeebank een")
            await world.pass(900, daemon)
            world.publish("2", "Zeebank twee")
            await world.pass(900, daemon)
            #expect(try alerts().isEmpty)
            await world.pass(300, daemon)
            #expect(try alerts().map(entries) == [["1", "2"]])
            #expect(try alerts().first?.group == ["watch": "zeebank"])
            world.publish("3", "Zeebank drie")
            await world.pass(900, daemon)
            await world.pass(3_600, daemon)
            #expect(try alerts().count == 1)
            await world.pass(3_600, daemon)
            #expect(try alerts().map(entries) == [["1", "2"], ["3"]])
            try expectEveryMentionOnce()
        }
    }

    /// The store has seconds since 1970, of which a `Double` holds fewer decimals than of those since 2001: nearly one
    /// time in four is stored as a later one.
    @Test func aLargeGroupIsToldWholeAlsoAtATimeThatIsStoredAsALaterOne() async throws {
        try await run("route: { receiver: webcare, group_wait: 20m, stories: each }") { (daemon) async throws in
            for number in 1...120 { world.publish("\(number)", "Zeebank \(number)") }
            await world.pass(900, daemon)
            let due = world.clock.now + 1_200
            let late = try #require(
                (0..<100).map { due + Double($0) / 8_388_608 }.first {
                    Date(timeIntervalSince1970: $0.timeIntervalSince1970) > $0
                })
            await world.pass(late.timeIntervalSince(world.clock.now), daemon)
            await world.pass(1, daemon)
            #expect(try alerts().map(\.mentions.count) == Array(repeating: 10, count: 12))
            try expectEveryMentionOnce()
        }
    }

    @Test func whatWaitsSurvivesARestartUnderTheSameIds() async throws {
        let route = "route: { receiver: webcare, group_wait: 20m }"
        try await run(route) { (daemon) async throws in
            world.publish("1", "Zeebank een")
            await world.pass(900, daemon)
        }
        #expect(try alerts().isEmpty)
        world.clock.advance(by: 3_600)
        try await run(route) { (daemon) async throws in
            #expect(try alerts().map(entries) == [["1"]])
            await world.pass(86_400, daemon)
            #expect(try alerts().count == 1)
            try expectEveryMentionOnce()
        }
    }

    @Test func everyMatchingRouteTellsForItself() async throws {
        let route = """
            route:
              receiver: webcare
              routes:
                - { matchers: [signal=outage], receiver: night, continue: true }
                - { matchers: ['title=~"x"'], receiver: none }
                - { matchers: [watch=zeebank] }
            """
        try await run(route) { (daemon) async throws in
            world.publish("1", "Zeebank heeft een storing")
            await world.pass(900, daemon)
            #expect(Set(try alerts().map(\.receiver)) == ["webcare", "night"])
            let told = try #require(try alerts().first { $0.receiver == "night" })
            #expect(told.route == #"signal="outage""#)
            #expect(told.mentions.first?.signals == [Mention.Signal(name: "outage", words: ["storing"])])
        }
    }

    // MARK: Hours

    @Test func whatComesAtNightIsHeldUntilTheWindowOpens() async throws {
        try await run("route: { receiver: webcare, active_time_intervals: [office] }") { (daemon) async throws in
            for number in 1...25 { world.publish("\(number)", "Zeebank \(number)") }
            await world.pass(900, daemon)
            #expect(try alerts().isEmpty)
            // 09:00.
            await world.pass(2_700, daemon)
            #expect(try alerts().map(\.mentions.count).sorted() == [5, 10, 10])
            world.publish("day", "Zeebank overdag")
            await world.pass(900, daemon)
            #expect(try alerts().last.map(entries) == ["day"])
            try expectEveryMentionOnce()
        }
    }

    @Test func whatIsDroppedOutsideTheHoursIsInTheJournal() async throws {
        try await run("route: { receiver: webcare, active_time_intervals: [office], on_inactive: drop }") {
            (daemon) async throws in
            world.publish("1", "Zeebank")
            await world.pass(900, daemon)
            await world.pass(7_200, daemon)
            #expect(try alerts().isEmpty)
            let withheld = try world.journal().compactMap {
                if case .withheld(let report) = $0.happening { report.reason } else { nil }
            }
            #expect(withheld == ["hours"])
        }
    }

    @Test func aCrisisPassesHoursAndDigest() async throws {
        let route = """
            route:
              receiver: webcare
              active_time_intervals: [office]
              digest: { every: 1d }
            """
        try await run(route, manners: ", rate_limit: 5/h") { (daemon) async throws in
            world.publish("1", "Zeebank is traag")
            world.publish("2", "Zeebank: datalek!")
            await world.pass(900, daemon)
            #expect(try alerts().map(entries) == [["2"]])
            #expect(try alerts().map(\.priority) == [.high])
            // The digest falls due at midnight, and waits for the hours.
            await world.pass(16 * 3_600, daemon)
            #expect(try alerts().count == 1)
            await world.pass(9 * 3_600, daemon)
            #expect(try alerts().map(\.kind) == [.mentions, .digest])
            try expectEveryMentionOnce()
        }
    }

    // MARK: Digests

    @Test func aDigestTellsTheTopAndCountsTheRest() async throws {
        try await run("route: { receiver: webcare, digest: { every: 4h, top: 2, empty: true } }") {
            (daemon) async throws in
            for number in 1...5 { world.publish("\(number)", "Zeebank \(number)") }
            world.publish("worst", "Zeebank heeft een storing")
            await world.pass(900, daemon)
            await world.pass(4 * 3_600 - 900, daemon)
            let digest = try #require(try alerts().first)
            #expect(digest.kind == .digest && digest.count == 6 && digest.mentions.count == 2)
            #expect(digest.mentions.first?.entry.id == "worst")
            await world.pass(4 * 3_600, daemon)
            await world.pass(4 * 3_600, daemon)
            #expect(try alerts().map(\.count) == [6, 0, 0])
            #expect(Set(try alerts().map(\.id)).count == 3)
            try expectEveryMentionOnce()
        }
    }

    // MARK: Stories

    private static let release = """
        Zeebank opent in het voorjaar een nieuw kantoor aan de haven van Oostende, zo meldt de bank vandaag. \
        Het kantoor krijgt twaalf loketten en blijft ook op zaterdag open voor klanten uit de hele regio.
        """

    @Test func copiesJoinTheAlertThatStillWaits() async throws {
        try await run("route: { receiver: webcare, group_wait: 1h }") { (daemon) async throws in
            world.publish("1", Self.release)
            await world.pass(900, daemon)
            for number in 2...15 { world.publish("\(number)", "\(Self.release) Bron \(number).") }
            await world.pass(900, daemon)
            await world.pass(3_600, daemon)
            let alert = try #require(try alerts().first)
            #expect(try alerts().count == 1)
            #expect(alert.count == 15 && entries(alert) == ["1"])
            let copies = try #require(alert.copies[alert.mentions[0].id])
            #expect(copies.count == 14 && copies.places.count == Told.places)
            try expectEveryMentionOnce()
        }
    }

    @Test func copiesOfWhatWasToldAreOnlyCountedAlsoAfterARestart() async throws {
        try await run("route: { receiver: webcare }") { (daemon) async throws in
            world.publish("1", Self.release)
            world.publish("2", Self.release + " Later bijgewerkt.")
            await world.pass(900, daemon)
            #expect(try alerts().map(\.count) == [2])
        }
        try await run("route: { receiver: webcare }") { (daemon) async throws in
            world.publish("3", "Havenkrant. " + Self.release)
            await world.pass(900, daemon)
            #expect(try alerts().count == 1)
            let stories = Set(try world.journaledMentions().map(\.story))
            #expect(stories.count == 1)
            world.publish("4", "Zeebank heeft vandaag een storing in de app en niemand weet waarom dat zo is")
            await world.pass(900, daemon)
            #expect(try alerts().count == 2)
            try expectEveryMentionOnce()
        }
    }

    @Test func aReplyThatQuotesAndHasMoreToSayIsNoCopy() async throws {
        try await run("route: { receiver: webcare }") { (daemon) async throws in
            world.publish("1", "Zeebank opent in het voorjaar een nieuw kantoor aan de haven van Oostende")
            await world.pass(900, daemon)
            world.publish(
                "2",
                """
                Zeebank opent in het voorjaar een nieuw kantoor aan de haven van Oostende: mooi, maar mij lossen ze niets \
                op, al drie weken wacht ik op een nieuwe pas en bij de klantenservice neemt niemand de telefoon op.
                """)
            await world.pass(900, daemon)
            #expect(try alerts().flatMap(entries) == ["1", "2"])
        }
    }

    @Test func aRouteMayTellEveryCopy() async throws {
        try await run("route: { receiver: webcare, stories: each }") { (daemon) async throws in
            world.publish("1", Self.release)
            world.publish("2", Self.release)
            await world.pass(900, daemon)
            #expect(try alerts().flatMap(entries).count == 2)
        }
    }

    // MARK: Rate limits

    @Test func whatComesBeyondALimitIsOneSummary() async throws {
        try await run("route: { receiver: webcare, group_by: [author] }", manners: ", rate_limit: 2/h") {
            (daemon) async throws in
            for number in 1...45 { world.publish("\(number)", "Zeebank \(number)") }
            await world.pass(900, daemon)
            #expect(try alerts().map(\.mentions.count) == [10, 10])
            world.publish("later", "Zeebank later")
            await world.pass(900, daemon)
            #expect(try alerts().count == 2)
            await world.pass(2_700, daemon)
            let summary = try #require(try alerts().last)
            #expect(summary.kind == .overflow && summary.count == 26 && summary.mentions.count == 10)
            world.publish("next", "Zeebank volgende")
            await world.pass(900, daemon)
            #expect(try alerts().last.map(entries) == ["next"])
            try expectEveryMentionOnce()
        }
    }

    /// A receiver that two routes send to, one of them only at noon, and that is down when its first summary comes.
    @Test func aMentionThatIsInTwoSummariesMakesThemNotOne() async throws {
        let route = """
              - name: noon
                time_intervals: [{ times: [{ start_time: "12:00", end_time: "17:00" }] }]
            route:
              receiver: none
              routes:
                - { receiver: webcare, matchers: [signal=outage], active_time_intervals: [noon], continue: true }
                - { receiver: webcare, matchers: [signal=crisis] }
            """
        try await run(route, manners: ", rate_limit: 1/h") { (daemon) async throws in
            func polls(_ count: Int) async { for _ in 0..<count { await world.pass(900, daemon) } }
            world.receiverStatus.withLock { $0 = 503 }
            world.publish("first", "Zeebank datalek")
            await polls(1)
            world.publish("both", "Zeebank storing en datalek")
            await polls(5)
            world.publish("noon", "Zeebank storing in de middag")
            await polls(8)
            world.publish("third", "Zeebank datalek, nog een")
            await polls(8)
            world.receiverStatus.withLock { $0 = 204 }
            await polls(96)
            let summaries = Dictionary(grouping: try alerts().filter { $0.kind == .overflow }, by: \.id)
            #expect(summaries.values.allSatisfy { Set($0.map(entries)).count == 1 })
            #expect(try alerts().flatMap(entries).contains("noon"))
        }
    }

    @Test func urgentCopiesJoinWhatWaitsForTheLimitOfTheirReceiver() async throws {
        try await run("route: { receiver: webcare }", manners: ", rate_limit: 5/h") { (daemon) async throws in
            for number in 1...4 { world.publish("\(number)", Self.release + " Na een datalek.") }
            await world.pass(900, daemon)
            #expect(try alerts().map(\.mentions.count) == [1])
            #expect(try alerts().first?.copies.values.map(\.count) == [3])
        }
    }

    // MARK: Reloads and clocks

    @Test func whatWaitsForARouteThatIsGoneGoesWhereTheNewRoutesSendIt() async throws {
        let old = """
            route:
              receiver: webcare
              routes: [{ matchers: [watch=zeebank], receiver: night, group_wait: 1d }]
            """
        try await run(old) { (daemon) async throws in
            world.publish("1", "Zeebank een")
            world.publish("2", "Zeebank twee")
            await world.pass(900, daemon)
            #expect(try alerts().isEmpty)
            try await reload(daemon, "route: { receiver: webcare }")
            #expect(try alerts().map(\.receiver) == ["webcare"])
            #expect(try alerts().map(entries) == [["2", "1"]])
            await world.pass(2 * 86_400, daemon)
            #expect(try alerts().count == 1)
            try expectEveryMentionOnce()
        }
    }

    @Test(arguments: [("group_wait: 1d", Alert.Kind.mentions), ("digest: { every: 1d }", .digest)])
    func whatWaitsForARouteThatIsGoneIsToldToWhomItWaitedForRatherThanToNobody(
        wait: String, kind: Alert.Kind
    ) async throws {
        let old = """
            route:
              receiver: webcare
              routes: [{ matchers: [watch=zeebank], receiver: night, \(wait) }]
            """
        try await run(old) { (daemon) async throws in
            world.publish("1", "Zeebank een")
            world.publish("2", "Zeebank twee")
            world.publish("3", "Zeebank drie: een storing")
            await world.pass(900, daemon)
            #expect(try alerts().isEmpty)
            try await reload(
                daemon, "route: { receiver: none, routes: [{ matchers: [signal=outage], receiver: webcare }] }")
            let told = try alerts().sorted { $0.receiver < $1.receiver }
            #expect(told.map(\.receiver) == ["night", "webcare"])
            #expect(told.map(\.kind) == [kind, .mentions])
            #expect(told.map { Set(entries($0)) } == [["1", "2"], ["3"]])
            await world.pass(2 * 86_400, daemon)
            #expect(try alerts().count == 2)
            try expectEveryMentionOnce()
        }
    }

    @Test func whatWaitsForAReceiverThatIsGoneIsParkedAlsoWhenNoneIsLeft() async throws {
        try await run("route: { receiver: webcare, group_wait: 1d }") { (daemon) async throws in
            world.publish("1", "Zeebank een")
            await world.pass(900, daemon)
            try await daemon.start(
                try world.settings(
                    sources: "  - { url: 'https://forum.example/feed', interval: 15m }",
                    watches: "  - { name: zeebank, query: zeebank }", alerting: ""))
            await daemon.settle()
            #expect(await daemon.pulse().parked == 1)
            #expect(try await daemon.backlog() == [Backlog(receiver: "webcare", queued: 0, parked: 1)])
            try await reload(daemon, "route: { receiver: webcare }")
            #expect(try alerts().map(entries) == [["1"]])
            try expectEveryMentionOnce()
        }
    }

    @Test func whatWaitsFollowsNewHours() async throws {
        try await run("route: { receiver: webcare, active_time_intervals: [office] }") { (daemon) async throws in
            world.publish("1", "Zeebank een")
            await world.pass(900, daemon)
            try await reload(daemon, "route: { receiver: webcare }")
            #expect(try alerts().map(entries) == [["1"]])
        }
    }

    @Test func aClockThatIsSetBackHoldsNothingForAYear() async throws {
        try await run("route: { receiver: webcare, group_wait: 1h }") { (daemon) async throws in
            world.publish("1", "Zeebank een")
            await world.pass(900, daemon)
            _ = await daemon.pulse()
            world.clock.advance(by: -365 * 86_400)
            _ = await daemon.pulse()
            await daemon.settle()
            await world.pass(3_600, daemon)
            #expect(try alerts().map(entries) == [["1"]])
        }
    }

    @Test func aSummaryIsNotPutOffByAClockThatIsSetBack() async throws {
        try await run("route: { receiver: webcare, group_by: [author] }", manners: ", rate_limit: 1/h") {
            (daemon) async throws in
            for number in 1...15 { world.publish("\(number)", "Zeebank \(number)") }
            await world.pass(900, daemon)
            #expect(try alerts().map(\.mentions.count) == [10])
            _ = await daemon.pulse()
            world.clock.advance(by: -20 * 86_400)
            _ = await daemon.pulse()
            await daemon.settle()
            await world.pass(3_600, daemon)
            #expect(try alerts().map(\.mentions.count) == [10, 5])
        }
    }

    @Test func whatADigestGatheredWaitsForTheHoursThatCameInItsPlace() async throws {
        func route(_ when: String) -> String {
            "route: { receiver: none, routes: [{ matchers: [watch=zeebank], receiver: webcare, \(when) }] }"
        }
        try await run(route("digest: { every: 30m }")) { (daemon) async throws in
            world.publish("1", "Zeebank een")
            await world.pass(900, daemon)
            try await reload(daemon, route("active_time_intervals: [office]"))
            await world.pass(2_699, daemon)
            #expect(try alerts().isEmpty)
            await world.pass(1, daemon)
            #expect(try alerts().map(\.kind) == [.digest])
            #expect(try alerts().first?.route == #"watch="zeebank""#)
            try expectEveryMentionOnce()
        }
    }

    // MARK: Trouble with sources

    @Test func howManyPollsFailBeforeAPersonIsToldIsTheirChoice() async throws {
        let route = "route: { receiver: webcare }\nsource_trouble: { receiver: night, failures: 5 }"
        let sources = "  - { url: 'https://forum.example/feed', interval: 15m }"
        try await world.run(sources: sources, alerting: Self.receivers() + route) { (daemon, _) async throws in
            world.feedStatus.withLock { $0 = 503 }
            for wait in [900.0, 900, 1_800, 3_600, 60] { await world.pass(wait, daemon) }
            #expect(try alerts().isEmpty)
            for wait in [7_200.0, 60] { await world.pass(wait, daemon) }
            #expect(try alerts().map { $0.sources.map(\.state) } == [[.failing]])
            world.feedStatus.withLock { $0 = 200 }
            for wait in [86_400.0, 60] { await world.pass(wait, daemon) }
            #expect(try alerts().last?.sources.map(\.state) == [.recovered])
        }
    }

    @Test func sourcesInTroubleAreToldTogether() async throws {
        let route = "route: { receiver: webcare }\nsource_trouble: { receiver: night }"
        let sources = """
              - { url: 'https://forum.example/feed', interval: 15m }
              - { url: 'https://krant.example/feed', interval: 15m }
            """
        try await world.run(sources: sources, alerting: Self.receivers() + route) { (daemon, _) async throws in
            world.feedStatus.withLock { $0 = 503 }
            for wait in [900.0, 900, 1_800, 60] { await world.pass(wait, daemon) }
            let alert = try #require(try alerts().first)
            #expect(alert.kind == .source && alert.receiver == "night" && alert.count == 2)
            #expect(Set(alert.sources.map(\.url)) == ["https://forum.example/feed", "https://krant.example/feed"])
            #expect(alert.sources.map(\.state) == [.failing, .failing])
            #expect(try alerts().count == 1)
            world.feedStatus.withLock { $0 = 200 }
            for wait in [3_600.0, 7_200, 900] { await world.pass(wait, daemon) }
            #expect(try alerts().last?.sources.map(\.state) == [.recovered, .recovered])
        }
    }
}
