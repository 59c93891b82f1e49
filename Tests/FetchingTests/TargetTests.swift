// Where a request goes: our reading of a URL, Foundation's and libcurl's must be the same one.

import FoundationEssentials
import Model
import Testing

@testable import Fetching

@Suite struct TargetTests {
    @Test(arguments: [
        ("https://example.com", "example.com:443", "example.com"),
        ("http://Feeds.Example.COM/a?b=%41&c=~x", "Feeds.Example.COM:80", "feeds.example.com"),
        ("https://example.com:8443/x/../y", "example.com:8443", "example.com"),
        ("http://a_b-c.1x.example/", "a_b-c.1x.example:80", "a_b-c.1x.example"),
        ("http://localhost:1/", "localhost:1", "localhost"),
        ("http://user:secret@example.com/", "example.com:80", "example.com"),
        ("http://example.com./", "example.com.:80", "example.com"),
        ("http://bücher.example/ü", "xn--bcher-kva.example:80", "xn--bcher-kva.example"),
        ("HTTP://EXAMPLE.com", "EXAMPLE.com:80", "example.com"),
        ("http://example.com:0080/", "example.com:80", "example.com"),
    ])
    func hostAndPortAreThoseOfTheURL(url: String, endpoint: String, name: String) throws {
        let target = try Target(url)
        #expect(target.endpoint == endpoint)
        #expect(target.name == name)
        #expect(!target.isAddress)
    }

    @Test(arguments: [
        ("http://127.1/", "127.0.0.1:80"), ("http://0x7f.1/", "127.0.0.1:80"), ("https://[::1]:8443/", "[::1]:8443"),
        ("http://2130706433/", "127.0.0.1:80"), ("http://１２７.0.0.1/", "127.0.0.1:80"),
        ("https://192.168.0.10:8080/hook", "192.168.0.10:8080"), ("http://255.255.255.255", "255.255.255.255:80"),
        ("http://010.2.3.4/", "8.2.3.4:80"),
    ])
    func anAddressIsOneHoweverItIsWritten(url: String, endpoint: String) throws {
        let target = try Target(url)
        #expect(target.endpoint == endpoint)
        #expect(target.isAddress)
    }

    @Test(arguments: [
        "", "ftp://example.com/", "http://", "http:///a", "http://a:0/",
        "http://a:65536/", "http://a b/", "http://a%2fb/", "http://exa\nmple.com/", "example.com",
    ])
    func whatIsNoWebAddressIsRefused(url: String) {
        #expect(throws: FetchFailure.badAddress) { try Target(url) }
    }

    /// The short way must come to the same as the long one, byte by byte through all that may stand in a URL.
    @Test func theShortWayAgreesWithTheLong() throws {
        for scalar in (0x20...0x7E).map({ UnicodeScalar(UInt8($0)) }) {
            for url in [
                "http://a\(scalar)b.example/", "http://a.example/x\(scalar)41y", "https://a.example:8\(scalar)/",
            ] {
                let parsed = Address.parse(url)?.absoluteString
                let target = try? Target(url)
                #expect(target == nil || target?.url == parsed, "\(url)")
                let host = Address.host(url)
                #expect(target == nil || target?.name == host, "\(url)")
            }
        }
    }
}
