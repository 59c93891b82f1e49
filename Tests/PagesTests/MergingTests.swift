// Which findings of two readings are one post, and which only have a number in common.

import Model
import Pages
import Testing

private func entries(_ json: String, _ body: String, address: String) throws -> [Entry] {
    try readPage(
        """
        <html lang=en><head><title>Our week</title></head><body><script type="application/ld+json">\(json)</script>
        \(body)</body></html>
        """, address: address
    ).feed.entries
}

/// A comment in microdata.
private func comment(_ author: String, _ link: String, _ text: String, at date: String) -> String {
    """
    <article itemprop="comment" itemscope itemtype="https://schema.org/Comment"><p itemprop="author" itemscope
    itemtype="https://schema.org/Person"><span itemprop="name">\(author)</span></p><time itemprop="datePublished"
    datetime="\(date)"><a href="\(link)" itemprop="url">then</a></time><div itemprop="text">\(text)</div></article>
    """
}

@Suite struct `Two readings of one page` {
    /// As Yoast writes the article and Genesis its comments.
    @Test(arguments: [#""articleBody":"All that happened to us in the bakery.","#, ""])
    func `do not mistake the first comment for the article, whose link has the same year`(text: String) throws {
        let address = "https://blog.example/2026/11/our-week/"
        let article =
            #"{"@graph":[{"@type":"Article","@id":"\#(address)#article","mainEntityOfPage":{"@id":"\#(address)"},\#(text)"#
            + #""author":{"name":"Zoe"},"headline":"Our week","datePublished":"2026-11-02T08:00:00+00:00"}]}"#
        let comments =
            comment("Ann", "\(address)#comment-55", "Acme again, of all things.", at: "2026-11-02T09:00:00+00:00")
            + comment("Ben", "\(address)#comment-56", "I like it very much indeed.", at: "2026-11-02T10:00:00+00:00")
        let found = try entries(article, comments, address: address)
        #expect(found.map(\.author) == ["Zoe", "Ann", "Ben"])
        #expect(found.map(\.link).suffix(2) == ["\(address)#comment-55", "\(address)#comment-56"])
        #expect(found.first?.text.contains("Acme again") == false)
    }

    @Test(arguments: [
        ("https://forum.example/viewtopic.php?t=12345", "https://forum.example/viewtopic.php?t=12345#p77"),
        ("https://forum.example/12345/acme/", "https://forum.example/12345/acme/#c77"),
        // Their own numbers, and nobody's post.
        ("https://forum.example/best-of-2026", "https://forum.example/worst-of-2026"),
    ]) func `do not take two posts for one by the number of their thread or their year`(
        first: String, second: String
    ) throws {
        let posting =
            #"{"@type":"DiscussionForumPosting","author":{"name":"Zoe"},"url":"\#(first)","headline":"Acme","#
            + #""datePublished":"2026-11-02T08:00:00+00:00"}"#
        let found = try entries(
            posting, comment("Ann", second, "Of all things, Acme.", at: "2026-11-04T09:00:00Z"), address: first)
        #expect(found.map(\.author) == ["Zoe", "Ann"])
    }

    @Test(arguments: [
        "https://forum.example/t/acme/12345#post-98765", "https://forum.example/posts/98765/",
        "https://forum.example/viewtopic.php?t=1&p=98765",
    ]) func `know a post by its number, though each quotes it otherwise`(link: String) throws {
        let posting =
            #"{"@type":"Comment","author":{"name":"Ann"},"@id":"post_98765","#
            + #""text":"Zoe said: nothing of the kind. Of all things, Acme."}"#
        let found = try entries(
            posting, comment("Ann", link, "Of all things it had to be Acme.", at: "2026-11-02T09:00:00Z"),
            address: "https://forum.example/t/acme/12345")
        #expect(found.map(\.author) == ["Ann"])
        #expect(found.first?.minute == "2026-11-02T09:00")
    }
}
