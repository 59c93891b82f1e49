import Configuration
import Fetching
import Foundation
import Model
import Monitoring
import TestSupport
import Testing

/// What a site's owner sees of redirects, of robots.txt, and of the pages that entries lead to: never two requests at
/// once, and a pause after each.
@Suite struct FurtherRequestTests {
    private let world: World
    private let log = Shared<[(time: TimeInterval, url: String)]>([])

    init() throws {
        world = try World()
        world.publish("1", "een")
    }

    /// Has the web answer by `script`, and notes who is asked when.
    private func script(_ script: @escaping @Sendable (Request) -> FetchOutcome?) {
        let start = world.clock.now
        world.script { [world, log] request in
            let time = world.clock.now.timeIntervalSince(start)
            log.withLock { $0.append((time, request.url)) }
            return script(request)
        }
    }

    /// When the addresses with `part` in them were asked, in seconds since the start.
    private func times(_ part: String) -> [TimeInterval] {
        log.withLock { log in log.filter { $0.url.contains(part) }.map(\.time) }
    }

    private func redirect(to target: String, _ request: Request, status: Int = 302) -> FetchOutcome {
        .response(Response(status: status, headers: [Header("Location", target)], address: request.url))
    }

    private func page(_ text: String, _ request: Request) -> FetchOutcome {
        .response(Response(status: 200, body: Array(text.utf8), address: request.url))
    }

    @Test func aRedirectOnTheSameSiteWaitsForTheSitesPause() async throws {
        script { request in
            request.url.hasSuffix("/feed") ? redirect(to: "https://www.forum.example/rss", request) : nil
        }
        try await world.run { (daemon, _) async throws in
            #expect(times("/rss") == [])
            await world.pass(5, inStepsOf: 1, daemon)
            #expect(times("/rss") == [1])
        }
    }

