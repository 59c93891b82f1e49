// What makes an entry the same at the next poll, and what makes it another.

import Feeds
import Model
import Testing

@Suite struct `Identity` {
    @Test func `is the id, else the link, else title and text`() throws {
        let found = try entries(
            """
            <item><guid>g</guid><link>http://l.example/1</link></item><item><link>http://l.example/2</link></item>
            <item><title>t</title></item><item><title>u</title></item>
            """)
        #expect(found[0].identity == "g")
        #expect(found[1].identity == "http://l.example/2")
        #expect(Set(found.map(\.identity)).count == 4)
    }

    @Test func `takes the link in where a feed repeats its ids`() throws {
        let feed = try read(
            "<rss><item><guid>g</guid><link>a</link></item><item><guid>g</guid><link>b</link></item><item><guid>h</guid></item></rss>"
        )
        #expect(feed.entries.map(\.identity) == ["g\na", "g\nb", "h"])
        #expect(feed.findings[.duplicateIDs] == 2)
    }

    @Test func `does not change when another entry's id is its link`() throws {
        let alone = try entries("<item><link>http://l.example/1</link></item>")
        let beside = try entries(
            "<item><link>http://l.example/1</link></item><item><guid>http://l.example/1</guid></item>")
        #expect(alone.first?.identity == beside.first?.identity)
        #expect(beside[0].identity != beside[1].identity)
    }

    @Test func `is never empty, and shared by none but copies, even by entries that are the same to the letter`() throws
    {
        let found = try entries(
            String(repeating: "<item><guid>g</guid></item><item/><item><guid></guid></item>", count: 50))
        #expect(found.count == 150)
        #expect(found.filter { $0.id == "g" }.allSatisfy { $0.identity == "g" })
        #expect(Set(found.map(\.identity)).count == 101)
        #expect(found.allSatisfy { !$0.identity.isEmpty })
    }

    @Test(arguments: [
        "<guid>g</guid><title>T</title>", "<guid>g</guid><link>http://l.example/1</link><title>T</title>",
        "<link>http://l.example/1</link><title>T</title><pubDate>2024-05-31</pubDate>",
    ])
    func `is the same however often the feed lists the entry`(item: String) throws {
        let (item, other) = ("<item>\(item)</item>", "<item><guid>h</guid></item>")
        let once = try #require(try entries(item).first).identity
        let feed = try read("<rss>\(item)\(other)\(item)\(item)</rss>")
        #expect(feed.entries.map(\.identity) == [once, "h", once, once])
        #expect(feed.findings[.duplicateIDs] == 2)
        #expect(try entries(item + other).map(\.identity) == [once, "h"])
    }

    @Test(arguments: [
        // Another text, another link, another day, another author; and two that nothing names.
        ("<guid>g</guid><title>T</title>", "<guid>g</guid><title>U</title>"),
        ("<guid>g</guid><link>http://l.example/1</link>", "<guid>g</guid><link>http://l.example/2</link>"),
        ("<guid>g</guid><pubDate>2024-05-30</pubDate>", "<guid>g</guid><pubDate>2024-05-31</pubDate>"),
        ("<guid>g</guid><author>Ann</author>", "<guid>g</guid><author>Bob</author>"),
        ("<link>http://l.example/1</link><title>T</title>", "<link>http://l.example/1</link><title>T</title>"),
        ("<title>T</title><pubDate>2024-05-30</pubDate>", "<title>T</title><pubDate>2024-05-30</pubDate>"),
    ])
    func `is another where anything differs from a copy`(one: String, other: String) throws {
        let found = try entries("<item>\(one)</item><item>\(other)</item>")
        #expect(found[0].identity != found[1].identity)
    }

    @Test(arguments: [
        "<item rdf:about=''><title>t</title></item>",
        "<item rdf:about=''><title>t</title><link>http://l.example/1</link></item>",
        "<item href=''><title>t</title></item>",
    ])
    func `is not what is stated and empty`(item: String) throws {
        let feed = try read("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\(item)</rdf:RDF>")
        #expect(feed.entries.map(\.identity.isEmpty) == [false])
    }

    @Test func `does not depend on the address or on what stands around it`() throws {
        let one = try entries("<item><guid>/x</guid></item>", address: "https://a.example/")
        let two = try entries("<item><title>n</title></item><item><guid>/x</guid></item>", address: "http://b.example/")
        #expect(one.first?.id == "https://a.example/x")
        #expect(one.first?.identity == two.last?.identity)
    }

    @Test func `is the same on every machine`() throws {
        // The first eight bytes of SHA-256 over "t", the byte FF, and another for the summary that is not there.
        #expect(try entries("<item><title>t</title></item>").first?.identity == "t\n8229019987145041275")
    }
}

@Suite struct `Plain entries` {
    private func body(_ item: String) throws -> String {
        try #require(try entries("<item>\(item)</item>").first).plainText().body
    }

