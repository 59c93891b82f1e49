// A forum, a review site and a forum's JSON, served by a real nginx and changing: what is new on them is a mention at
// the next poll, once, and an edit is an edit.

import Configuration
import Fetching
import Foundation
import Journaling
import Logging
import Model
import Monitoring
import TestSupport
import Testing

@Suite struct PageSourceTests {
    private let folder: TemporaryFolder
    private let clock = ManualClock()

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Runs a daemon on files that nginx serves; every step changes them and lets an hour pass.
    private func run(sources: String, steps: [() throws -> Void]) async throws -> [Mention] {
        let site = folder.path + "/site"
        try await NginxServer.serving("root \(site); default_type text/html; etag off; if_modified_since off;") {
            server in
            let path = try folder.write(
                "earshot.yaml",
                """
                state: state
                polling: { interval: 1h, floor: 1m, allow_private_addresses: true }
                watches: [{ name: acme, query: 'acme' }, { name: bad, query: 'rating:<=2 AND acme' }]
                sources:
                \(sources.replacing("SITE", with: "http://127.0.0.1:\(server.port)"))
                """)
            let settings = try Settings.load(path, environment: [:])
            let queues = Daemon.Queues()
            let daemon = try await Daemon(
                settings: settings, queues: queues, clock: clock, transport: CurlTransport(executor: queues.network),
                log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, dice: { 0 })
            try await daemon.start(settings)
            await settle(daemon)
            for step in steps {
                try step()
                clock.advance(by: 3_700)
                await settle(daemon)
            }
            await daemon.stop(grace: 0)
        }
        return try mentions()
    }

    /// Waits until the polls that are due are over, with the pauses between their requests.
    private func settle(_ daemon: Daemon) async {
        for _ in 0..<10 {
            await daemon.settle()
            clock.advance(by: 1)
        }
        await daemon.settle()
    }

    private func journal() throws -> [JournalEvent] {
        try folder.read("state/journal.jsonl").split(separator: "\n").map {
            try JSONDecoder.earshot.decode(JournalEvent.self, from: Data($0.utf8))
        }
    }

    private func mentions() throws -> [Mention] {
        try journal().compactMap { if case .mention(let mention) = $0.happening { mention } else { nil } }
    }

    private func serve(_ name: String, _ text: String) throws {
        try folder.write("site/\(name)", text)
    }

    private func topic(_ posts: [(id: Int, author: String, text: String)], next: String = "") -> String {
        let items = posts.map { post in
            """
            <div id="p\(post.id)" class="post"><dl class="postprofile"><dt><a class="username" href="#">\(post.author)</a></dt></dl>
            <div class="postbody"><p class="author"><time datetime="2024-05-01T10:00:00+00:00">then</time></p>
            <div class="content">\(post.text)</div></div></div>
            """
        }
        return "<html lang=\"en\"><body id=\"phpbb\"><h2 class=\"topic-title\">Bikes</h2>\(items.joined())\(next)"
            + "<i>\(UUID())</i></body></html>"
    }

    @Test func aForumsNewPostsAreMentionsOnceAndItsEditsAreEdits() async throws {
        try serve("topic.html", topic([(1, "jan", "I like acme."), (2, "piet", "I do not.")]))
        let found = try await run(
            sources: "  - { url: 'SITE/topic.html', kind: page }",
            steps: [
                {
                    try serve(
                        "topic.html", topic([(1, "jan", "I like acme."), (2, "piet", "Nor."), (3, "eva", "Acme?")]))
                },
                {
                    try serve(
                        "topic.html", topic([(1, "jan", "I like acme."), (2, "piet", "Acme!"), (3, "eva", "Acme?")]))
                },
                {
                    try serve(
                        "topic.html", topic([(1, "jan", "I like acme!"), (2, "piet", "Acme!"), (3, "eva", "Acme?")]))
                },
            ])
        #expect(found.map(\.entry.id) == ["p3", "p2"])
        #expect(found.map(\.edited) == [false, true])
        #expect(found.map(\.entry.author) == ["eva", "piet"])
        #expect(found.map(\.entry.kind) == [.forum, .forum])
        #expect(found.map(\.entry.thread) == ["Bikes", "Bikes"])
        #expect(found.first?.entry.link?.hasSuffix("/topic.html#p3") == true)
    }

