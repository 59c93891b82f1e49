// `follow: true`: entries whose feed cuts them short are followed to their own pages, all of them, once each.

import Fetching
import Foundation
import Model
import Monitoring
import TestSupport
import Testing

@Suite struct FollowingTests {
    private let world: World
    /// Answers for articles by their number; a plain article about zeebank where there is none.
    private let articles = Shared<[String: FetchOutcome]>([:])
    private let robots = Shared("")

    private static let source = "  - { url: 'https://forum.example/feed', interval: 15m, follow: true }"

    init() throws {
        world = try World()
        let (articles, robots) = (articles, robots)
        world.script { request in
            if request.url.hasSuffix("/feed") { return nil }
            if request.url.hasSuffix("/robots.txt") {
                let text = robots.withLock { $0 }
                return .response(
                    Response(status: text.isEmpty ? 404 : 200, body: Array(text.utf8), address: request.url))
            }
            let name = request.url.split(separator: "/").last.map(String.init) ?? ""
            return articles.withLock { $0[name] } ?? Self.article(request.url)
        }
    }

    private static func article(_ url: String) -> FetchOutcome {
        let page = """
            <html><body><nav>Menu</nav><main><article><h1>Title</h1><p>It begins like this, and the rest is all about \
            Zeebank.</p></article></main></body></html>
            """
        return .response(Response(status: 200, body: Array(page.utf8), address: url))
    }

    private static func failure(_ status: Int) -> FetchOutcome { .response(Response(status: status)) }

    /// A poll, and the pauses between the pages that it asks for.
    private func pass(_ daemon: Daemon) async {
        await world.pass(940, daemon)
        await world.pass(60, inStepsOf: 1, daemon)
    }

    private func publish(_ names: [String], _ text: String = "It begins like this…") {
        for name in names { world.publish(name, text) }
    }

    /// How often an article was asked for.
    private func requests(_ name: String) -> Int {
        world.web.requests.count { $0.url.hasSuffix("/\(name)") }
    }

    private func asked() -> [String] {
        world.web.requests.map(\.url).filter { $0.contains("/a") }.compactMap { $0.split(separator: "/").last }
            .map(String.init)
    }

    private func mentioned() throws -> [String] {
        try world.journaledMentions().compactMap(\.entry.id)
    }

    @Test func whatIsOverTheBudgetOfOnePollIsFollowedAtLaterOnesThoughTheFeedShowsItNoMore() async throws {
        let names = (1...50).map { "a\($0)" }
        try await world.run(sources: Self.source) { daemon, _ in
            publish(names)
            await pass(daemon)
            #expect(Set(asked()).count == 20)
            // The feed has moved on, and then stays as it is.
            world.feed.withLock { $0 = [] }
            publish(["z"], "Nothing of interest")
            for _ in 0..<4 { await pass(daemon) }
        }
        #expect(asked().sorted() == names.sorted())
        #expect(try mentioned().sorted() == (names + ["z"]).sorted())
        let mention = try #require(try world.journaledMentions().first { $0.entry.id == "a50" })
        #expect(mention.entry.title == "Post a50" && mention.entry.text.contains("all about Zeebank"))
        #expect(mention.entry.link == "https://forum.example/a50" && !mention.entry.text.contains("Menu"))
    }

    @Test func whatWaitsSurvivesARestart() async throws {
        let names = (1...25).map { "a\($0)" }
        try await world.run(sources: Self.source, endsScript: false) { daemon, _ in
            publish(names)
            await pass(daemon)
        }
        // The feed stays as it is: only what the store kept can bring the rest.
        try await world.run(sources: Self.source) { daemon, _ in await pass(daemon) }
        #expect(try mentioned().sorted() == names.sorted())
        #expect(asked().count == 25)
    }

    @Test func aPageThatFailsIsAskedForAgainAndAtLastGivenUpAndTold() async throws {
        articles.withLock {
            $0 = ["a1": Self.failure(503), "a2": .failed(.timedOut(.waiting)), "a3": Self.failure(404)]
        }
        try await world.run(sources: Self.source) { daemon, _ in
            publish(["a1", "a2", "a3"])
            await pass(daemon)
            articles.withLock { $0["a1"] = nil }
            for _ in 0..<6 { await pass(daemon) }
        }
        #expect(try mentioned() == ["a1"])
        #expect(requests("a1") == 2 && requests("a2") == 5 && requests("a3") == 1)
        #expect(try world.troubles() == [.gap])
    }

