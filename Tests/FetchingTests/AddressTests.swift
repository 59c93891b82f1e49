// URLs as text.

import FoundationEssentials
import Model
import Testing

@Suite struct AddressTests {
    @Test(arguments: [
        ("https://example.com/feed.xml", "https://example.com/feed.xml"),
        ("https://user:secret@example.com/a?b#c", "https://example.com/a?b#c"),
        ("https://user@example.com", "https://example.com"),
        ("https://user:a@b@example.com/x@y", "https://example.com/x@y"),
        ("https://example.com/@name?mail=a@b", "https://example.com/@name?mail=a@b"),
        ("https://user:pa/ss@example.com/", "example.com/"),
        ("user:secret@example.com", "example.com"),
        ("ftp://user:secret@example.com", "example.com"),
        ("https://user:secret@", ""),
        ("nonsense", "nonsense"),
    ])
    func credentialsAreNeverShown(text: String, shown: String) {
        #expect(Address.shown(text) == shown)
    }

    @Test(arguments: [
        "", "example.com", "//example.com", "ftp://example.com", "file:///etc/passwd", "javascript:alert(1)", "http:",
        "http://", "http:///path", "http:/example.com", "http://a:0/", "http://a:65536/", "http://a:b/", "http://a b/",
        "http://a%0d%0aX:1/", "http://a%00/", "http://a%2fb/", "http://[::1/", "http://a\\@b%5c/",
        "http://\(String(repeating: "a", count: 8_192))/",
    ])
    func whatCannotBeFetchedDoesNotParse(text: String) {
        #expect(Address.parse(text) == nil)
    }

    @Test func whatAUrlMayNotHoldComesOutEncoded() {
        #expect(
            Address.parse("https://example.com/a b/ü?q=[1]|2")?.absoluteString
                == "https://example.com/a%20b/%C3%BC?q=%5B1%5D%7C2")
    }

    @Test(arguments: [
        ("HTTP://Example.COM/a", "http://example.com:80"),
        ("https://u:p@example.com.:8443/", "https://example.com:8443"),
        ("https://example.com:443", "https://example.com:443"), ("http://[::1]/", "http://::1:80"),
    ])
    func anOriginIsSchemeHostAndPort(text: String, origin: String) {
        #expect(Address.origin(text) == origin)
    }

    /// The examples of RFC 3986 §5.4, but for those that lead away from http.
    @Test(arguments: [
        ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"), ("/g", "http://a/g"),
        ("//g", "http://g"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"), ("#s", "http://a/b/c/d;p?q#s"),
        (";x", "http://a/b/c/;x"), ("g;x?y#s", "http://a/b/c/g;x?y#s"), (".", "http://a/b/c/"), ("..", "http://a/b/"),
        ("../g", "http://a/b/g"), ("../..", "http://a/"), ("../../g", "http://a/g"), ("../../../g", "http://a/g"),
        ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."), ("g..", "http://a/b/c/g.."), ("./../g", "http://a/b/g"),
        ("./g/.", "http://a/b/c/g/"), ("g/../h", "http://a/b/c/h"), ("g?y/../x", "http://a/b/c/g?y/../x"),
        ("https://b/c", "https://b/c"),
    ])
    func referencesAreResolvedAsTheStandardSays(reference: String, expected: String) {
        #expect(Address.resolved(reference, against: "http://a/b/c/d;p?q") == expected)
    }

    @Test(arguments: [
        "file:///etc/passwd", "gopher://a/", "javascript:alert(1)", "data:,x", "http:g", "mailto:a@b", "//",
    ])
    func referencesThatLeadAwayFromTheWebDoNotResolve(reference: String) {
        #expect(Address.resolved(reference, against: "http://a/b") == nil)
    }

    @Test func credentialsAreTakenOffAndPutBack() {
        let (bare, credentials) = Address.divided("https://user:se%40cret@example.com:8443/a?b")
        #expect(bare == "https://example.com:8443/a?b")
        #expect(credentials == "user:se%40cret")
        #expect(Address.joined(bare, credentials: credentials) == "https://user:se%40cret@example.com:8443/a?b")
        #expect(Address.joined(bare, credentials: nil) == bare)
    }

    @Test(arguments: [
        ("HTTP://Blog.Example.COM", "http://blog.example.com/"), ("https://a.example?q=X", "https://a.example/?q=X"),
        ("https://Jan:Se%40@A.example/Path", "https://Jan:Se%40@a.example/Path"), ("https://a.example/", nil),
        ("mailto:Jan@A.example", nil), ("/Relative", nil), ("urn:ISBN:1", nil), ("", nil),
    ])
    func anAddressIsTheSameHoweverItsHostIsWritten(_ address: String, _ expected: String?) {
        #expect(Address.normalised(address) == expected ?? address)
    }

    @Test(arguments: [
        ("https://a.example/feed?token=geheim&page=2", "https://a.example/feed?token=…&page=2"),
        ("https://a.example/?api_key=1&X-Auth=2", "https://a.example/?api_key=…&X-Auth=…"),
        (
            "https://r.example/.rss?feed=0123456789abcdef0123456789abcdef01234567&user=jan",
            "https://r.example/.rss?feed=…&user=jan"
        ),
        (
            "https://jan:x@a.example/?feed=rss2&q=a-long-search-for-words",
            "https://a.example/?feed=rss2&q=a-long-search-for-words"
        ),
    ])
    func tokensInAQueryAreNotShown(_ address: String, _ shown: String) {
        #expect(Address.shown(address) == shown)
    }
}