    @Test func aReviewSitesNewReviewsAreMentionsWithTheirStars() async throws {
        func page(_ reviews: [String]) -> String {
            """
            <html lang="nl"><body><script type="application/ld+json">{"@type":"Product","name":"Acme bike","review":[\(
                reviews.joined(separator: ","))]}</script></body></html>
            """
        }
        func review(_ author: String, _ stars: Int, _ text: String, scale: Int = 5) -> String {
            """
            {"@type":"Review","author":{"name":"\(author)"},"datePublished":"2024-05-01T10:00:00Z","reviewBody":"\(text)",\
            "reviewRating":{"ratingValue":\(stars),"bestRating":\(scale)}}
            """
        }
        try serve("product.html", page([review("jan", 5, "Acme is fine.")]))
        let found = try await run(
            sources: "  - { url: 'SITE/product.html', kind: auto }",
            steps: [
                {
                    try serve(
                        "product.html",
                        page([review("eva", 3, "Acme broke.", scale: 10), review("jan", 5, "Acme is fine.")]))
                }, {},
            ])
        #expect(found.map(\.watch).sorted() == ["acme", "bad"])
        #expect(found.allSatisfy { $0.entry.author == "eva" && $0.entry.rating == 1.5 && $0.entry.kind == .review })
        #expect(found.first?.entry.thread == "Acme bike")
    }

    @Test func aForumsJSONIsReadLikeItsPages() async throws {
        func posts(_ items: [(id: Int, text: String)]) -> String {
            let list = items.map {
                #"{"id":\#($0.id),"username":"jan","topic_title":"Bikes","cooked":"<p>\#($0.text)</p>","created_at":"2024-05-01T10:00:00Z","reply_to_post_number":2}"#
            }
            return #"{"latest_posts":[\#(list.joined(separator: ","))]}"#
        }
        try serve("posts.json", posts([(1, "old acme")]))
        let found = try await run(
            sources: "  - { url: 'SITE/posts.json', kind: json, engine: discourse }",
            steps: [{ try serve("posts.json", posts([(2, "new acme"), (1, "old acme")])) }, {}])
        #expect(found.map(\.entry.id) == ["2"])
        #expect(found.first?.entry.replyTo == "2")
        #expect(found.first?.entry.link?.hasSuffix("/p/2") == true)
        #expect(found.first?.entry.thread == "Bikes")
    }

    @Test func aPageWithoutItemsIsWatchedLineByLine() async throws {
        try serve("news.html", "<body><h1>News</h1><p>Acme opens.</p><p>Weather: 12 degrees</p></body>")
        let found = try await run(
            sources: "  - { url: 'SITE/news.html', kind: page, watch: text }",
            steps: [
                { try serve("news.html", "<body><h1>News</h1><p>Acme opens.</p><p>Weather: 13 degrees</p></body>") },
                { try serve("news.html", "<body><h1>News</h1><p>Acme closes.</p><p>Acme opens.</p></body>") },
            ])
        #expect(found.map(\.entry.text) == ["Acme closes."])
    }

    @Test func robotsKeepsUsOffAPageAndSaysSo() async throws {
        try serve("robots.txt", "User-agent: *\nDisallow: /private")
        try serve("private.html", topic([(1, "jan", "acme")]))
        let found = try await run(
            sources: "  - { url: 'SITE/private.html', kind: page, lookback: 3000d }", steps: [{}, {}, {}, {}])
        #expect(found.isEmpty)
        #expect("\(PollOutcome.Failure.disallowed)".contains("robots.txt"))
    }

    @Test func laterPagesAreReadByTheirLinkAsFarAsTheConfigurationSays() async throws {
        func next(_ page: Int) -> String {
            "<div class=pagination><ul><li class=next><a href='t\(page).html'>n</a></li></ul></div>"
        }
        try serve("t1.html", topic([(1, "jan", "one")], next: next(2)))
        try serve("t2.html", topic([(2, "jan", "two")], next: next(3)))
        try serve("t3.html", topic([(3, "jan", "three")], next: next(4)))
        try serve("t4.html", topic([(4, "jan", "four")]))
        let found = try await run(
            sources: "  - { url: 'SITE/t1.html', kind: page, pages: 3 }",
            steps: [
                {
                    try serve("t3.html", topic([(3, "jan", "three"), (31, "eva", "acme")], next: next(4)))
                    try serve("t4.html", topic([(4, "jan", "four"), (41, "eva", "acme")]))
                }, {},
            ])
        #expect(found.map(\.entry.id) == ["p31"])
    }

