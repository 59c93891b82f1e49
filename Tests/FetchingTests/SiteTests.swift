import Fetching
import Model
import Testing

@Suite struct SiteTests {
    @Test(arguments: [
        ("https://www.example.com/feed", "example.com"),
        ("https://news.bbc.co.uk/rss", "bbc.co.uk"),
        ("https://a.github.io/feed", "github.io"),
        ("https://b.blogspot.com/feeds/posts/default", "blogspot.com"),
        ("https://c.wordpress.com/feed", "wordpress.com"),
        ("https://d.tumblr.com/rss", "tumblr.com"),
        ("https://WWW.Example.COM./feed", "example.com"),
        ("https://jan:geheim@old.reddit.com/r/x/.rss", "reddit.com"),
        ("https://unknown.suffix.nosuchtld/feed", "suffix.nosuchtld"),
    ]) func aPublicHostBelongsToItsRegistrableDomain(_ address: String, _ domain: String) {
        #expect(Site(address).name == domain)
        #expect(!Site(address).isPrivate)
    }

    @Test(arguments: [
        ("http://127.0.0.1:8080/feed", "127.0.0.1:8080"), ("http://127.0.0.1:8081/feed", "127.0.0.1:8081"),
        ("http://[::1]/feed", "::1:80"), ("https://nas/feed", "nas:443"), ("http://bridge.local/", "bridge.local:80"),
        ("http://rss-bridge.lan:3000/x", "rss-bridge.lan:3000"),
    ]) func aPrivateHostIsASiteOfItsOwn(_ address: String, _ name: String) {
        #expect(Site(address).name == name)
        #expect(Site(address).isPrivate)
    }

    /// The fast way and the careful one must see the same in an address.
    @Test(arguments: [
        "https://example.com", "https://example.com/", "http://example.com:8080/a?b=c&d=e", "https://a-b.example/x;y",
        "https://example.com./x", "http://example.com:80/", "https://1.2.3.4/x",
    ]) func aPlainAddressReadsAsTheParserReadsIt(_ address: String) throws {
        let plain = try #require(PlainAddress(address))
        #expect(String(plain.host) == Address.host(address))
        #expect(Address.origin(address) == "\(plain.isSecure ? "https" : "http")://\(plain.host):\(plain.port)")
    }

    @Test(arguments: [
        "ftp://example.com/", "https://", "https://Example.com/", "https://a b.example/", "https://user@example.com/",
        "https://example.com:0/", "https://example.com:99999/", "https://example.com:8o/", "https://ex%61mple.com/",
        "https://example.com/é", "https://example.com/a b", "https://.example.com/", "https://example.com?x",
        "https://[::1]/", "https://example.com/#x", "https://example.com\\@evil.example/",
    ]) func anAddressThatNeedsCareIsNotPlain(_ address: String) {
        #expect(PlainAddress(address) == nil)
    }
}
