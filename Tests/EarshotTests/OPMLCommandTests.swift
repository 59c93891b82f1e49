// Sources out as OPML and in again, and what FreshRSS writes of pages that have no feed.

import Foundation
import TestSupport
import Testing

@Suite struct OPMLCommandTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func configuration(_ sources: String) throws -> String {
        try folder.write("earshot.yaml", "watches: [{ name: acme, query: acme }]\nsources:\n\(sources)\n")
    }

    @Test func whatGoesOutComesInAgain() async throws {
        let path = try configuration(
            """
              - { url: "https://jan:secret@a.example/feed?a=1&b=2", name: 'A & "B" <C>' }
              - { url: "https://b.example/viewtopic.php?t=7", kind: page, engine: phpbb }
              - { url: "https://c.example/posts.json", kind: json, engine: discourse }
            """)
        let first = try await Program.run("opml", "--config", path)
        #expect(first.code == 0 && !first.output.contains("secret"))
        try folder.write("sources.opml", first.output)
        _ = try configuration("  - opml: sources.opml")
        #expect(try await Program.run("check", "--config", path).output.contains("3 sources"))
        #expect(try await Program.run("opml", "--config", path).output == first.output)
    }

    @Test func selectorsOfOtherReadersAreUnderstood() async throws {
        try folder.write("site/page", "<ul><li class=n><a href='/1'>Acme opens</a><i>jan</i></li></ul>")
        try folder.write("site/data", #"{"rows": [{"name": "Acme closes", "at": 1748772000}]}"#)
        try await NginxServer.serving("root \(folder.path)/site; default_type text/html;") { server in
            try folder.write(
                "reader.opml",
                """
                <opml version="2.0" xmlns:frss="https://freshrss.org/opml"><body>
                <outline type="HTML+XPath" text="Page" xmlUrl="http://127.0.0.1:\(server.port)/page"
                  frss:xPathItem="//li[@class='n']" frss:xPathItemTitle="descendant::a"
                  frss:xPathItemUri="descendant::a/@href" frss:xPathItemAuthor="./i"/>
                <outline type="JSON+DotNotation" text="Data" xmlUrl="http://127.0.0.1:\(server.port)/data"
                  frss:jsonItem="rows" frss:jsonItemTitle="name" frss:jsonItemTimestamp="at"/>
                </body></opml>
                """)
            let path = try folder.write(
                "earshot.yaml",
                """
                state: state
                polling: { allow_private_addresses: true }
                watches: [{ name: acme, query: acme }]
                sources: [{ opml: reader.opml, lookback: 3000d }]
                """)
            let result = try await Program.run("run", "--once", "--config", path)
            #expect(result.errors.contains("2 sources polled, 0 failed; 2 entries read, 2 new; 2 mentions"))
            let journal = try folder.read("state/journal.jsonl")
            #expect(journal.contains(#""title":"Acme opens""#) && journal.contains(#""author":"jan""#))
            #expect(journal.contains(#""link":"http://127.0.0.1:\#(server.port)/1""#))
            #expect(journal.contains(#""title":"Acme closes""#) && journal.contains("2025-06-01T10:00:00Z"))
        }
    }

    @Test func aSelectorThatCannotBeReadIsAProblemOfItsFile() async throws {
        try folder.write(
            "reader.opml",
            "<opml><body><outline type='HTML+XPath' xmlUrl='https://a.example/' xPathItem='//li['/></body></opml>")
        let path = try configuration("  - opml: reader.opml")
        let result = try await Program.run("check", "--config", path)
        #expect(result.code == 78)
        #expect(result.errors.contains("reader.opml") && result.errors.contains("this is no XPath 1.0"))
    }
}
