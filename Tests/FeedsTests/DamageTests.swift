// Damaged and hostile documents: the good entries come out, what was lost is counted, nothing grows without bound.

import Feeds
import Markup
import Model
import Testing

private func document(_ middle: String) -> String {
    """
    <?xml version="1.0"?><rss version="2.0"><channel><title>T</title>
    <item><title>first</title><guid>1</guid></item>\(middle)<item><title>last</title><guid>9</guid></item></channel></rss>
    """
}

private func titles(_ text: String) throws(FeedError) -> [String] {
    try read(text).entries.map { $0.plainText().title }
}

/// Texts that differ first in how their accents are composed, and in what they say only at their ends.
private let alike = (0..<64).map { number in
    let accents = (0..<6).map { number >> $0 & 1 == 0 ? "\u{E9}" : "e\u{301}" }.joined()
    return accents + String(repeating: "\u{E9} ", count: 500) + "\(number)"
}

@Suite struct `Damaged feeds` {
    @Test(arguments: [
        ("<item><title>AT&T and H&M &copy; <3</title></item>", "AT&T and H&M © <3"),
        ("<item><title>a < b</title></item>", "a < b"), ("<item><title>AT&amp;amp;T</title></item>", "AT&T"),
        ("<item><title>\u{1}bell\u{8}</title></item>", "bell"),
        ("<item><title>open</item>", "open"), ("<item><title>x</titel></item>", "x"),
        ("<item><title>unclosed", "unclosed"), ("<item><title><![CDATA[x]]></title>", "x"),
        ("<item><description><br><p>a<img src=x></description><title>html</title></item>", "html"),
        ("<?xml version='1.0'?><!DOCTYPE x><item><title>again</title></item>", "again"),
        ("<item><title>don&#146;t \u{92}</title></item>", "don’t ’"),
        ("</b></i><item><title>stray</title></item>", "stray"),
        ("<ITEM><TITLE>Case</Title></item>", "Case"),
        ("<item>\(String(repeating: "<a>", count: 500))<title>deep</item>", ""),
    ])
    func `keep every entry and every word`(middle: String, title: String) throws {
        #expect(try titles(document(middle)) == ["first", title, "last"])
        #expect(
            try read(document(middle)).findings.all.contains {
                $0.kind != .entriesWithoutDate && $0.kind != .entriesWithoutID
            }
                || middle.contains("CDATA") || middle.contains("amp;amp"))
    }

    @Test func `a document that breaks off keeps what was there`() throws {
        let feed = try read("<rss><channel><item><title>whole</title></item><item><title>brok")
        #expect(feed.entries.map { $0.plainText().title } == ["whole", "brok"])
        #expect(feed.findings[.endsEarly] == 1)
    }

    @Test func `entries outside the channel, or without one, count`() throws {
        #expect(try titles("<rss><channel><title>T</title></channel><item><title>out</title></item></rss>") == ["out"])
        #expect(try titles("<rss><item><title>bare</title></item></rss>") == ["bare"])
        #expect(try titles("<entry><title>alone</title></entry>") == ["alone"])
    }

    @Test func `an undeclared prefix means what it usually means`() throws {
        let entry = try #require(
            try entries("<item><dc:creator>Ann</dc:creator><content:encoded>c</content:encoded></item>").first)
        #expect(entry.plainText() == PlainEntry(title: "", body: "c", author: "Ann"))
    }

    @Test func `text encoded twice is put right`() throws {
        let feed = try read(document("<item><title>CitroÃ«n â€“ nieuw</title></item>"))
        #expect(feed.entries[1].title?.value == "Citroën – nieuw")
        #expect(feed.findings[.doubleEncoded] == 2)
    }

    @Test func `what stands too deep for libxml2 is read entry by entry`() throws {
        // More namespaces in force than the reader allows end its pass; each entry alone has few.
        let spaces = (0..<2000).map { "<a xmlns:n\($0)='u'>" }.prefix(200).joined()
        let flood = (0..<10).map { _ in "<item>\(spaces)</item>" }.joined()
        #expect(try titles(document(flood)).last == "last")
        let attributes = (0..<200).map { "xmlns:n\($0)='u\($0)'" }.joined(separator: " ")
        let nested = String(repeating: "<a \(attributes)>", count: 20)
        let feed = try read(
            "<rss><channel><item><title>one</title></item>\(nested)<item><title>two</title></item></channel></rss>")
        #expect(feed.entries.map { $0.plainText().title } == ["one", "two"])
        #expect(feed.findings[.entriesSalvaged] == 1)
    }
}

