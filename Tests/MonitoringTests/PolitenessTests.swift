import Alerting
import Configuration
import Fetching
import Foundation
import Model
import Monitoring
import TestSupport
import Testing

/// What a site's owner would see, over days, of the whole daemon.
@Suite struct PolitenessTests {
    private let world: World
    private let polite = "{}"
    private let plain = "  - { url: 'https://forum.example/feed' }"

    init() throws {
        world = try World()
        world.publish("1", "een")
    }

    private func sent(_ name: String, _ request: Request?) -> String? {
        request?.headers.first { $0.isNamed(name) }?.value
    }

    private func asked(_ part: String) -> Int {
        world.web.requests.count { $0.url.contains(part) }
    }

    // MARK: Validators

    @Test func bothValidatorsGoBackAsTheyCameAndAsAPair() async throws {
        let answers: [FetchOutcome] = [
            world.feedResponse(200, [Header("ETag", "W/\"a b\""), Header("Last-Modified", "gisteren")]),
            // The same body under other validators, of which one is missing.
            world.feedResponse(200, [Header("ETag", "\"2\"")]), world.feedResponse(304), world.feedResponse(429),
            world.feedResponse(304, [Header("ETag", "\"3\"")]), world.feedResponse(304),
        ]
        let count = Shared(0)
        world.script { _ in
            count.withLock { count in
                count += 1
                return answers[min(count, answers.count) - 1]
            }
        }
        try await world.run(endsScript: false) { (daemon, _) async throws in
            for _ in 1...4 { await world.pass(3_600, daemon) }
        }
        // And after a restart.
        try await world.run { (daemon, _) async throws in
            for _ in 1...3 { await world.pass(7_200, daemon) }
        }
        let etags = world.web.requests.map { sent("If-None-Match", $0) }
        #expect(Array(etags.prefix(7)) == [nil, "W/\"a b\"", "\"2\"", "\"2\"", "\"2\"", "\"2\"", "\"2\""])
        let dates = world.web.requests.map { sent("If-Modified-Since", $0) }
        #expect(Array(dates.prefix(3)) == [nil, "gisteren", nil])
    }

    @Test func aLastModifiedOfTheFarFutureIsNotBelieved() async throws {
        let last = Header("Last-Modified", "Tue, 19 Jan 2038 03:14:07 GMT")
        world.script { [unowned world] _ in world.feedResponse(200, [Header("ETag", "\"1\""), last]) }
        try await world.run { (daemon, _) async throws in
            await world.pass(3_600, daemon)
            #expect(sent("If-None-Match", world.web.requests.last) == "\"1\"")
            #expect(sent("If-Modified-Since", world.web.requests.last) == nil)
        }
    }

    /// As from a server that goes by the date alone and tells the entity tag of a document that it does not send.
    @Test func unchangedBringsNoValidatorsOfADocumentThatWasNotSeen() async throws {
        let isNew = Shared(false)
        world.script { [unowned world, sent] request in
            guard isNew.withLock({ $0 }) else { return world.feedResponse(200, [Header("ETag", "\"1\"")]) }
            if sent("If-None-Match", request) == "\"2\"" { return world.feedResponse(304) }
            if world.polls == 2 {
                let last = Header("Last-Modified", "Tue, 19 Jan 2038 03:14:07 GMT")
                return world.feedResponse(304, [Header("ETag", "\"2\""), last])
            }
            return world.feedResponse(200, [Header("ETag", "\"2\"")])
        }
        try await world.run { (daemon, _) async throws in
            world.publish("2", "Zeebank")
            isNew.withLock { $0 = true }
            await world.pass(900, daemon)
            await world.pass(900, daemon)
            #expect(sent("If-Modified-Since", world.web.requests.last { $0.method == "GET" }) == nil)
            #expect(try world.mentionedEntries() == ["2"])
        }
    }

    @Test func aServerThatIsStuckOnUnchangedIsAskedForTheWholeOnceAWeek() async throws {
        world.script { [unowned world, sent] request in
            sent("If-None-Match", request) == nil
                ? world.feedResponse(200, [Header("ETag", "\"1\"")]) : world.feedResponse(304)
        }
        try await world.run { (daemon, _) async throws in
            await world.pass(15 * 86_400, inStepsOf: 3_600, daemon)
            let whole = world.web.requests.count { sent("If-None-Match", $0) == nil }
            #expect(whole == 3)
            #expect(world.polls > 300)
        }
    }

