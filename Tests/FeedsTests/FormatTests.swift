// Every format is read into the same entries.

import Feeds
import FoundationEssentials
import Model
import Testing

@Suite struct `Formats` {
    @Test func `RSS 2.0 with its namespaces`() throws {
        let feed = try read(
            """
            <?xml version="1.0" encoding="utf-8"?>
            <rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"
              xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"
              xmlns:wfw="http://wellformedweb.org/CommentAPI/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"
              xmlns:media="http://search.yahoo.com/mrss/"><channel>
              <title>Bakkerij</title><link>https://bakkerij.example/</link><description>Nieuws</description>
              <language>nl-NL</language><ttl>30</ttl><sy:updatePeriod>hourly</sy:updatePeriod>
              <sy:updateFrequency>4</sy:updateFrequency><skipHours><hour>0</hour><hour>24</hour></skipHours>
              <skipDays><day>Sunday</day></skipDays><lastBuildDate>Sat, 01 Jun 2024 00:00:00 GMT</lastBuildDate>
              <atom:link rel="self" href="https://bakkerij.example/rss"/><atom:link rel="hub" href="https://hub.example/"/>
              <atom:link rel="next" href="?page=2"/>
              <image><title>Logo</title><url>/logo.png</url><link>https://elsewhere.example/</link></image>
              <item><title>Brood &amp; banket</title><link>/a</link><guid isPermaLink="false">id-1</guid>
                <pubDate>Fri, 31 May 2024 12:00:00 +0200</pubDate><dc:creator>Jan</dc:creator><category>brood</category>
                <description>Kort</description><content:encoded><![CDATA[<p>Lang</p>]]></content:encoded>
                <comments>/a#c</comments><wfw:commentRss>/a.rss</wfw:commentRss><slash:comments>3</slash:comments>
                <enclosure url="/a.mp3" type="audio/mpeg" length="12"/><media:title>Ander</media:title>
                <source url="https://bron.example/rss">Bron</source></item></channel></rss>
            """, address: "https://bakkerij.example/feeds/rss")
        #expect(feed.version == .rss20)
        #expect(feed.title?.value == "Bakkerij")
        #expect(feed.link == "https://bakkerij.example/")
        #expect(feed.language == "nl-nl")
        #expect(feed.pace.ttl == .seconds(1800))
        #expect(feed.pace.period == .seconds(900))
        #expect(feed.pace.skipHours == [0])
        #expect(feed.pace.skipDays == [7])
        #expect(feed.updated == Date(timeIntervalSince1970: 1_717_200_000))
        #expect(feed.selfLink == "https://bakkerij.example/rss")
        #expect(feed.hubs == [Hub(url: "https://hub.example/", type: "WebSub")])
        #expect(feed.next == "https://bakkerij.example/?page=2")
        let entry = try #require(feed.entries.first)
        #expect(entry.title?.value == "Brood & banket")
        #expect(entry.link == "https://bakkerij.example/a")
        #expect(entry.id == "id-1")
        #expect(entry.published == Date(timeIntervalSince1970: 1_717_149_600))
        #expect(entry.authors == [Person(name: "Jan")])
        #expect(entry.categories.map(\.term) == ["brood"])
        #expect(entry.summary?.value == "Kort")
        #expect(entry.contents.map(\.value) == ["<p>Lang</p>"])
        #expect(
            entry.comments
                == Comments(link: "https://bakkerij.example/a#c", feed: "https://bakkerij.example/a.rss", count: 3))
        #expect(entry.enclosures.map(\.type) == ["audio/mpeg"])
        #expect(entry.source == Origin(title: "Bron", link: "https://bron.example/rss"))
        #expect(entry.language == "nl-nl")
        #expect(feed.findings.isEmpty)
    }

    /// No Duration can be made of NaN: the first of these ended the process.
    @Test(arguments: [
        ("nan", 86_400), ("inf", 86_400), ("-1", 86_400), ("1e400", 86_400), ("0", 86_400),
        ("1e-300", 86_400), ("1e300", 0), ("0.5", 86_400), ("-nan", 86_400), ("2", 43_200), ("two", 86_400),
    ])
    func `an update frequency that cannot be one counts as none`(frequency: String, seconds: Int) throws {
        let pace = "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>\(frequency)</sy:updateFrequency>"
        #expect(try read("<rss><channel>\(pace)<item/></channel></rss>").pace.period == .seconds(seconds))
    }

    @Test func `Atom 1.0 with inherited bases and languages`() throws {
        let feed = try read(
            """
            <feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0"
              xml:lang="de" xml:base="https://a.example/blog/"><id>urn:f</id><title type="html">&lt;b&gt;Blog&lt;/b&gt;</title>
              <subtitle>Unter</subtitle><link rel="alternate" type="text/html" href="./"/>
              <link rel="alternate" type="application/json" href="feed.json"/><author><name>Redaktion</name></author>
              <entry xml:lang="nl_BE" xml:base="2024/"><id>urn:e</id><title type="text">1 &lt; 2 &lt;b&gt;</title>
                <link href="post"/><link rel="replies" type="application/atom+xml" href="post/replies" />
                <published>2024-05-31T10:00:00Z</published><updated>2024-05-31T11:00:00.5+01:00</updated>
                <author><name>Eva</name><email>eva@a.example</email><uri>eva</uri></author>
                <summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">a &amp; <b>b</b></div></summary>
                <content type="text/plain">c</content><category term="t" label="T" scheme="urn:s"/>
                <thr:in-reply-to ref="urn:other"/><thr:total>7</thr:total>
                <source><id>urn:src</id><title>Quelle</title><link href="https://q.example/"/></source></entry></feed>
            """)
        #expect(feed.version == .atom10)
        #expect(feed.link == "https://a.example/blog/")
        #expect(feed.language == "de")
        let entry = try #require(feed.entries.first)
        #expect(
            entry.title
                == RichText(
                    "1 < 2 <b>", form: .plain,
                    in: Boxed(RichText.Scope(language: "nl-BE", base: "https://a.example/blog/2024/"))))
        #expect(entry.link == "https://a.example/blog/2024/post")
        #expect(entry.language == "nl-BE")
        #expect(entry.authors == [Person(name: "Eva", email: "eva@a.example", url: "https://a.example/blog/2024/eva")])
        #expect(entry.summary?.plain == "a & b")
        #expect(entry.categories == [Category(term: "t", scheme: "urn:s", label: "T")])
        #expect(entry.inReplyTo == "urn:other")
        #expect(entry.comments?.count == 7)
        #expect(entry.comments?.feed == "https://a.example/blog/2024/post/replies")
        #expect(entry.source == Origin(title: "Quelle", id: "urn:src", link: "https://q.example/"))
    }

    @Test func `Atom content that lies elsewhere is a link and no text`() throws {
        let feed = try read(
            """
            <feed xmlns="http://www.w3.org/2005/Atom"><entry><id>urn:e</id>
              <content type="application/pdf" src="https://a.example/e.pdf"/></entry></feed>
            """, keepsExtras: true)
        let entry = try #require(feed.entries.first)
        #expect(entry.contents.isEmpty)
        #expect(entry.links == [Link(href: "https://a.example/e.pdf", rel: "content", type: "application/pdf")])
    }

    @Test func `RSS 1.0, whose items stand beside the channel`() throws {
        let feed = try read(
            """
            <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
              xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://r.example/"><title>R</title>
              <items><rdf:Seq><rdf:li rdf:resource="https://r.example/1"/></rdf:Seq></items></channel>
              <item rdf:about="https://r.example/1"><title>Eins</title><link>https://r.example/1</link>
              <dc:date>2024-05-31</dc:date></item></rdf:RDF>
            """)
        #expect(feed.version == .rss10)
        #expect(feed.title?.value == "R")
        #expect(feed.entries.map(\.id) == ["https://r.example/1"])
        #expect(feed.entries.first?.updated == Date(timeIntervalSince1970: 1_717_113_600))
    }

    @Test func `CDF and Atom 0.3`() throws {
        let cdf = try read(
            "<CHANNEL HREF='/'><TITLE>C</TITLE><ITEM HREF='https://c.example/1' LASTMOD='2004-04-06T23:05:43-05:00'><TITLE>Uno</TITLE><ABSTRACT>x</ABSTRACT></ITEM></CHANNEL>"
        )
        #expect(cdf.version == .cdf)
        #expect(cdf.entries.first?.link == "https://c.example/1")
        #expect(cdf.entries.first?.updated == Date(timeIntervalSince1970: 1_081_310_743))
        let atom = try read(
            """
            <feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title mode="base64" type="text/html">
            PGI+YmFzZTY0PC9iPg==</title><content mode="escaped" type="text/html">&lt;i&gt;x&lt;/i&gt;</content></entry></feed>
            """)
        #expect(atom.version == .atom03)
        #expect(atom.entries.first?.plainText().title == "base64")
        #expect(atom.entries.first?.plainText().body == "x")
    }

    @Test(arguments: [
        ("<rss version='0.91'/>", FeedVersion.rss091u), ("<rss version='0.92'>", .rss092),
        ("<rss version='2.0.1'/>", .rss20),
        ("<rss/>", .rss), ("<feed/>", .atom), ("<rdf:RDF xmlns='http://my.netscape.com/rdf/simple/0.9/'/>", .rss090),
    ])
    func `versions are told apart`(document: String, version: FeedVersion) throws {
        #expect(try read(document).version == version)
    }

    @Test func `JSON Feed, lenient`() throws {
        let feed = try read(
            """
            {"version": "https://jsonfeed.org/version/1.1", "title": "J", "home_page_url": "https://j.example/",
             "feed_url": "https://j.example/feed.json", "next_url": "https://j.example/2.json", "language": "fr",
             "hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
             "items": [
               {"id": 12345678901234567890, "url": "/a", "title": "A", "content_html": "<p>a</p>", "summary": "s",
                "date_published": "2024-05-31T10:00:00Z", "authors": [{"name": "X"}, "Y"], "tags": ["t", 3],
                "attachments": [{"url": "a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 9}]},
               {"id": {"no": 1}}, 7,
               {"id": true, "external_url": "https://else.example/", "content_text": "a <b>", "author": {"name": "Z"}},
            ]}
            """, address: "https://j.example/feed.json")
        #expect(feed.version == .json11)
        #expect(feed.next == "https://j.example/2.json")
        #expect(feed.hubs == [Hub(url: "https://hub.example/", type: "WebSub")])
        #expect(feed.entries.map(\.id) == ["12345678901234567890", "true"])
        #expect(feed.entries.map(\.link) == ["https://j.example/a", "https://else.example/"])
        #expect(feed.entries.first?.authors == [Person(name: "X"), Person(name: "Y")])
        #expect(feed.entries.first?.enclosures.first?.length == 9)
        #expect(feed.entries.last?.plainText() == PlainEntry(title: "", body: "a <b>", author: "Z"))
        #expect(feed.entries.last?.language == "fr")
        #expect(feed.findings[.badItems] == 2)
        #expect(feed.findings[.parserErrors] == 1)
    }

    @Test(arguments: [
        (#""content_html": "", "content_text": "Acme""#, "Acme"),
        (#""content_html": " ", "content_text": "Acme""#, "Acme"),
        (#""content_html": null, "content_text": "Acme""#, "Acme"),
        (#""content_html": "<p>Acme</p>", "content_text": """#, "Acme"),
        (
            #""content_html": "<p>More &amp; more</p>", "content_text": "All about Acme""#,
            "More & more\n\nAll about Acme"
        ),
        // What one says twice is there once, whichever of them has more of it.
        (#""content_html": "<p>All <b>about</b>&nbsp;Acme</p>", "content_text": "All about Acme""#, "All about Acme"),
        (
            #""content_html": "<p>All about Acme, and more</p>", "content_text": "All about Acme""#,
            "All about Acme, and more"
        ),
        (#""content_html": "<p>All about</p>", "content_text": "All about Acme""#, "All about Acme"),
    ])
    func `neither text of a JSON item takes the other's place`(members: String, body: String) throws {
        let feed = try read("{\"version\": \"x\", \"items\": [{\"id\": \"1\", \(members)}]}")
        #expect(feed.entries.map { $0.plainText().body } == [body])
    }

    @Test func `an id that is empty or null is none`() throws {
        let null =
            #"{"version": "x", "items": [{"id": null, "url": "https://a.example/1"}, {"id": null, "title": "t"}]}"#
        #expect(try read(null).entries.map(\.id) == [nil, nil])
        #expect(try read(null).entries.first?.identity == "https://a.example/1")
        let shown = try read(null, keepsExtras: true)
        #expect(shown.entries.map(\.id) == ["null", "null"])
        #expect(try shown.entries.map(\.identity) == read(null).entries.map(\.identity))
        #expect(shown.findings[.entriesWithoutID] == 2)
        let feed = try read("{\"version\": \"x\", \"items\": [{\"id\": \"\"}, {\"id\": \" \", \"url\": \"\"}]}")
        #expect(feed.entries.allSatisfy { $0.id == nil && $0.link == nil && !$0.identity.isEmpty })
    }

    @Test func `items that are no list, and a document that breaks off`() throws {
        let object = try read("{\"version\": \"x\", \"items\": {\"b\": {\"id\": 2}, \"a\": {\"id\": 1}}}")
        #expect(object.entries.map(\.id) == ["1", "2"])
        let cut = try read("{\"version\": \"x\", \"items\": [{\"id\": 1}, {\"id\": 2, \"title\": \"bre")
        #expect(cut.entries.map(\.id) == ["1", "2"])
        #expect(cut.findings[.parserErrors] == 1)
    }

    @Test func `an app-store review has its stars`() throws {
        let feed = try read(
            "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:im='http://itunes.apple.com/rss'><entry><id>1</id><im:rating>2</im:rating></entry></feed>"
        )
        #expect(feed.entries.first?.rating == 2)
    }
}

@Suite struct `What is no feed` {
    @Test func `says what it is instead`() {
        #expect(reason("") == .empty)
        #expect(reason(" \n\u{FEFF} ") == .empty)
        #expect(
            reason("<!DOCTYPE html><html><head><title>Log in &amp; pay</title></head>")
                == .htmlPage(title: "Log in & pay"))
        #expect(reason("<HTML><BODY>x") == .htmlPage(title: nil))
        #expect(reason("<html>" + String(repeating: "<title", count: 2700)) == .htmlPage(title: nil))
        #expect(reason("<?xml version='1.0'?><sitemapindex/>") == .otherXML(root: "sitemapindex"))
        #expect(reason("{\"error\": \"no\"}") == .otherJSON)
        #expect(reason("[1, 2]") == .otherJSON)
        #expect(reason("Not found") == .unknown(start: "Not found"))
    }

    @Test func `or that it is too large`() {
        var limits = FeedLimits()
        limits.bytes = 10
        #expect(throws: FeedError(.tooLarge(limit: 10))) { try read("<rss></rss>", limits: limits) }
    }

    @Test func `is described in one line`() {
        for reason: FeedError.Reason in [.empty, .htmlPage(title: "T"), .otherJSON, .unknown(start: "x")] {
            #expect(!FeedError(reason).description.contains("\n"))
        }
    }
}