@Suite struct `Hostile feeds` {
    @Test(arguments: [
        "<!DOCTYPE r [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><rss><item><title>x&b;</title></item></rss>",
        "<!DOCTYPE r [<!ENTITY % a '<!ENTITY b \"%c;\">'><!ENTITY % c '%a;%a;'>%c;]><rss><item><title>x&b;</title></item></rss>",
        "<!DOCTYPE r SYSTEM 'file:///etc/passwd' [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><rss><item><title>x&b;</title></item></rss>",
    ])
    func `entities are never expanded`(document: String) throws {
        let feed = try read(document)
        #expect(feed.entries.map { $0.title?.value } == ["x&b;"])
        #expect(feed.findings[.doctypesDropped] == 1)
        #expect(feed.findings[.unknownEntities] == 1)
    }

    @Test(arguments: [
        "<item \((0..<5000).map { "a\($0)='1'" }.joined(separator: " "))><title>x</title></item>",
        "<item>\(String(repeating: "<a>", count: 100_000))\(String(repeating: "</a>", count: 100_000))</item>",
        "<item><description>\(String(repeating: "<p>", count: 100_000))</description></item>",
        "<item><title>\(String(repeating: "&", count: 100_000))</title></item>",
        "<item>\(String(repeating: "<category>c</category>", count: 5000))</item>",
        "<item>\((0..<3000).map { "<link>http://l.example/\($0)</link>" }.joined())</item>",
        "<item>\((0..<3000).map { "<x\($0)>y</x\($0)>" }.joined())</item>",
        "<item><pubDate>\(String(repeating: "9", count: 100_000))</pubDate></item>",
        "<item><link>\(String(repeating: "../", count: 20_000))</link></item>",
        "<item><author>\(String(repeating: "a@b.c ", count: 20_000))</author></item>",
        // Alike to String's ==, which takes long to find that they are not the same.
        "<item>\(alike.map { "<category>\($0)</category>" }.joined())</item>",
        "<item>\(alike.map { "<dc:creator>\($0)</dc:creator>" }.joined())</item>",
        "<item>\(alike.map { "<content:encoded>\($0)</content:encoded>" }.joined())</item>",
    ])
    func `floods cost little and take no other entry with them`(flood: String) throws {
        let feed = try read(document(flood), address: "https://a.example/b/c", keepsExtras: true)
        #expect(feed.entries.count == 3)
        #expect(feed.entries.first?.title?.value == "first")
        #expect(feed.entries.last?.title?.value == "last")
        #expect(feed.entries.allSatisfy { $0.links.count <= 256 && $0.categories.count <= 256 })
    }

    /// Each of these ends had the whole rest looked through for an entry of the other name: 10 s.
    @Test(arguments: ["item", "entry"]) func `a root that ends before every entry costs little`(name: String) throws {
        let ends = String(repeating: "<\(name)></rss>", count: 20_000)
        let rest = String(repeating: "<a/>", count: 100_000)
        let feed = try read("<rss><\(name)><title>first</title></\(name)>\(ends)\(rest)<\(name)/></rss>")
        #expect(feed.entries.first?.title?.value == "first")
        #expect(feed.findings[.strayEndTags] == 20_000)
    }

    @Test func `a long base is not repeated in every link`() throws {
        let long = "https://x.example/" + String(repeating: "p", count: 60_000) + "/"
        let items = "<item><link>a</link></item><item><link rel='x' href='b'/></item><item><enclosure url='c'/></item>"
        let based = try read("<rss xml:base='\(long)'><channel>\(items)</channel></rss>", keepsExtras: true)
        #expect(based.entries.map(\.link) == ["a", nil, nil])
        #expect(based.entries[1].links.map(\.href) == ["b"])
        #expect(based.entries[2].enclosures.map(\.url) == ["c"])
        // What the feed says is no base leaves the address, which is one.
        let linked = "<rss><channel><link>\(long)</link>\(items)</channel></rss>"
        #expect(try read(linked).entries.map(\.link) == ["a", nil, nil])
        #expect(try read(linked, address: "https://a.example/").entries[0].link == "https://a.example/a")
        let json =
            #"{"version":"https://jsonfeed.org/version/1","home_page_url":"\#(long)","items":[{"id":"1","url":"d"}]}"#
        #expect(try read(json).entries.map(\.link) == ["d"])
    }