    // MARK: How often

    @Test func byDefaultAFeedIsAskedOnceAnHourAndWithoutValidatorsOnceADay() async throws {
        world.script { [unowned world] request in
            // Something new every minute, as busy as feeds are.
            world.publish("\(request.url)\(world.clock.now.timeIntervalSince1970)", "twee", published: world.clock.now)
            let headers = request.url.contains("bare") ? [] : [Header("ETag", "\"\(world.polls)\"")]
            return world.feedResponse(200, headers)
        }
        let sources = "  - { url: 'https://forum.example/feed' }\n  - { url: 'https://bare.example/feed' }"
        try await world.run(sources: sources, polling: polite) { (daemon, _) async throws in
            #expect(asked("forum.example") == 1)
            #expect(asked("bare.example") == 1)
            await world.pass(4 * 86_400, inStepsOf: 600, daemon)
            #expect((80...97).contains(asked("forum.example")))
            #expect((4...5).contains(asked("bare.example")))
        }
    }

    @Test func aServerThatNeverSaysUnchangedIsAskedOnceADayToo() async throws {
        world.script { [unowned world] _ in world.feedResponse(200, [Header("ETag", "\"gzip-\(world.polls)\"")]) }
        try await world.run(sources: plain, polling: polite) { (daemon, _) async throws in
            await world.pass(86_400, inStepsOf: 600, daemon)
            let first = world.polls
            await world.pass(5 * 86_400, inStepsOf: 600, daemon)
            #expect((4...5).contains(world.polls - first))
        }
    }

    @Test func aLongMaxAgeIsHonoured() async throws {
        world.script { [unowned world] _ in
            world.feedResponse(200, [Header("Cache-Control", "max-age=7200"), Header("Age", "600")])
        }
        try await world.run { (daemon, _) async throws in
            await world.pass(6_500, inStepsOf: 100, daemon)
            #expect(world.polls == 1)
            await world.pass(200, inStepsOf: 100, daemon)
            #expect(world.polls == 2)
        }
    }

    @Test func everySourceCostsOneRequestToAdd() async throws {
        let sources = (1...20).map { "  - { url: 'https://host\($0).example/feed' }" }.joined(separator: "\n")
        try await world.run(sources: sources, polling: polite) { (daemon, _) async throws in
            await world.pass(3_000, inStepsOf: 60, daemon)
            #expect(world.polls == 20)
        }
    }

    // MARK: Sites

    /// Answers after the clock was moved on, so that requests of one site would overlap if they could.
    @Test func theSourcesOfASiteAreAskedOneAtATimeASecondApart() async throws {
        let times = Shared<[Date]>([])
        world.script { [unowned world] _ in
            times.withLock { $0.append(world.clock.now) }
            return nil
        }
        let sources = (1...10).map { "  - { url: 'https://blog\($0).github.io/feed' }" }.joined(separator: "\n")
        try await world.run(sources: sources) { (daemon, _) async throws in
            #expect(times.withLock { $0.count } == 1)
            await world.pass(30, inStepsOf: 0.5, daemon)
            let gaps = times.withLock { times in zip(times, times.dropFirst()).map { $1.timeIntervalSince($0) } }
            #expect(gaps.count == 9)
            #expect(gaps.allSatisfy { (1...2).contains($0) })
        }
    }

    @Test(arguments: [("93.184.215.14", true), ("127.0.0.1", false), ("192.168.1.20", false)])
    func sitesOnOneMachineAreAskedOneAtATimeIfItIsAStrangers(_ peer: String, _ isStrangers: Bool) async throws {
        let times = Shared<[Date]>([])
        world.script { [unowned world] request in
            times.withLock { $0.append(world.clock.now) }
            guard case .response(var response) = world.feedResponse() else { return nil }
            response.peer = peer
            response.address = request.url
            return .response(response)
        }
        let sources = (1...5).map { "  - { url: 'https://host\($0).example/feed', interval: 15m }" }
        try await world.run(sources: sources.joined(separator: "\n")) { (daemon, _) async throws in
            #expect(times.withLock { $0.count } == 5)
            await world.pass(900, inStepsOf: 900, daemon)
            await world.pass(20, inStepsOf: 0.5, daemon)
            let later = times.withLock { Array($0.dropFirst(5)) }
            #expect(later.count == 5)
            let gaps = zip(later, later.dropFirst()).map { $1.timeIntervalSince($0) }
            #expect(isStrangers ? gaps.allSatisfy { (1...2).contains($0) } : gaps.contains(0))
        }
    }

