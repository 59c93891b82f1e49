// JSON-LD and microdata in the shapes that pages use, and what becomes of a post that stands there twice.

import Model
import Pages
import Testing

private func entries(_ body: String) throws -> [Entry] {
    try readPage("<html lang=en><head><title>Acme bike</title></head><body>\(body)</body></html>").feed.entries
}

private func script(_ json: String) -> String { "<script type=\"application/ld+json\">\(json)</script>" }

private let review =
    #"{"@type":"Review","author":{"@type":"Person","name":"Jan"},"datePublished":"2025-06-01","reviewBody":"Squeaks.","reviewRating":{"@type":"Rating","ratingValue":"2","bestRating":"5"}}"#

@Suite struct `Structured data` {
    @Test(arguments: [
        "{\"@context\":\"https://schema.org\",\"@type\":\"Product\",\"name\":\"Bike\",\"review\":\(review)}",
        "{\"@type\":\"Product\",\"name\":\"Bike\",\"review\":[\(review)]}", "[{\"@type\":\"WebPage\"},\(review)]",
        "{\"@graph\":[{\"@type\":[\"Product\",\"Thing\"],\"name\":\"Bike\",\"review\":[\(review)]}]}",
        "<!-- \(review) -->", "//<![CDATA[\n\(review)\n//]]>",
        "{\"@type\":\"http://schema.org/Product\",\"reviews\":[\(review)],}",
        "{\"@type\":\"Product\",\"review\":[\(review.replacing("Squeaks.", with: "Squeaks.\n\tx")) ]",
    ])
    func `in JSON-LD is found in every shape`(json: String) throws {
        let found = try entries(script(json))
        #expect(found.count == 1)
        #expect(found.first?.author == "Jan")
        #expect(found.first?.rating == 2)
        #expect(found.first?.kind == .review)
        #expect(found.first?.text.hasPrefix("Squeaks.") == true)
        #expect(found.first?.minute == "2025-06-01T00:00")
    }