    @Test func manyThatLeadToOneSiteAskItOneAfterTheOther() async throws {
        script { request in
            request.url.contains("lead") ? redirect(to: "https://hoster.com/all", request) : nil
        }
        let sources = (1...30).map { "  - { url: 'https://lead\($0).example/feed', interval: 1h }" }
        try await world.run(sources: sources.joined(separator: "\n")) { (daemon, _) async throws in
            await world.pass(40, inStepsOf: 1, daemon)
            let asked = times("hoster.com")
            #expect(asked.count == 30)
            #expect(zip(asked, asked.dropFirst()).allSatisfy { $1 - $0 >= 1 })
            #expect(
                try await daemon.sources(matching: "lead17.", limit: 1).sources.first?.outcome?.contains("1 new")
                    == true)
        }
    }

    @Test func whoeverIsLedToASiteThatRestsComesBackLaterAndIsNotBlamed() async throws {
        script { request in
            if request.url.contains("short") { return redirect(to: "https://hoster.com/all", request) }
            guard request.url.contains("hoster.com") else { return nil }
            return .response(Response(status: 429, headers: [Header("Retry-After", "600")], address: request.url))
        }
        let sources = (1...3).map { "  - { url: 'https://short\($0).example/feed', interval: 15m }" }
        try await world.run(sources: sources.joined(separator: "\n")) { (daemon, _) async throws in
            await world.pass(5, inStepsOf: 1, daemon)
            #expect(times("hoster.com").count == 1)
            let all = try await daemon.sources(matching: "short", limit: 3).sources
            #expect(all.count { $0.reason == .crowded && $0.failures == 0 } == 2)
            await world.pass(590, inStepsOf: 1, daemon)
            #expect(times("hoster.com").count == 1)
            await world.pass(1_000, inStepsOf: 1, daemon)
            #expect(times("hoster.com").count > 1)
        }
    }

    @Test func theFeedIsAskedAPauseAfterTheRobotsAndAsTheRobotsWant() async throws {
        script { request in
            if request.url.hasSuffix("/robots.txt") {
                return page("User-agent: *\nCrawl-delay: 20\nDisallow: /private", request)
            }
            return page("<body><h1>News</h1><p>Zeebank opens.</p></body>", request)
        }
        let sources = """
              - { url: 'https://forum.example/one', kind: page, watch: text, interval: 10m }
              - { url: 'https://forum.example/two', kind: page, watch: text, interval: 10m }
            """
        try await world.run(sources: sources) { (daemon, _) async throws in
            await world.pass(1_200, inStepsOf: 1, daemon)
            #expect(times("robots.txt") == [0])
            let asked = times("forum.example")
            #expect(asked.count >= 4)
            #expect(zip(asked, asked.dropFirst()).allSatisfy { $1 - $0 >= 20 })
        }
    }

    /// A feed of three entries, each with a page of its own.
    private func serveArticles(_ article: @escaping @Sendable (Request) -> FetchOutcome) {
        script { [world] request in
            if request.url.hasSuffix("/robots.txt") {
                return .response(Response(status: 404, address: request.url))
            }
            return request.url.hasSuffix("/feed") ? world.feedResponse() : article(request)
        }
    }

    private let following = "  - { url: 'https://forum.example/feed', interval: 15m, follow: true }"

    private func article(_ request: Request) -> FetchOutcome {
        let json = #"{"@type":"NewsArticle","headline":"Post","articleBody":"Een heel lang stuk over Zeebank."}"#
        return page("<html><script type=\"application/ld+json\">\(json)</script></html>", request)
    }

    @Test func theEntriesOwnPagesAreReadOneAfterTheOther() async throws {
        serveArticles { article($0) }
        try await world.run(sources: following) { (daemon, _) async throws in
            await world.pass(10, inStepsOf: 1, daemon)
            for id in ["a", "b", "c"] { world.publish(id, "begin…") }
            await world.pass(900, inStepsOf: 1, daemon)
            await world.pass(60, inStepsOf: 1, daemon)
            let asked = times("forum.example")
            // The feed twice, robots.txt, and three pages.
            #expect(asked.count == 6)
            #expect(zip(asked, asked.dropFirst()).allSatisfy { $1 - $0 >= 1 })
            #expect(Set(try world.mentionedEntries()) == ["a", "b", "c"])
        }
    }

    @Test func aSiteThatHasEnoughOfTheVisitsIsLeftAlone() async throws {
        serveArticles { request in
            .response(Response(status: 429, headers: [Header("Retry-After", "3000")], address: request.url))
        }
        try await world.run(sources: following) { (daemon, _) async throws in
            await world.pass(10, inStepsOf: 1, daemon)
            for id in ["a", "b", "c"] { world.publish(id, "Zeebank…") }
            await world.pass(960, inStepsOf: 1, daemon)
            let before = times("forum.example").count
            #expect(log.withLock { log in log.count { !$0.url.hasSuffix("/feed") && !$0.url.hasSuffix(".txt") } } == 1)
            // What the feed said counts all the same.
            #expect(Set(try world.mentionedEntries()) == ["a", "b", "c"])
            await world.pass(2_900, inStepsOf: 10, daemon)
            #expect(times("forum.example").count == before)
            await world.pass(900, inStepsOf: 10, daemon)
            #expect(times("forum.example").count > before)
        }
    }

    /// The feed is at www.forum.example, and leads to forum.example.
    private let elsewhere = """
          - { url: 'https://www.forum.example/feed', interval: 15m, follow: true }
          - { url: 'https://forum.example/other/feed', interval: 2m }
        """

    @Test func aHostThatHasEnoughOfTheVisitsHoldsUpNoOtherOfItsDomain() async throws {
        serveArticles { request in
            .response(Response(status: 429, headers: [Header("Retry-After", "86400")], address: request.url))
        }
        try await world.run(sources: elsewhere) { (daemon, _) async throws in
            await world.pass(10, inStepsOf: 1, daemon)
            world.publish("a", "Zeebank…")
            await world.pass(960, inStepsOf: 1, daemon)
            #expect(times("forum.example/a").count == 1)
            let (own, other) = (times("www.").count, times("/other").count)
            await world.pass(10_000, inStepsOf: 10, daemon)
            #expect(times("www.").count >= own + 10)
            #expect(times("/other").count == other)
        }
    }

    @Test func theRestOfAHostBeginsWhenItIsAskedForHoweverLongThePollLasts() async throws {
        script { [world] request in
            if request.url.hasSuffix("/robots.txt") { return page("User-agent: *\nCrawl-delay: 300", request) }
            if request.url.hasSuffix("/feed") { return world.feedResponse() }
            return .response(Response(status: 429, headers: [Header("Retry-After", "1000")], address: request.url))
        }
        try await world.run(sources: elsewhere) { (daemon, _) async throws in
            await world.pass(10, inStepsOf: 1, daemon)
            world.publish("a", "Zeebank…")
            world.publish("b", "Zeebank…")
            while times("forum.example/b").isEmpty, times("forum.example/a").isEmpty {
                await world.pass(1, inStepsOf: 1, daemon)
            }
            let refused = try #require(log.withLock { $0.last?.time })
            #expect(refused > 1_100)
            await world.pass(2_000, inStepsOf: 5, daemon)
            let later = log.withLock { log in log.filter { !$0.url.contains("www.") && $0.time > refused }.map(\.time) }
            #expect(later.first.map { (refused + 1_000...refused + 1_300).contains($0) } == true)
        }
    }

    @Test func whereASourceHasMovedTheRobotsOfItsNewSiteCount() async throws {
        let forbids = Shared(false)
        script { request in
            if request.url.hasSuffix("/robots.txt") {
                let closed = request.url.contains("new.") && forbids.current ? "/" : "/private"
                return page("User-agent: *\nDisallow: \(closed)", request)
            }
            return request.url.contains("old.")
                ? redirect(to: "https://new.example/list", request, status: 301)
                : page("<body><h1>News</h1><p>Zeebank opens.</p></body>", request)
        }
        let source = "  - { url: 'https://old.example/list', kind: page, watch: text, interval: 12h }"
        try await world.run(sources: source) { (daemon, _) async throws in
            await world.pass(4 * 86_400, inStepsOf: 60, daemon)
            #expect(times("new.example/list").count >= 5)
            let before = times("old.example").count
            forbids.withLock { $0 = true }
            await world.pass(2 * 86_400, inStepsOf: 60, daemon)
            #expect(times("old.example").count == before)
            let state = try await daemon.sources(matching: "old.example", limit: 1).sources.first
            #expect(state?.outcome == "\(PollOutcome.Failure.disallowed)")
        }
    }

    @Test func whatAPollWouldHaveBroughtThatWaitsWhenTheDaemonStopsIsBroughtByTheNext() async throws {
        serveArticles { article($0) }
        try await world.run(sources: following, endsScript: false) { (daemon, _) async throws in
            await world.pass(10, inStepsOf: 1, daemon)
            for id in ["a", "b", "c"] { world.publish(id, "begin…") }
            // The feed has been read, and the second of the three pages waits for its turn.
            while times("forum.example").count < 4 { await world.pass(1, daemon) }
            #expect(times("forum.example").last.map { $0 < 910 } == true)
        }
        #expect(try world.mentionedEntries().count < 3)
        try await world.run(sources: following) { (daemon, _) async throws in
            await world.pass(1_000, inStepsOf: 1, daemon)
            #expect(Set(try world.mentionedEntries()) == ["a", "b", "c"])
            #expect(try world.mentionedEntries().count == 3)
        }
    }
}