    @Test func aReloadForgetsNoAddress() async throws {
        let times = Shared<[Date]>([])
        world.script { [unowned world] request in
            times.withLock { $0.append(world.clock.now) }
            guard case .response(var response) = world.feedResponse() else { return nil }
            response.peer = "93.184.215.14"
            response.address = request.url
            return .response(response)
        }
        let sources = (1...5).map { "  - { url: 'https://host\($0).example/feed', interval: 15m }" }
        try await world.run(sources: sources.joined(separator: "\n")) { (daemon, settings) async throws in
            try await daemon.start(settings)
            await world.pass(900, inStepsOf: 900, daemon)
            #expect(times.withLock { $0.count } == 6)
        }
    }

    @Test func aThrottleBehindARedirectCoolsTheSiteThatSaidIt() async throws {
        world.script { request in
            if request.url.contains("short.example") {
                return .response(
                    Response(
                        status: 302, headers: [Header("Location", "https://a.hoster.com/feed")], address: request.url))
            }
            guard request.url.contains("a.hoster.com") else { return nil }
            return .response(Response(status: 429, headers: [Header("Retry-After", "7200")], address: request.url))
        }
        let sources = """
              - { url: 'https://short.example/feed', interval: 15m }
              - { url: 'https://b.hoster.com/feed', interval: 15m }
            """
        try await world.run(sources: sources) { (daemon, _) async throws in
            let before = asked("b.hoster.com")
            await world.pass(7_000, inStepsOf: 100, daemon)
            #expect(asked("a.hoster.com") == 1)
            #expect(asked("b.hoster.com") == before)
        }
    }

    @Test func oneThrottleCoolsTheWholeSiteAndNoOther() async throws {
        let isThrottling = Shared(true)
        world.script { request in
            guard request.url.contains("a.hoster.com"), isThrottling.withLock({ $0 }) else { return nil }
            return .response(
                Response(status: 429, headers: [Header("Retry-After", "7200")], address: request.url))
        }
        let hosts = ["a.hoster.com", "b.hoster.com", "c.other.com"]
        let sources = hosts.map { "  - { url: 'https://\($0)/feed', interval: 15m }" }.joined(separator: "\n")
        try await world.run(sources: sources) { (daemon, _) async throws in
            await world.pass(7_000, inStepsOf: 100, daemon)
            #expect(asked("a.hoster.com") == 1)
            #expect(asked("b.hoster.com") == 0)
            #expect(asked("c.other.com") == 8)
            isThrottling.withLock { $0 = false }
            await world.pass(1_200, inStepsOf: 1, daemon)
            #expect(asked("b.hoster.com") >= 1)
            #expect(asked("a.hoster.com") >= 2)
        }
    }

    @Test func aRestartDoesNotEndTheRestOfASite() async throws {
        world.script { request in
            guard request.url.contains("a.hoster.com") else { return nil }
            return .response(Response(status: 429, headers: [Header("Retry-After", "7200")], address: request.url))
        }
        let sources = ["a.hoster.com", "b.hoster.com", "c.other.com"]
            .map { "  - { url: 'https://\($0)/feed', interval: 15m }" }.joined(separator: "\n")
        try await world.run(sources: sources) { (daemon, _) async throws in
            #expect(asked("a.hoster.com") == 1)
            #expect(asked("b.hoster.com") == 0)
        }
        try await world.run(sources: sources) { (daemon, _) async throws in
            await world.pass(7_000, inStepsOf: 100, daemon)
            #expect(asked("hoster.com") == 1)
            #expect(asked("c.other.com") >= 7)
            world.script { _ in nil }
            await world.pass(400, inStepsOf: 1, daemon)
            #expect(asked("b.hoster.com") >= 1)
        }
    }