    @Test func `the body is the fullest text where one repeats the other`() throws {
        let content =
            "<content:encoded>&lt;p&gt;One two three four.&lt;/p&gt;&lt;p&gt;Five.&lt;/p&gt;</content:encoded>"
        #expect(try body("<description>One two  three</description>\(content)") == "One two three four.\n\nFive.")
        #expect(try body("<description>One two […]</description>\(content)") == "One two three four.\n\nFive.")
        #expect(try body("<description>One two thr...</description>\(content)") == "One two three four.\n\nFive.")
        #expect(
            try body("<description>One two three four. Five. Six</description>\(content)")
                == "One two three four. Five. Six")
    }

    @Test func `where they differ it is both, a blank line apart`() throws {
        #expect(
            try body("<description>Summary</description><content:encoded>Content</content:encoded>")
                == "Summary\n\nContent")
        #expect(try body("<description>a</description><itunes:summary>b</itunes:summary>") == "a\n\nb")
    }

    @Test func `a text is said by another where its words are`() throws {
        let content = "<content:encoded>A bear market. Ears of corn, early or late</content:encoded>"
        for said in ["A bear market", "market.", "early", "or late"] {
            #expect(try body("<description>\(said)</description>\(content)").hasPrefix("A bear market"))
        }
        for other in ["ear", "A bear mark", "arly", "ate"] {
            #expect(try body("<description>\(other)</description>\(content)").hasPrefix("\(other)\n\nA bear"))
        }
        // An excerpt that was cut off at a length, and words of a language that sets nothing between them.
        let long = String(repeating: "one two three ", count: 5)
        #expect(
            try body("<description>\(long)fo</description><content:encoded>\(long)four</content:encoded>")
                == "\(long)four")
        #expect(
            try body("<description>京都</description><content:encoded>東京都です</content:encoded>") == "東京都です")
    }

    @Test func `any white space is one space, and a mark that belongs to a letter is a letter of its own`() throws {
        let one = "a\u{2003}b\u{3000}\u{2028}c"
        let other = "<content:encoded>&lt;p>x a b c and more of it&lt;/p></content:encoded>"
        #expect(try body("<description>\(one)</description>\(other)") == "x a b c and more of it")
        // Of nothing else there is nothing to keep.
        #expect(try body("<description>\u{2003}</description><content:encoded>a b c</content:encoded>") == "a b c")
        // The same to a reader, but not the same bytes: both are kept.
        #expect(
            try body("<description>caf\u{E9}</description><content:encoded>cafe\u{301} x</content:encoded>")
                == "caf\u{E9}\n\ncafe\u{301} x")
        #expect(
            try body("<description>cafe</description><content:encoded>cafe\u{301} x</content:encoded>")
                == "cafe\u{301} x")
    }

    @Test(arguments: [
        ("…", "One two", "…\n\nOne two"), ("One two …", "One two three", "One two three"),
        ("One […]…", "One […] two", "One […] two"), ("two…", "One two", "two…\n\nOne two"),
    ])
    func `an excerpt that breaks off is covered by what begins like it`(excerpt: String, text: String, all: String)
        throws
    {
        #expect(
            try body("<description>\(excerpt)</description><content:encoded>\(text)</content:encoded>") == all)
    }

    @Test func `of many texts the first sixteen are compared, and the rest lose nothing`() throws {
        let texts = (1...40).map { $0 == 10 ? "t1 t10" : "t\($0)" }
        let all = texts.map { "<content:encoded>\($0)</content:encoded>" }.joined()
        // "t1" is said by the tenth, and "t17" the first that nothing is compared with.
        let kept = texts.dropFirst().joined(separator: "\n\n")
        #expect(try body(all) == kept)
        #expect(try body(all + "<content:encoded>&lt;p>t2&lt;/p></content:encoded>") == kept + "\n\nt2")
    }

    @Test func `a title is one line without markup`() throws {
        let entry = try #require(
            try entries(
                "<item><title>&lt;p&gt;a&lt;/p&gt;&lt;p&gt;b&lt;br&gt;c</title><author>x@y.example (Ann)</author></item>"
            ).first)
        #expect(entry.plainText().title == "a b c")
        #expect(entry.plainText().author == "Ann")
    }

    @Test(
        arguments: [
            ("a@b.example (Ann Bee)", "Ann Bee", "a@b.example"), ("Ann <a@b.example>", "Ann", "a@b.example"),
            ("Ann", "Ann", nil),
            ("mailto:a@b.example", nil, "a@b.example"), ("Ann (Press)", "Ann (Press)", nil), ("@ann", "@ann", nil),
            ("Ann a@b.example", "Ann", "a@b.example"), ("(Ann)", "Ann", nil),
        ] as [(String, String?, String?)])
    func `people are taken apart`(stated: String, name: String?, email: String?) throws {
        let escaped = stated.replacing("<", with: "&lt;")
        let entry = try #require(try entries("<item><author>\(escaped)</author></item>").first)
        #expect(entry.authors == [Person(name: name, email: email)])
    }
}