    @Test func aServerThatHasHadEnoughIsLeftAloneUntilTheNextPoll() async throws {
        articles.withLock { $0 = ["a2": Self.failure(429)] }
        try await world.run(sources: Self.source) { daemon, _ in
            publish(["a3", "a2", "a1"])
            await pass(daemon)
            #expect(asked() == ["a1", "a2"])
            articles.withLock { $0 = [:] }
            await pass(daemon)
        }
        #expect(asked() == ["a1", "a2", "a3", "a2"])
        #expect(try world.journaledMentions().count == 3)
    }

    @Test func whatTheFeedItselfSaysIsToldAtOnceAndOnlyOnce() async throws {
        articles.withLock { $0 = ["a1": Self.failure(500)] }
        try await world.run(sources: Self.source) { daemon, _ in
            publish(["a1"], "Zeebank is in the excerpt already…")
            await pass(daemon)
            #expect(world.web.requests.count { $0.method == "POST" } == 1)
            articles.withLock { $0 = [:] }
            await pass(daemon)
        }
        #expect(requests("a1") == 2)
        #expect(try world.mentionedEntries() == ["a1"])
    }

    @Test func whatTheFeedItselfSaysWaitsForNoPageAndTheFeedIsPolledMeanwhile() async throws {
        robots.withLock { $0 = "User-agent: *\nCrawl-delay: 60" }
        let names = (1...40).map { "a\($0)" }
        try await world.run(sources: Self.source) { (daemon, _) async throws in
            publish(names)
            publish(["e1"], "Zeebank is in the excerpt already…")
            await world.pass(940, daemon)
            // The first page has not been asked for yet.
            #expect(asked().isEmpty)
            #expect(try world.mentionedEntries() == ["e1"])
            let polls = requests("feed")
            await world.pass(1_000, inStepsOf: 10, daemon)
            #expect(requests("feed") == polls + 1)
            #expect((10...16).contains(asked().count))
            for _ in 0..<5 { await world.pass(1_000, inStepsOf: 10, daemon) }
        }
        #expect(asked().sorted() == names.sorted())
        #expect(try mentioned().sorted() == (names + ["e1"]).sorted())
    }

    @Test func whatAPageSaidIsToldBeforeTheNextIsThere() async throws {
        robots.withLock { $0 = "User-agent: *\nCrawl-delay: 60" }
        try await world.run(sources: Self.source, endsScript: false) { (daemon, _) async throws in
            publish(["a3", "a2", "a1"])
            await world.pass(940, daemon)
            await world.pass(90, inStepsOf: 10, daemon)
            #expect(asked() == ["a1"])
            #expect(try world.mentionedEntries() == ["a1"])
        }
        // Stopped in between: each is asked for, and told, once.
        try await world.run(sources: Self.source) { daemon, _ in
            await world.pass(2_000, inStepsOf: 10, daemon)
        }
        #expect(asked() == ["a1", "a2", "a3"])
        #expect(try mentioned() == ["a1", "a2", "a3"])
    }

    /// Five entries, two of whose pages are read by the time that another configuration comes.
    private func reload(_ source: String, _ watch: String) async throws {
        robots.withLock { $0 = "User-agent: *\nCrawl-delay: 60" }
        let names = (1...5).map { "a\($0)" }
        try await world.run(sources: Self.source) { (daemon, _) async throws in
            publish(names)
            await world.pass(940, daemon)
            while asked().count < 2 { await world.pass(10, daemon) }
            try await daemon.start(try world.settings(sources: source, watches: "  - { name: new, query: \(watch) }"))
            await world.pass(400, inStepsOf: 10, daemon)
        }
    }

    @Test func pagesThatComeAfterAReloadAreReadByTheNewWatches() async throws {
        try await reload(Self.source, "'\"the rest\"'")
        #expect(asked() == ["a5", "a4", "a3", "a2", "a1"])
        #expect(try world.journaledMentions().map(\.watch) == ["zeebank", "zeebank", "new", "new", "new"])
    }

    @Test func pagesOfASourceThatIsNotFollowedAnyMoreAreNotAskedFor() async throws {
        try await reload("  - { url: 'https://forum.example/feed', interval: 15m }", "zeebank")
        #expect(asked().count <= 3)
        #expect(try world.journaledMentions().map(\.watch) == ["zeebank", "zeebank"])
    }