    /// The first of two sources of a site is told to come back in a minute, and is not due for a day.
    private func serveAShortRest() -> String {
        world.script { request in
            guard request.url.contains("a.hoster.com") else { return nil }
            return .response(Response(status: 429, headers: [Header("Retry-After", "60")], address: request.url))
        }
        return """
              - { url: 'https://a.hoster.com/feed', interval: 24h }
              - { url: 'https://b.hoster.com/feed', interval: 15m }
            """
    }

    @Test func aReloadStretchesNoRestOfASite() async throws {
        try await world.run(sources: serveAShortRest()) { (daemon, settings) async throws in
            await world.pass(1_900, inStepsOf: 10, daemon)
            #expect(asked("b.hoster.com") == 3)
            try await daemon.start(settings)
            await world.pass(900, inStepsOf: 10, daemon)
            #expect(asked("b.hoster.com") == 4)
            #expect(asked("a.hoster.com") == 1)
        }
    }

    @Test func aReloadKeepsARestThatTheSiteAskedFor() async throws {
        let sources = serveAShortRest()
        try await world.run(sources: sources) { (daemon, settings) async throws in
            try await daemon.start(settings)
            await world.pass(50, inStepsOf: 10, daemon)
            #expect(asked("b.hoster.com") == 0)
            await world.pass(30, inStepsOf: 10, daemon)
            #expect(asked("b.hoster.com") == 1)
        }
    }

    @Test func aRestartStretchesTheRestOfASiteToAnHourAtMost() async throws {
        let sources = serveAShortRest()
        try await world.run(sources: sources, endsScript: false) { _, _ in }
        try await world.run(sources: sources) { (daemon, _) async throws in
            await world.pass(3_700, inStepsOf: 10, daemon)
            #expect(asked("b.hoster.com") >= 1)
            #expect(asked("a.hoster.com") == 1)
        }
    }

    @Test func aPrivateHostIsNotCooledForOneOfItsBridges() async throws {
        world.script { request in
            guard request.url.contains("bridge=a") else { return nil }
            return .response(Response(status: 429, headers: [Header("Retry-After", "7200")], address: request.url))
        }
        let sources = ["a", "b"].map { "  - { url: 'http://rss-bridge.lan/?bridge=\($0)', interval: 15m }" }
        try await world.run(sources: sources.joined(separator: "\n")) { (daemon, _) async throws in
            await world.pass(7_000, inStepsOf: 100, daemon)
            #expect(asked("bridge=a") == 1)
            #expect(asked("bridge=b") == 8)
        }
    }

    @Test func redditIsAskedOnceAMinuteAndItsRefusalIsAThrottle() async throws {
        let times = Shared<[Date]>([])
        let refuses = Shared(false)
        world.script { [unowned world] request in
            times.withLock { $0.append(world.clock.now) }
            return refuses.withLock { $0 } ? .response(Response(status: 403, address: request.url)) : nil
        }
        let sources = (1...5).map { "  - { url: 'https://old.reddit.com/r/sub\($0)/.rss', interval: 1h }" }
        try await world.run(sources: sources.joined(separator: "\n")) { (daemon, _) async throws in
            await world.pass(300, inStepsOf: 1, daemon)
            let gaps = times.withLock { times in zip(times, times.dropFirst()).map { $1.timeIntervalSince($0) } }
            #expect(gaps == [60, 60, 60, 60])
            refuses.withLock { $0 = true }
            await world.pass(3_400, inStepsOf: 10, daemon)
            #expect(times.withLock { $0.count } == 6)
        }
    }

    // MARK: Failures

    @Test func aChallengeIsNamedAndLeftAloneForADay() async throws {
        world.script { request in
            .response(Response(status: 403, headers: [Header("cf-mitigated", "challenge")], address: request.url))
        }
        try await world.run { (daemon, _) async throws in
            await world.pass(86_000, inStepsOf: 1_000, daemon)
            #expect(world.polls == 1)
            let state = try await daemon.sources(matching: "forum.example", limit: 9).sources.first
            #expect(state?.outcome == "the server wants a browser (Cloudflare's challenge, 403)")
            #expect(state?.reason == .challenge)
        }
    }

