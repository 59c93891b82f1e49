import Fetching
import Foundation
import Testing

/// RFC 9309, and what stands in the files of real sites.
@Suite struct RobotsTests {
    private func robots(_ text: String) -> Robots {
        Robots(Array(text.utf8), agent: "earshot")
    }

    private func allows(_ text: String, _ path: String) -> Bool {
        robots(text).allows("https://shop.example" + path)
    }

    @Test func theLongestRuleDecidesAndATieAllows() {
        let text = "User-agent: *\nDisallow: /reviews\nAllow: /reviews/public\nDisallow: /a\nAllow: /a\n"
        #expect(!allows(text, "/reviews/1"))
        #expect(allows(text, "/reviews/public/1"))
        #expect(allows(text, "/a"))
        #expect(allows(text, "/"))
    }

    @Test func ourOwnGroupsCountAloneAndTogether() {
        let text = """
            User-agent: *
            Disallow: /

            User-agent: Earshot/0.1
            User-agent: OtherBot
            Disallow: /private

            User-agent: earshot
            Disallow: /cart
            """
        #expect(allows(text, "/reviews"))
        #expect(!allows(text, "/private"))
        #expect(!allows(text, "/cart"))
    }

    @Test(arguments: [
        ("/*.php", "/index.php", true), ("/*.php", "/folder/x.php?a=1", true), ("/*.php", "/", false),
        ("/*.php$", "/x.php", true), ("/*.php$", "/x.php?a", false), ("/fish*", "/fishheads", true),
        ("/$", "/", true), ("/$", "/a", false), ("/a*b*c$", "/axxbyyc", true), ("/a*b*c$", "/axxbyycd", false),
        ("/caf%C3%A9", "/café", true), ("/café", "/caf%c3%a9", true), ("/%7Ejoe", "/~joe", true),
        ("*", "/anything", true), ("/search?q=", "/search?q=x", true),
    ]) func aPatternFitsAPath(_ pattern: String, _ path: String, _ fits: Bool) {
        #expect(allows("User-agent: *\nDisallow: \(pattern)", path) == !fits)
    }

    @Test func aFileAsPeopleWriteItIsRead() {
        let text = "\u{FEFF}USER-AGENT : * # all\r\rdisallow:/x # no\rSitemap: https://a.example/s.xml\rDisallow: /y\r"
        #expect(!allows(text, "/x"))
        #expect(!allows(text, "/y"))
        #expect(allows("User-agent: *\nDisallow:\n", "/x"))
        #expect(allows("Disallow: /\n", "/x"))
        #expect(allows("<html>no robots here</html>", "/x"))
    }

    @Test func aCrawlDelayIsReadAndBounded() {
        #expect(robots("User-agent: *\nCrawl-delay: 2.5\n").crawlDelay == .seconds(2.5))
        #expect(robots("User-agent: *\nCrawl-delay: 1000000\n").crawlDelay == .seconds(300))
        #expect(robots("User-agent: *\nCrawl-delay: -1\n").crawlDelay == nil)
        #expect(robots("User-agent: *\nCrawl-delay: nan\n").crawlDelay == nil)
        #expect(robots("User-agent: other\nCrawl-delay: 9\n").crawlDelay == nil)
    }

    @Test func anAnswerThatIsNoFileSaysAllOrNothing() {
        func allows(_ status: Int) -> Bool {
            let outcome = FetchOutcome.response(
                Response(status: status, body: Array("User-agent: *\nDisallow: /".utf8)))
            return Robots(outcome, agent: "earshot").allows("https://a.example/x")
        }
        #expect(!allows(200))
        #expect(allows(404))
        #expect(allows(403))
        #expect(!allows(500))
        #expect(!allows(429))
        #expect(!Robots(.failed(.connectionFailed), agent: "earshot").allows("https://a.example/x"))
        #expect(Robots(.failed(.connectionFailed), agent: "earshot").allows("https://a.example/robots.txt"))
    }

    @Test func nothingAfterHalfAMegabyteIsRead() {
        let text = "User-agent: *\nDisallow: /early\n" + String(repeating: "# filling\n", count: 51_200)
        #expect(!allows(text + "Disallow: /late\n", "/early"))
        #expect(allows(text + "Disallow: /late\n", "/late"))
    }

    @Test func aHostilePatternCostsLittle() {
        let pattern = String(repeating: "*a", count: 1_000) + "b"
        #expect(allows("User-agent: *\nDisallow: \(pattern)", "/" + String(repeating: "a", count: 8_000)))
    }
}
