// `earshot inspect` and `earshot add`, as somebody uses them who has an address and nothing else: the real program,
// asking a real server.

import Configuration
import Fetching
import Foundation
import Model
import TestSupport
import Testing

@Suite struct InspectCommandTests {
    private let folder: TemporaryFolder
    private let configuration: String

    init() throws {
        folder = try TemporaryFolder()
        configuration = try folder.write(
            "earshot.yaml",
            """
            polling: { allow_private_addresses: true }
            watches: [{ name: acme, query: acme }]
            sources: []
            """)
    }

    private static let topic = """
        <html lang="en"><head><title>Bikes - Board</title></head><body id="phpbb"><h2 class="topic-title"><a>Bikes</a></h2>
        <div id="p11" class="post"><dl class="postprofile"><dt><a class="username">jan</a></dt></dl><p class="author">
        <time datetime="2025-06-01T10:00:00Z">then</time></p><div class="content">Acme squeaks.</div></div>
        <div id="p12" class="post"><dl class="postprofile"><dt><a class="username">eva</a></dt></dl><p class="author">
        <time datetime="2025-06-02T10:00:00Z">then</time></p><div class="content">Oil it.</div></div></body></html>
        """
    private static let feed = """
        <rss version="2.0"><channel><title>Bikes: "all" of it</title><item><guid>12</guid><title>Re: Bikes</title>
        <description>Oil it.</description></item></channel></rss>
        """
    private static let reviews = """
        <html lang="nl"><head><title>Acme reviews</title></head><body><div class="list">
        <div class="review" data-id="9"><b class="who">eva</b><i class="when">2 juni 2025</i><p>Slecht!</p><u title="2 van 10"></u></div>
        <div class="review" data-id="8"><b class="who">jan</b><i class="when">1 juni 2025</i><p>Prima.</p><u title="8 van 10"></u></div>
        </div></body></html>
        """