    @Test func `that refers to an item elsewhere on the page is put together with it`() throws {
        let found = try entries(
            script(
                #"""
                {"@graph":[{"@type":"Product","@id":"#p","name":"Bike"},{"@type":"Person","@id":"#jan","name":"Jan"},
                {"@type":"Review","reviewBody":"Squeaks a lot.","author":{"@id":"#jan"},"itemReviewed":{"@id":"#p"}},
                {"@type":"Review","reviewBody":"Does not squeak.","author":{"@id":"#nobody"}}]}
                """#))
        #expect(found.map(\.author) == ["Jan", nil])
        #expect(found.first?.thread?.title == "Bike")
    }

    @Test func `in older words, or with its quotes escaped, is understood`() throws {
        let comment = try entries(
            """
            <div itemscope itemtype="https://schema.org/UserComments"><b itemprop="creator">jan</b>
            <time itemprop="commentTime" datetime="2025-06-01T10:00:00Z"></time><p itemprop="commentText">Squeaks.</p></div>
            """)
        #expect(comment.map(\.author) == ["jan"] && comment.map(\.minute) == ["2025-06-01T10:00"])
        #expect(comment.map(\.text) == ["Squeaks."] && comment.map(\.kind) == [.forum])
        let review = try entries(
            """
            <div itemscope itemtype="http://data-vocabulary.org/Review"><i itemprop="reviewer">jan</i>
            <time itemprop="dtreviewed" datetime="2025-06-01"></time><b itemprop="summary">Bad</b><u itemprop="rating">2</u></div>
            """)
        #expect(review.map(\.author) == ["jan"] && review.map(\.rating) == [2] && review.map(\.title?.value) == ["Bad"])
        let escaped = try entries(
            script("{&quot;@type&quot;:&quot;Review&quot;,&quot;reviewBody&quot;:&quot;Squeaks.&quot;}"))
        #expect(escaped.map(\.text) == ["Squeaks."])
    }

    @Test func `of a question gives the question and its answers, each with its thread`() throws {
        let found = try entries(
            script(
                #"""
                {"@type":"QAPage","mainEntity":{"@type":"Question","name":"Which oil?","text":"For my Acme.","author":{"name":"a"},
                "acceptedAnswer":{"@type":"Answer","text":"Any.","author":{"name":"b"},"url":"/q/1#a2","dateCreated":"2025-06-02T10:00:00Z"},
                "suggestedAnswer":[{"@type":"Answer","text":"None.","author":{"name":"c"},"url":"/q/1#a3"}]}}
                """#))
        #expect(Set(found.map(\.author)) == ["a", "b", "c"])
        #expect(found.allSatisfy { $0.kind == .qa })
        #expect(found.first { $0.author == "b" }?.thread?.title == "Which oil?")
        #expect(found.first { $0.author == "b" }?.link == "https://forum.example.com/q/1#a2")
    }

    @Test func `in microdata is found, nested, referred to, or alone`() throws {
        let found = try entries(
            """
            <div itemscope itemtype="https://schema.org/DiscussionForumPosting"><h1 itemprop="headline">Acme</h1>
            <span itemprop="author" itemscope itemtype="https://schema.org/Person"><a itemprop="name" href="/u/1">ann</a></span>
            <div itemprop="text"><p>One.</p></div>
            <div itemprop="comment" itemscope itemtype="https://schema.org/Comment"><meta itemprop="datePublished" content="2025-06-03T10:00:00Z">
            <a itemprop="author" itemscope itemtype="https://schema.org/Person">ben</a><div itemprop="text">Two.</div></div></div>
            <div itemprop="review" itemscope itemtype="http://schema.org/Review" itemref="who"><span itemprop="ratingValue">x</span>
            <span itemprop="reviewRating" itemscope><meta itemprop="ratingValue" content="4.8"><meta itemprop="bestRating" content="5"></span>
            <p itemprop="description">Three.</p></div><i id="who" itemprop="author">cor</i>
            """)
        #expect(found.map(\.author) == ["ann", "ben", "cor"])
        #expect(found.map(\.text) == ["One.", "Two.", "Three."])
        #expect(found.map(\.rating) == [nil, nil, 4.8])
    }

    @Test func `twice over is one entry, with the longer text and the exact date`() throws {
        let posting =
            #"{"@type":"DiscussionForumPosting","headline":"Acme","author":{"name":"ann"},"text":"The bell of my Acme bicycle rings by it…","datePublished":"2025-06-07T12:00:10Z","comment":[{"@type":"Comment","author":{"name":"ben"},"text":"Mine does not, but the other one does.","datePublished":"2025-06-07T12:00:20Z"}]}"#
        let found = try entries(
            script(posting) + """
                <div itemscope itemtype="https://schema.org/DiscussionForumPosting"><meta itemprop="headline" content="Acme">
                <meta itemprop="author" content="ann"><time itemprop="datePublished" datetime="2025-06-07T12:00:00Z"></time>
                <div itemprop="text">The bell of my Acme bicycle rings by itself, at night, in the shed.</div></div>
                """)
        #expect(found.map(\.author) == ["ann", "ben"])
        #expect(found.first?.text.hasSuffix("in the shed.") == true)
    }

    @Test func `of two comments with the same words keeps both`() throws {
        let comment =
            #"{"@type":"Comment","author":{"name":"ann"},"text":"Me too, with my Acme bicycle.","datePublished":"2025-06-07T12:00:10Z"}"#
        #expect(try entries(script("[\(comment),\(comment)]")).count == 2)
    }

    @Test func `that is deep, long or broken costs nothing`() throws {
        let deep = String(repeating: #"{"@type":"Product","review":"#, count: 5_000) + "1"
        #expect(try entries(script(deep)).isEmpty)
        #expect(try entries(script("not json") + script("{") + script("[[[[")).isEmpty)
        let many = String(repeating: "<div itemscope itemprop=a itemref='x y z'>", count: 400)
        #expect(try entries("<div itemscope>\(many)").isEmpty)
    }
}

@Suite struct `A rating` {
    @Test(arguments: [
        (#""5""#, 5.0), ("5", 5.0), (#""4.8""#, 4.8), (#""8,5""#, 8.5), (#""3 out of 5""#, 3.0), (#""★★★☆☆""#, 3.0),
    ])
    func `is read as sites write it`(value: String, rating: Double) throws {
        let json = #"{"@type":"Review","author":"a","reviewBody":"b","reviewRating":{"ratingValue":\#(value)}}"#
        #expect(try entries(script(json)).first?.rating == rating)
    }

    @Test func `compares in stars of five, whatever the site's scale`() throws {
        let json = #"{"@type":"Review","author":"a","reviewBody":"b","reviewRating":{"ratingValue":4,"bestRating":10}}"#
        let entry = try #require(try entries(script(json)).first)
        #expect(entry.rating == 4)
        #expect(entry.stars == 2)
    }
}