    @Test func aSourceThatIsGoneIsToldOnceAndLeftAloneForAMonth() async throws {
        world.feedStatus.withLock { $0 = 410 }
        try await world.run { (daemon, _) async throws in
            await world.pass(29 * 86_400, inStepsOf: 86_400, daemon)
            #expect(world.polls == 1)
            await world.pass(40 * 86_400, inStepsOf: 86_400, daemon)
            #expect(world.polls == 3)
            #expect(try world.troubles() == [.gone])
        }
    }

    @Test func aFalseNotFoundForDaysEndsWithEverythingThatWasPublished() async throws {
        try await world.run { (daemon, _) async throws in
            world.feedStatus.withLock { $0 = 404 }
            await world.pass(5 * 86_400, inStepsOf: 3_600, daemon)
            world.publish("2", "Zeebank")
            world.feedStatus.withLock { $0 = 200 }
            await world.pass(86_400, inStepsOf: 3_600, daemon)
            #expect(try world.mentionedEntries() == ["2"])
            #expect(try world.troubles() == [.failing, .lost, .recovered])
        }
    }

    // MARK: Moves

    private func moving(_ status: Int, to target: String) {
        world.script { [unowned world] request in
            guard request.url.contains("forum.example") else {
                guard case .response(var response) = world.feedResponse() else { return nil }
                response.address = request.url
                return .response(response)
            }
            return .response(
                Response(status: status, headers: [Header("Location", target)], address: request.url))
        }
    }

    @Test func aPermanentMoveIsAdoptedAfterDaysAndTheSourceStaysItself() async throws {
        moving(301, to: "https://new.example/feed")
        let source = "  - { url: 'https://forum.example/feed', interval: 12h }"
        try await world.run(sources: source) { (daemon, _) async throws in
            await world.pass(2 * 86_400, inStepsOf: 43_200, daemon)
            #expect(asked("forum.example") == 5)
            await world.pass(2 * 86_400, inStepsOf: 43_200, daemon)
            #expect(asked("forum.example") == 7)
            #expect(try world.troubles() == [.moved])
            world.publish("2", "Zeebank")
            await world.pass(86_400, inStepsOf: 43_200, daemon)
            #expect(asked("forum.example") == 7)
        }
        try await world.run(sources: source) { (daemon, _) async throws in
            await world.pass(86_400, inStepsOf: 43_200, daemon)
            #expect(asked("forum.example") == 7)
            #expect(try world.mentionedEntries() == ["2"])
            #expect(try world.messages().first?.data.mentions.first?.source.url == "https://forum.example/feed")
        }
    }

    @Test func aTemporaryMoveIsNeverAdopted() async throws {
        moving(302, to: "https://new.example/feed")
        try await world.run { (daemon, _) async throws in
            await world.pass(10 * 86_400, inStepsOf: 43_200, daemon)
            #expect(asked("forum.example") == 21)
            #expect(try world.troubles().isEmpty)
        }
    }

    @Test func aMoveThatLeadsNowhereIsTakenBack() async throws {
        moving(301, to: "https://new.example/feed")
        let source = "  - { url: 'https://forum.example/feed', interval: 12h }"
        try await world.run(sources: source) { (daemon, _) async throws in
            await world.pass(4 * 86_400, inStepsOf: 43_200, daemon)
            #expect(try world.troubles() == [.moved])
            world.script { request in
                request.url.contains("new.example") ? .failed(.nameNotFound) : nil
            }
            await world.pass(8 * 86_400, inStepsOf: 43_200, daemon)
            #expect(world.web.requests.last?.url == "https://forum.example/feed")
            #expect(try world.troubles() == [.moved, .failing, .recovered])
        }
    }

    @Test func aSourceWithAPasswordStaysWhereItsPasswordBelongs() async throws {
        moving(301, to: "https://new.example/feed")
        let source = "  - { url: 'https://jan:geheim@forum.example/feed', interval: 12h }"
        try await world.run(sources: source) { (daemon, _) async throws in
            await world.pass(10 * 86_400, inStepsOf: 43_200, daemon)
            #expect(asked("forum.example") == 21)
            #expect(world.web.requests.filter { $0.url.contains("new.example") }.allSatisfy { !$0.url.contains("jan") })
        }
    }
}
