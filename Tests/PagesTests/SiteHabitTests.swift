// What sites leave out of their feeds, or wrap up.

import Model
import Pages
import Testing

@Suite struct `The habits of sites` {
    private func entry(_ link: String, rating: Double? = nil, author: String? = nil) -> Entry {
        var entry = Entry(identity: "1")
        entry.link = link
        entry.rating = rating
        entry.authors = author.map { [Person(name: $0)] } ?? []
        return entry.asMeant
    }

    @Test(arguments: [
        (
            "https://www.google.com/url?rct=j&sa=t&url=https://a.example/b%3Fc%3D1&ct=ga&usg=x",
            "https://a.example/b?c=1"
        ),
        ("https://www.google.nl/url?q=http://a.example/b&sa=U", "http://a.example/b"),
        ("https://www.google.com/url?url=javascript:alert(1)", "https://www.google.com/url?url=javascript:alert(1)"),
        ("https://a.example/url?url=https://google.com/", "https://a.example/url?url=https://google.com/"),
        ("https://www.google.com/maps?url=https://a.example/", "https://www.google.com/maps?url=https://a.example/"),
    ]) func `links over Google lead where they are meant to`(link: String, target: String) {
        #expect(entry(link).link == target)
    }

    @Test func `posts of Mastodon are by whom their link names`() {
        #expect(entry("https://m.example/@jan/112345").authors.map(\.name) == ["jan"])
        #expect(entry("https://m.example/@jan/112345", author: "Jan J.").authors.map(\.name) == ["Jan J."])
        #expect(entry("https://medium.example/@jan/a-story").authors.isEmpty)
        #expect(entry("https://m.example/@jan").authors.isEmpty)
    }

    @Test func `an entry with stars is a review`() {
        #expect(entry("https://a.example/", rating: 2).kind == .review)
        #expect(entry("https://a.example/").kind == nil)
    }
}