    /// Serves documents by their paths; the rest is not there.
    private func serving(_ documents: [String: String], _ body: (LoopbackServer) async throws -> Void) async throws {
        try await LoopbackServer.serving { request in
            let path = request.url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).last ?? ""
            guard let document = documents["/\(path)"] else { return Response(status: 404) }
            return Response(status: 200, body: Array(document.utf8))
        } _: { server in
            try await body(server)
        }
    }

    private func run(_ arguments: String...) async throws -> (code: Int32, output: String, errors: String) {
        try await Program.run(arguments + ["--config", configuration])
    }

    /// The source that `add` wrote, once `earshot check` has nothing against it.
    private func written() async throws -> String {
        let check = try await run("check")
        #expect(check.output.contains("1 sources"), "\(check.errors)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/sources.d")
        return try folder.read("sources.d/\(try #require(names.first))")
    }

    // MARK: Inspect

    @Test func aForumsPageIsRecognisedAndItsWaysAreRanked() async throws {
        try await serving(["/viewtopic.php?t=7": Self.topic]) { server in
            let result = try await run("inspect", server.base + "/viewtopic.php?t=7")
            #expect(result.code == 0)
            let lines = result.output.split(separator: "\n").map(String.init)
            #expect(lines.first == "This is a page of phpBB (topic).")
            let ways = lines.filter { $0.contains(". feed ") || $0.contains(". page ") }
            #expect(
                ways == [
                    "  1. feed  \(server.base)/feed/topic/7  (not asked yet; `earshot add` does)",
                    "  2. feed  \(server.base)/feed  (not asked yet; `earshot add` does)",
                    "  3. feed  \(server.base)/feed.php?t=7  (not asked yet; `earshot add` does)",
                    "  4. page  \(server.base)/viewtopic.php?t=7",
                ])
            #expect(result.output.contains("2025-06-01T10:00:00Z · jan · id p11\n    Bikes — Acme squeaks."))
            #expect(lines.suffix(2) == ["  kind: page", "  engine: phpbb"])
            // One request, after the question whether it may be asked.
            #expect(
                server.requests.map { $0.url.dropFirst(server.base.count) } == ["/robots.txt", "/viewtopic.php?t=7"])
        }
    }

    @Test func selectorsThatFindNothingAreNamedWithWhatThePageHas() async throws {
        let path = try folder.write("reviews.html", Self.reviews)
        let none = try await Program.run("inspect", path, "--items", "div.list .post")
        #expect(none.code == 1)
        #expect(
            none.output.contains(
                "`items: div.list .post` finds nothing (there is no .post); the page repeats div.review (2)"))
        let some = try await Program.run(
            "inspect", path, "--items", "div.review", "--field", "author: .name", "--field", "id: @data-id")
        #expect(some.code == 0)
        #expect(
            some.output.contains(
                "`author: .name` finds nothing in any item; the first has @data-id, b.who, i.when, p, u, u@title"))
        #expect(!some.output.contains("`id: "))
    }

    @Test func pathsThatFindNothingAreNamedWithWhatTheDocumentHas() async throws {
        let path = try folder.write("posts.json", #"{"data": {"rows": [{"key": 1, "text": "Acme"}]}}"#)
        let unknown = try await Program.run("inspect", path)
        #expect(unknown.output.contains("its lists are data.rows[*] with key, text"))
        let none = try await Program.run("inspect", path, "--items", "rows[*]")
        #expect(none.output.contains("`items: rows[*]` finds nothing; its lists are data.rows[*] with key, text"))
        let some = try await Program.run(
            "inspect", path, "--items", "data.rows[*]", "--field", "id: id", "--field", "body: text")
        #expect(some.code == 0)
        #expect(some.output.contains("`id: id` finds nothing in any item; the first has key, text"))
    }

    @Test func aFileMayHaveItsHeadersBeforeIt() async throws {
        let page = Data("<html><body><div class=p>Acm\u{E9}</div></body></html>".unicodeScalars.map { UInt8($0.value) })
        let head =
            "HTTP/1.1 301 Moved\r\nLocation: /x\r\n\r\nHTTP/2 200\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n"
        let path = folder.path + "/saved"
        try (Data(head.utf8) + page).write(to: URL(filePath: path))
        let result = try await Program.run("inspect", path, "--items", ".p", "--field", "body: .")
        #expect(result.code == 0 && result.output.contains("Acmé") && !result.output.contains("HTTP"))
    }

    @Test func whatIsWrittenWronglyIsAUsageErrorAndLibrariesKeepQuiet() async throws {
        let path = try folder.write("reviews.html", Self.reviews)
        for arguments in [
            ["--items", "div["], ["--field", "id: @id"], ["--engine", "phpb"], ["--timezone", "Mars"],
            ["--items", "p", "--field", "autor: b"],
        ] {
            #expect(try await Program.run(["inspect", path] + arguments).code == 64)
        }
        let result = try await Program.run("inspect", path, "--items", "//p[nothing()]")
        #expect(result.code == 1 && result.errors.isEmpty)
    }

    @Test func robotsIsObeyedAndTheAnswerOfTheServerIsTold() async throws {
        try await serving(["/robots.txt": "User-agent: *\nDisallow: /closed", "/closed": Self.topic]) { server in
            let closed = try await run("inspect", server.base + "/closed")
            #expect(closed.code == 1 && closed.output.contains("robots.txt keeps earshot off this address"))
            #expect(!server.requests.contains { $0.url.hasSuffix("/closed") })
            let unasked = try await Program.run("inspect", server.base + "/closed")
            #expect(unasked.code == 1 && unasked.output.contains("--allow-private-addresses"))
            let missing = try await run("inspect", server.base + "/missing")
            #expect(missing.code == 1 && missing.output.contains("the server answered 404"))
        }
    }

    @Test func aFeedThatCutsItsTextsShortIsToBeFollowed() async throws {
        let path = try folder.write(
            "feed.xml",
            "<rss><channel><title>F</title><item><guid>1</guid><description>It begins…</description></item></channel></rss>"
        )
        let result = try await Program.run("inspect", path, "--url", "https://news.example/feed")
        #expect(result.output.contains("Its texts are cut short"))
        #expect(result.output.hasSuffix("  follow: true\n"))
    }

    // MARK: Add

    @Test func theBestWayThatGivesEntriesIsWritten() async throws {
        try await serving(["/viewtopic.php?t=7": Self.topic, "/feed": Self.feed]) { server in
            let result = try await run("add", server.base + "/viewtopic.php?t=7")
            #expect(result.code == 0)
            // The topic's own feed is not there, the forum's is.
            #expect(result.errors.contains("/feed gives every new post of the whole forum"))
            let source = try await written()
            #expect(
                source
                    == "sources:\n- url: \"\(server.base)/feed\"\n  name: \"Bikes: \\\"all\\\" of it\"\n")
            let again = try await run("add", server.base + "/viewtopic.php?t=7")
            #expect(again.code == 1 && again.errors.contains("/feed is among the sources already"))
            // Not by its file alone, and the configuration stays one that is taken.
            let file = try #require(
                try FileManager.default.contentsOfDirectory(atPath: folder.path + "/sources.d").first)
            try FileManager.default.moveItem(
                atPath: folder.path + "/sources.d/\(file)", toPath: folder.path + "/sources.d/bikes.yaml")
            let renamed = try await run("add", server.base + "/viewtopic.php?t=7")
            #expect(renamed.code == 1 && renamed.errors.contains("/feed is among the sources already"))
            #expect(try await written() == source)
        }
    }

    /// YAML does not print them, or takes them for the end of a line, and refuses a file for one of them.
    @Test(arguments: [
        "\u{1}\u{7F}\u{80}\u{9F}", "\u{85}\u{2028}\u{2029}", "\u{202E}\u{2066}", "\u{FEFF}", "\u{FFFE}", "\u{FFFF}",
        "\u{1FFFE}\u{E000}\u{10FFFF}", "'# \t",
    ])
    func noTitleMakesTheConfigurationOneThatIsRefused(_ letter: String) async throws {
        let title = "It's a \"blog\" \\ \(letter)x\(letter): [y"
        let object: [String: Any] = [
            "version": "https://jsonfeed.org/version/1.1", "title": title,
            "items": [["id": "1", "content_text": "Oil"]],
        ]
        let feed = String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
        try await serving(["/feed": feed]) { server in
            let result = try await run("add", server.base + "/feed")
            #expect(result.code == 0)
            let source = try await written()
            // What was printed may be pasted.
            #expect("sources:\n\(result.output)" == source)
            let name = try #require(try Settings.load(configuration, environment: ["HOME": "/"]).sources.first).name
            #expect(name.hasPrefix("It's a \"blog\" \\") && name.hasSuffix(": [y"), "\(source)")
            // OPML goes into a file that is read again, too.
            try folder.write("out.opml", try await run("opml").output)
            let opml = try folder.write(
                "other/earshot.yaml", "watches: [{ name: a, query: a }]\nsources: [{ opml: ../out.opml }]\n")
            #expect(try await Program.run("check", "--config", opml).output.contains("1 sources"))
        }
    }

    /// Whatever it is, and whoever wrote it: the daemon would not start again.
    @Test func whatAConfigurationWouldBeRefusedForIsNotWritten() async throws {
        try folder.write(
            "engines.d/my: forum.yaml",
            "name: Mine\nkind: forum\npages: [{ items: .post, id: '@id', body: .content }]\n")
        try await serving(["/viewtopic.php?t=7": Self.topic]) { server in
            let result = try await run("add", server.base + "/viewtopic.php?t=7", "--page", "--engine", "my: forum")
            #expect(result.code == 1 && result.errors.contains("earshot add: not written: "), "\(result)")
            #expect(result.errors.contains("is not valid YAML"))
            #expect(!FileManager.default.fileExists(atPath: folder.path + "/sources.d"))
            #expect(try await run("check").code == 0)
        }
    }

    /// They are for the service, and `add` needs none; nor that there are sources already.
    @Test func secretsNeedNotBeAtHandToAddASource() async throws {
        let path = try folder.write(
            "service.yaml",
            """
            state: state
            watches: [{ name: bikes, query: bikes }]
            receivers:
              - { name: desk, webhook: { url: "https://hooks.example/x", secret_file: $CREDENTIALS_DIRECTORY/desk.secret } }
            route: { receiver: desk }
            """)
        try await serving(["/feed": Self.feed]) { server in
            let added = try await Program.run(
                "add", server.base + "/feed", "--allow-private-addresses", "--config", path)
            #expect(added.code == 0, "\(added.errors)")
            #expect(added.errors.contains("written to \(folder.path)/sources.d/"))
            // What was allowed here is not allowed there.
            #expect(added.errors.contains("only with `allow_private_addresses: true` under `polling` in \(path)"))
            let again = try await Program.run(
                "add", server.base + "/feed", "--allow-private-addresses", "--config", path)
            #expect(again.code == 1 && again.errors.contains("is among the sources already"))
            #expect(try await Program.run("check", "--config", path).code == 78)
            try FileManager.default.removeItem(atPath: folder.path + "/sources.d")
            let allowed = try await run("add", server.base + "/feed", "--allow-private-addresses")
            #expect(allowed.code == 0 && !allowed.errors.contains("under `polling`"))
        }
    }

    @Test func aPageThatOnlyNamesItsFeedIsAWayToIt() async throws {
        let blog = "<html><head><link rel=alternate type='application/rss+xml' href='/f'></head><h1>Blog</h1></html>"
        try await serving(["/": blog, "/f": Self.feed]) { server in
            let seen = try await run("inspect", server.base + "/")
            #expect(seen.code == 0)
            let added = try await run("add", server.base + "/")
            #expect(added.code == 0)
            let source = try await written()
            #expect(source.contains("- url: \"\(server.base)/f\"\n"))
        }
    }

    @Test func thePageItselfIsWrittenWhereNoOtherWayIsThere() async throws {
        try await serving(["/viewtopic.php?t=7": Self.topic]) { server in
            let result = try await run("add", server.base + "/viewtopic.php?t=7")
            #expect(result.code == 0)
            let source = try await written()
            #expect(
                source == """
                    sources:
                    - url: "\(server.base)/viewtopic.php?t=7"
                      name: "Bikes - Board"
                      kind: page
                      engine: phpbb

                    """)
        }
    }

    @Test func selectorsAreWrittenAsTheyWereTried() async throws {
        try await serving(["/reviews": Self.reviews]) { server in
            let bare = try await run("add", server.base + "/reviews")
            #expect(bare.code == 1 && bare.errors.contains("the page repeats div.review (2)"))
            let result = try await run(
                "add", server.base + "/reviews", "--items", "div.review", "--field", "id: @data-id", "--field",
                "author: .who", "--field", "date: .when", "--field", "body: p", "--field", "rating: u@title",
                "--timezone", "Europe/Amsterdam")
            #expect(result.code == 0)
            let source = try await written()
            #expect(
                source == """
                    sources:
                    - url: "\(server.base)/reviews"
                      name: "Acme reviews"
                      kind: page
                      timezone: Europe/Amsterdam
                      selectors:
                        items: 'div.review'
                        id: '@data-id'
                        author: '.who'
                        date: '.when'
                        body: 'p'
                        rating: 'u@title'

                    """)
        }
    }

    @Test func aPageWithoutItemsIsWatchedLineByLineOnDemand() async throws {
        try await serving(["/status": "<html><title>Status</title><p>All is well.</p></html>"]) { server in
            let result = try await run("add", server.base + "/status", "--text")
            #expect(result.code == 0)
            let source = try await written()
            #expect(source.hasSuffix("  name: \"Status\"\n  kind: page\n  watch: text\n"))
        }
    }

    @Test func aFolderThatCannotBeWrittenIsNamed() async throws {
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/sources.d", withDestinationPath: "/proc/nonexistent")
        try await serving(["/feed": Self.feed]) { server in
            let result = try await run("add", server.base + "/feed")
            #expect(result.code == 1 && result.errors.contains(".yaml cannot be written: "))
            #expect(!result.errors.contains("Error Domain"))
        }
    }

    @Test func aDryRunWritesNothing() async throws {
        try await serving(["/feed": Self.feed]) { server in
            let result = try await run("add", server.base + "/feed", "--dry-run")
            #expect(result.code == 0 && result.output.hasPrefix("- url: \"\(server.base)/feed\"\n"))
            #expect(!FileManager.default.fileExists(atPath: folder.path + "/sources.d"))
        }
    }
}