    /// `parse` took 40 s and 2 GB for 4 MB of such links.
    @Test func `links that repeat a base grow no further than a document may`() throws {
        var limits = FeedLimits()
        limits.bytes = 64 << 10
        let base = "http://a.example/" + String(repeating: "p/", count: 1000)
        let texts = String(repeating: "<content xml:base='b/'>c</content><x/>", count: 40)
        let based = try #require(
            try read(
                "<feed xml:base='\(base)'><entry>\(texts)<content xml:base='b/'>d</content></entry></feed>",
                limits: limits
            ).entries.first)
        #expect(based.contents.map(\.base) == ["\(base)b/", "b/"])
        let item = "<item><link>l</link><media:content url='e'/><author><uri>u</uri></author><image href='i'/></item>"
        let items = String(repeating: item, count: 20)
        for (document, salvaged) in [("\(items)</rss>", 0), ("\(items)<item><link>l</item>", 0)] {
            for keepsExtras in [false, true] {
                let feed = try read("<rss xml:base='\(base)'>\(document)", limits: limits, keepsExtras: keepsExtras)
                #expect(feed.findings[.entriesSalvaged] == salvaged)
                // Whatever is left relative, an entry's own link is not.
                #expect(feed.entries.allSatisfy { $0.link == "\(base)l" })
                let enclosures = feed.entries.flatMap(\.enclosures).map(\.url)
                #expect(enclosures.first == "\(base)e")
                #expect(enclosures.last == "e")
                #expect(feed.findings[.linksLeftRelative] > 0)
                #expect(enclosures.map(\.utf8.count).reduce(0, +) < limits.bytes + 2048)
            }
        }
    }

    @Test func `hubs and keywords are bounded`() throws {
        let feed = try read(
            "<feed>\(String(repeating: "<link rel='hub' href='h'/><cloud domain='c'/>", count: 1000))</feed>")
        #expect(feed.hubs.count == 256)
        let hubs = Array(repeating: #"{"type":"WebSub","url":"h"}"#, count: 1000).joined(separator: ",")
        #expect(try read(#"{"version":"1","hubs":[\#(hubs)],"items":[]}"#).hubs.count == 256)
        let repeated = String(repeating: "a,", count: 255)
        let entry = try entries("<item><itunes:keywords>\(repeated)b,c</itunes:keywords></item>").first
        #expect(entry?.categories.map(\.term) == ["a", "b"])
    }

    @Test func `a link without an address takes the place of no other`() throws {
        let empty = String(repeating: "<link rel='x'></link>", count: 300)
        let item = document("<item>\(empty)<link>https://a.example/</link></item>")
        let (shown, plain) = (try read(item, keepsExtras: true), try read(item))
        #expect(plain.entries[1].link == "https://a.example/")
        #expect(shown.entries[1].link == "https://a.example/")
        #expect(shown.entries[1].links.count == 257)
        #expect(shown.findings.all.map(\.kind) == plain.findings.all.map(\.kind))
    }

    @Test func `names that begin alike for long are told apart where they end`() throws {
        let long = String(repeating: "x", count: 600)
        let space = "http://\(long)"
        let feed = try read(
            document(
                "<item><\(long)1><\(long)2>y</\(long)2></\(long)1><title>in</title></item>"
                    + "<item><m:title xmlns:m='\(space)'>nobody's</m:title><title>own</title></item>"))
        #expect(feed.entries.map { $0.plainText().title } == ["first", "in", "own", "last"])
    }

    @Test func `entries beyond the limit are counted`() throws {
        var limits = FeedLimits()
        limits.entries = 10
        let feed = try read("<rss>\(String(repeating: "<item/>", count: 400))</rss>", limits: limits)
        #expect(feed.entries.count == 10)
        #expect(feed.findings[.entriesOverLimit] == 390)
        #expect(feed.findings[.emptyEntries] == 10)
    }

    @Test func `a text beyond the limit is cut, and said`() throws {
        var limits = FeedLimits()
        limits.text = 1000
        let feed = try read(
            document("<item><title>\(String(repeating: "é", count: 2000))</title></item>"), limits: limits)
        #expect(feed.entries[1].title?.value.utf8.count == 1000)
        #expect(feed.findings[.textsCut] == 1)
        // Before a letter that would go beyond it.
        let title = "x" + String(repeating: "é", count: 2000)
        let json = #"{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","title":"\#(title)"}]}"#
        #expect(try read(json, limits: limits).entries.first?.title?.value.utf8.count == 999)
    }

    @Test func `a script address is no base`() throws {
        let feed = try read(
            "<feed xml:base='javascript:alert(1)'><entry><link href='x'/></entry></feed>",
            address: "https://a.example/",
            headers: [Header("Content-Location", "javascript:alert(2)")])
        #expect(feed.entries.first?.link == "https://a.example/x")
    }

    @Test func `nested JSON and endless strings are bounded`() throws {
        let deep = String(repeating: "[", count: 100_000)
        #expect(try read("{\"items\": [{\"id\": 1}, \(deep)").findings[.tooDeep] == 1)
        #expect(try read("{\"items\": [{\"id\": 1}, \(deep)").entries.count == 1)
        #expect(try read("{\"title\": \"\(String(repeating: "\\u12", count: 50_000))").entries.isEmpty)
        let many = try read("{\"items\": [{\"id\": 1}, [\(String(repeating: "0,", count: 1_000_000))], {\"id\": 2}]}")
        #expect(many.entries.map(\.id) == ["1"])
        #expect(many.findings[.endsEarly] == 1)
    }
}