    @Test func anEntrysOwnPageGivesTheTextThatItsFeedCutOff() async throws {
        func feed(_ items: [Int]) -> String {
            let list = items.map {
                "<item><guid>\($0)</guid><title>Post \($0)</title><link>SITE/a\($0).html</link><description>It begins…</description></item>"
            }
            return "<rss version=\"2.0\"><channel><title>F</title>\(list.joined())</channel></rss>"
        }
        let article =
            #"<html><script type="application/ld+json">{"@type":"NewsArticle","headline":"Post 2","articleBody":"It begins and then it is all about Acme."}</script></html>"#
        try serve("a2.html", article)
        try serve("feed.xml", feed([1]))
        let found = try await run(
            sources: "  - { url: 'SITE/feed.xml', follow: true }",
            steps: [
                {
                    try serve("feed.xml", feed([2, 1]).replacing("SITE", with: try site()))
                }, {},
            ])
        #expect(found.map(\.entry.id) == ["2"])
        #expect(found.first?.entry.text.contains("all about Acme") == true)
    }

    @Test func anEntryThatAFeedListsTwiceArrivesOnce() async throws {
        func feed(_ items: [(id: Int, times: Int)]) -> String {
            let list = items.map { item in
                String(
                    repeating: """
                        <item><guid>\(item.id)</guid><link>https://a.example/\(item.id)</link>
                        <title>Acme \(item.id)</title></item>
                        """, count: item.times)
            }
            return "<rss version='2.0'><channel>\(list.joined())</channel></rss>"
        }
        try serve("feed.xml", feed([(1, 1)]))
        let steps = [[(1, 2)], [(2, 2), (1, 2)], [(2, 1), (1, 1)], [(3, 1), (2, 3), (1, 2)]].map { items in
            { try serve("feed.xml", feed(items)) }
        }
        let found = try await run(sources: "  - { url: 'SITE/feed.xml' }", steps: steps)
        #expect(found.map(\.entry.id) == ["2", "3"])
    }

    @Test func aNewsSitemapsArticlesAreFollowedToTheirTexts() async throws {
        func sitemap(_ articles: [(name: String, title: String)], site: String) -> String {
            let list = articles.map {
                """
                <url><loc>\(site)/\($0.name).html</loc><news:news><news:publication><news:name>Krant</news:name>
                <news:language>nl</news:language></news:publication><news:title>\($0.title)</news:title>
                <news:publication_date>2025-06-02T11:30:00Z</news:publication_date></news:news></url>
                """
            }
            return """
                <?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
                xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\(list.joined())</urlset>
                """
        }
        try serve("old.html", "<article>Acme was founded.</article>")
        try serve("new.html", "<article>Acme calls its bikes back.</article>")
        try serve("news.xml", sitemap([("old", "Old")], site: "http://127.0.0.1"))
        let found = try await run(
            sources: "  - { url: 'SITE/news.xml', kind: auto, follow: true }",
            steps: [
                {
                    try serve(
                        "news.xml",
                        sitemap([("new", "Bikes"), ("also", "Acme in the title")], site: try site()))
                }, {},
            ])
        #expect(found.map(\.entry.title).sorted() == ["Acme in the title", "Bikes"])
        let bikes = try #require(found.first { $0.entry.title == "Bikes" })
        #expect(bikes.entry.text == "Acme calls its bikes back." && bikes.entry.kind == .news)
        #expect(bikes.entry.language == "nl" && bikes.entry.link?.hasSuffix("/new.html") == true)
    }

    /// The address that the configuration of this run has.
    private func site() throws -> String {
        let text = try folder.read("earshot.yaml")
        return text.firstMatch(of: /http:\/\/127\.0\.0\.1:\d+/).map { String($0.0) } ?? ""
    }
}