    @Test func pagesOfASourceThatIsNotWatchedAnyMoreAreNotAskedFor() async throws {
        try await reload("  - { url: 'https://other.example/feed', interval: 15m }", "zeebank")
        #expect(asked().count == 2)
        #expect(try world.journaledMentions().map(\.watch) == ["zeebank", "zeebank"])
    }

    @Test func aSiteThatIsAlwaysAskedTooMuchHoldsUpNoOthersAndIsGivenUpAtLast() async throws {
        // A feed of links elsewhere, most of them to one site that never has a turn for us.
        let links = (1...30).map { "https://never.example/n\($0)" } + ["https://other.example/a1"]
        let entries = Shared(links)
        world.script { request in
            if request.url.hasSuffix("/feed") {
                let items = entries.withLock { $0 }.map { link in
                    """
                    <item><guid>\(link)</guid><title>Post</title><description>It begins like this…</description>\
                    <link>\(link)</link></item>
                    """
                }
                let feed = "<rss version=\"2.0\"><channel><title>Links</title>\(items.joined())</channel></rss>"
                return .response(Response(status: 200, body: Array(feed.utf8), address: request.url))
            }
            if request.url.hasSuffix("/robots.txt") { return .response(Response(status: 404, address: request.url)) }
            if request.url.contains("never.example") {
                return .response(Response(status: 429, address: request.url))
            }
            return Self.article(request.url)
        }
        entries.withLock { $0 = [] }
        try await world.run(sources: Self.source) { (daemon, _) async throws in
            entries.withLock { $0 = links }
            await world.pass(940, daemon)
            await world.pass(60, inStepsOf: 1, daemon)
            #expect(try mentioned() == ["https://other.example/a1"])
            #expect(world.web.requests.count { $0.url.contains("never.example/n") } == 1)
            await world.pass(4 * 86_400, inStepsOf: 3_600, daemon)
            #expect(try world.troubles().count { $0 == .gap } == 1)
            let asked = world.web.requests.count
            await world.pass(7_200, inStepsOf: 900, daemon)
            // Nobody asks for them any more.
            #expect(world.web.requests.dropFirst(asked).allSatisfy { $0.url.hasSuffix("/feed") })
        }
    }

    @Test func pagesThatKeepFailingAreToldOncePerEpisode() async throws {
        let failing = (1...7).map { "a\($0)" }
        articles.withLock { articles in for name in failing { articles[name] = Self.failure(503) } }
        try await world.run(sources: Self.source) { (daemon, _) async throws in
            for name in failing.prefix(6) {
                publish([name])
                await pass(daemon)
            }
            for _ in 0..<6 { await pass(daemon) }
            #expect(requests("a6") == 5)
            #expect(try world.troubles() == [.gap])
            await world.pass(4 * 86_400, inStepsOf: 3_600, daemon)
            publish(["a7"])
            for _ in 0..<8 { await pass(daemon) }
            #expect(try world.troubles() == [.gap, .gap])
        }
    }

    @Test func whatIsOlderThanTheFirstPollIsNotFollowed() async throws {
        publish(["a1", "a2"])
        try await world.run(sources: Self.source) { daemon, _ in
            publish(["a3"])
            await pass(daemon)
        }
        #expect(asked() == ["a3"])
    }

    @Test func robotsKeepsUsOffAnEntrysPageAndTheSourceSaysSo() async throws {
        robots.withLock { $0 = "User-agent: *\nDisallow: /a1" }
        var findings: String?
        try await world.run(sources: Self.source) { daemon, _ in
            publish(["a1", "a2"])
            await pass(daemon)
            findings = try await daemon.sources(matching: "", limit: 1).sources.first?.findings
        }
        #expect(asked() == ["a2"])
        #expect(try mentioned() == ["a2"])
        #expect(findings?.contains("1 closed pages") == true)
    }

    @Test func aLineThatGrowsWithoutEndIsCutAndSaysSo() async throws {
        try await world.run(sources: Self.source) { daemon, _ in
            publish((1...600).map { "a\($0)" })
            await pass(daemon)
        }
        #expect(asked().count == 20)
        #expect(try world.troubles() == [.gap])
    }
}
