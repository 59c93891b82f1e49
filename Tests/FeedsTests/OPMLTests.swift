import Feeds
import Testing

@Suite struct OPMLTests {
    private func read(_ text: String) throws -> [OPML.Outline] {
        try OPML.read(Array(text.utf8))
    }

    @Test func foldersAreWalkedThrough() throws {
        let outlines = try read(
            """
            <?xml version="1.0"?>
            <opml version="2.0"><head><title>Mijn feeds</title></head><body>
              <outline text="Nieuws">
                <outline type="rss" text="A &amp; B" xmlUrl="https://a.example/feed?x=1&amp;y=2" htmlUrl="https://a.example/"/>
                <outline text="map"><outline title="Titel" text="tekst" xmlURL="https://b.example/"/></outline>
              </outline>
              <outline text="geen feed" htmlUrl="https://c.example/"/>
            </body></opml>
            """)
        #expect(
            outlines == [
                OPML.Outline(url: "https://a.example/feed?x=1&y=2", title: "A & B", number: 1),
                OPML.Outline(url: "https://b.example/", title: "Titel", number: 2),
            ])
    }

    @Test func anUnescapedAmpersandCostsNothing() throws {
        let outlines = try read("<opml><body><outline text='H&M' xmlUrl='https://a.example/?a=1&b=2'/></body></opml>")
        #expect(outlines.map(\.url) == ["https://a.example/?a=1&b=2"])
        #expect(outlines.map(\.title) == ["H&M"])
    }

    @Test func whatXMLDoesNotTakeBecomesASpace() {
        let outline = OPML.Outline(url: "https://a.example/", title: "a\u{1}b\u{FFFE}c\u{FFFF}d", number: 1)
        #expect(OPML.text([outline], title: "").contains(#"title="a b c d""#))
    }

    @Test(arguments: ["", "not xml", "<rss><channel/></rss>"])
    func whatIsNoOPMLIsRefused(_ text: String) {
        #expect(throws: OPMLError.self) { try read(text) }
    }
}
