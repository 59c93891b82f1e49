import Configuration
import Foundation
import Model
import Pages
import TestSupport
import Testing

/// What a configuration says of sources that are pages, and what it says wrong.
@Suite struct PageSettingsTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func load(_ sources: String, more: String = "") throws -> Settings {
        let text = "watches: [{ name: acme, query: acme }]\n\(more)sources:\n\(sources)\n"
        return try Settings.load(try folder.write("earshot.yaml", text), environment: ["HOME": "/home/jan"])
    }

    private func problems(_ sources: String, more: String = "") throws -> [String] {
        do {
            _ = try load(sources, more: more)
            return []
        } catch let error as ConfigurationError {
            return error.problems.map { $0.description.replacing(folder.path + "/", with: "") }
        }
    }

    @Test func aPageIsReadAsItsSectionSays() throws {
        let settings = try load(
            """
              - { url: "https://a.example/", interval: 1h }
              - url: https://b.example/
                interval: 1h
                kind: page
                engine: phpbb
                timezone: Europe/Amsterdam
                pages: 3
                follow: true
              - url: https://c.example/
                interval: 1h
                kind: page
                selectors: { items: .post, author: [.user, "@data-author"], date: time@datetime, day_first: yes }
              - url: https://d.example/posts.json
                interval: 1h
                kind: json
                selectors: { items: "posts[*]", id: id, link: "/p/{id}" }
              - { url: "https://e.example/", interval: 1h, kind: page, watch: text }
            """)
        #expect(settings.sources.map(\.kind) == [.feed, .page, .page, .json, .page])
        #expect(settings.sources[0].pageIndex == nil)
        let read = settings.sources.dropFirst().compactMap { $0.pageIndex.map { settings.pages[$0] } }
        #expect(read[0].wish.engine == "phpbb")
        #expect(read[0].wish.zone?.identifier == "Europe/Amsterdam")
        #expect(read[0].pages == 3 && read[0].follows)
        #expect(read[1].wish.layout?.fields[.author]?.places.map(\.text) == [".user", "@data-author"])
        #expect(read[1].wish.layout?.dayFirst == true)
        #expect(read[2].wish.document?.link == "/p/{id}")
        #expect(read[3].wish.watchesText)
    }

    @Test func everythingThatIsWrongIsNamedAtItsPlace() throws {
        let found = try problems(
            """
              - url: https://a.example/
                interval: 1h
                kind: pages
                engine: phpb
                timezone: Mars
                pages: 99
                watch: words
                selectors:
                  items: ".post["
                  autor: .user
                  date: [time@datetime, "p:nth-child(x)"]
                  scale: many
            """)
        #expect(
            found == [
                "earshot.yaml:5:11: `kind` is auto, feed, page or json, not `pages`; did you mean `page`?",
                "earshot.yaml:6:13: there is no engine `phpb`; did you mean `phpbb`?",
                "earshot.yaml:7:15: `timezone`: `Mars` is not a time zone such as Europe/Amsterdam",
                "earshot.yaml:8:12: `pages` is a number from 1 to 10, not `99`",
                "earshot.yaml:9:12: `watch` is `text` or left out, not `words`",
                "earshot.yaml:11:14: `.post[`: a name is missing",
                "earshot.yaml:12:7: unknown key `autor` in `selectors`; did you mean `author`?",
            ])
        #expect(try problems("  - { url: \"https://a.example/\", interval: 1h, engine: phpbb }").count == 1)
    }

    @Test func theUsersEnginesAreReadAndTheirFaultsAreNamed() throws {
        try folder.write(
            "engines.d/board.yaml",
            "name: Our board\nkind: forum\nrecognise: [\"#board\"]\npages: [{ items: .p, body: .t }]\n")
        let settings = try load("  - { url: \"https://a.example/\", interval: 1h, kind: page, engine: board }")
        #expect(settings.engines.map(\.name) == ["Our board"])
        try folder.write(
            "engines.d/wrong.yaml", "name: X\nkind: form\nrecognise: [nothing]\npages: [{ items: 'p >' }]\n")
        #expect(
            try problems("  - { url: \"https://a.example/\", interval: 1h }") == [
                "engines.d/wrong.yaml:2:7: `kind` is one of news, blog, forum, qa, review, social, page; did you mean `forum`?",
                "engines.d/wrong.yaml:3:13: `nothing` is not made of #id, .class, [attribute], generator:Name and host:example.com",
                "engines.d/wrong.yaml:4:18: `p >`: the selector ends early",
            ])
        #expect(
            try problems("  - { url: \"https://a.example/\", interval: 1h }", more: "engines: nowhere\n").contains {
                $0.contains("nowhere: cannot be read as a folder")
            })
    }

    @Test func sourcesOfAFolderStandBesideTheOthersAndTheirFaultsAreTheirs() throws {
        try folder.write("sources.d/b.yaml", "sources:\n- url: \"https://b.example/\"\n  interval: 1h\n  kind: page\n")
        let settings = try load("  - { url: \"https://a.example/\", interval: 1h }")
        #expect(settings.sources.map(\.url) == ["https://a.example/", "https://b.example/"])
        try folder.write("sources.d/c.yaml", "sources:\n- url: nothing\n")
        #expect(
            try problems("  - { url: \"https://a.example/\", interval: 1h }")
                == ["sources.d/c.yaml:2:8: `url`: not an http or https address: nothing"])
    }

    private static let board = """
        name: Our board
        kind: forum
        recognise: ["#board .entry"]
        pages: [{ items: .entry, id: "@id", author: .who, date: .when, body: .text }]

        """
    private static let page = """
        <html><body id=board><div class=entry id=e1><b class=who>jan</b><i class=when>gisteren 14:03</i>
        <p class=text>Acme<br>squeaks.</p></div></body></html>
        """

    @Test func anEngineOfTheUsersIsHeldToItsExamples() throws {
        try folder.write("engines.d/topic.html", Self.page)
        func unmet(_ example: String) throws -> [String] {
            try folder.write("engines.d/board.yaml", Self.board + example)
            return try load("  - { url: \"https://a.example/\", interval: 1h }").unmet.map {
                $0.description.replacing(folder.path + "/engines.d/", with: "")
            }
        }
        let right = """
            example:
              file: topic.html
              at: 2025-06-15T12:00:00Z
              entries: ["e1 | jan | 2025-06-14T14:03 | | | | Acme\\\\nsqueaks."]
            """
        #expect(try unmet(right) == [])
        #expect(try unmet(right.replacing("jan", with: "eva")).count == 1)
        #expect(
            try unmet(right.replacing("squeaks.\"", with: "squeaks.\", \"e2 | x\""))
                == ["board.yaml:8:68: entry 2 of the page is not there"])
        #expect(
            try unmet("example:\n- { page: '<p class=postmsg>', entries: [] }\n") == [
                "board.yaml:6:3: the page of this example bears none of the engine's marks"
            ])
        #expect(
            try unmet("example:\n  file: topic.html\n  at: 2025-06-15T12:00:00Z\n  entries: []\n") == [
                "board.yaml:6:3: the page has 1 entries; the next one is `e1 | jan | 2025-06-14T14:03 | | | | Acme\\nsqueaks.`"
            ])
    }

    @Test func whatIsWrongWithAnExampleIsNamed() throws {
        try folder.write(
            "engines.d/board.yaml",
            Self.board
                + "example: [{ entries: [] }, { file: nowhere.html, entries: [] }, { page: x, at: soon, entris: [] }]\n"
        )
        let found = try problems("  - { url: \"https://a.example/\", interval: 1h }")
        #expect(
            found == [
                "engines.d/board.yaml:5:11: an example has one of `page` and `file`",
                "engines.d/board.yaml:5:36: engines.d/nowhere.html: cannot be read, or is larger than 16 MiB",
                "engines.d/board.yaml:5:65: `entries` is missing",
                "engines.d/board.yaml:5:80: `at`: `soon` is not a time such as 2025-06-15T12:00:00Z",
                "engines.d/board.yaml:5:86: unknown key `entris` in an example; did you mean `entries`?",
            ])
    }
}
