import Alerting
import Model
import TestSupport
import Testing

@Suite struct MatcherTests {
    private var mention: Mention {
        var mention = Mention.example(1)
        mention.entry.author = "Jan de Vries"
        mention.entry.language = "nl-BE"
        mention.entry.rating = 2
        mention.labels["kind"] = "vendor"
        mention.signals = [
            Mention.Signal(name: "outage", words: ["storing"]), Mention.Signal(name: "complaint", words: []),
        ]
        return mention
    }

    @Test(arguments: [
        #"watch="zeebank""#, "watch=zeebank", " watch = 'zeebank' ", #"team="retail""#, #"team!="online""#,
        #"source="Spaarforum""#, "kind=feed", "label.kind=vendor", #"language="nl""#, "language=nl-be",
        #"author="Jan de Vries""#, #"author=~"jan.*|Jan.*""#, #"author!~"Piet.*""#, "rating<=2", "rating<3",
        "rating=2", "rating!=5", "rating>=1.5", "signal=outage", #"signal=~"comp.*""#, "signal!=praise",
        #"absent="""#, #"absent!="x""#,
    ])
    func holds(_ text: String) throws {
        #expect(try Matcher(text).matches(mention))
    }

    @Test(arguments: [
        "watch=zee", "watch!=zeebank", "team=online", "language=n", #"author=~"Jan""#, "rating>2", "rating<2",
        "signal!=outage", "signal=praise", "kind=vendor", #"source=~"S.*m.""#,
    ])
    func doesNotHold(_ text: String) throws {
        #expect(try !Matcher(text).matches(mention))
    }

    @Test func whatHasNoRatingIsNeitherGoodNorBad() throws {
        let mention = Mention.example(1)
        #expect(try !Matcher("rating<=5").matches(mention))
        #expect(try !Matcher("rating>=1").matches(mention))
        #expect(try Matcher(#"rating="""#).matches(mention))
    }

    @Test(arguments: [
        ("watch", "a matcher reads name"), ("=x", "is not the name of a label"),
        ("a b=c", "is not the name of a label"),
        ("watch=~\"(\"", "nmatched"), ("watch=~\"\\d+\"", "POSIX"), ("watch=\"x", "a quote is not closed"),
        ("team<=3", "only a rating"), ("rating<=many", "is not a number"), ("author=~\"(a)\\1\"", "POSIX"),
    ])
    func aWrongOneSaysWhy(_ text: String, _ reason: String) {
        let error = #expect(throws: MatcherError.self) { try Matcher(text) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }

    @Test func aHostileAuthorKeepsNoPatternBusy() throws {
        // An engine that backtracks needs 2^200 steps for this.
        var mention = Mention.example(1)
        mention.entry.author = String(repeating: "a", count: 200) + "!"
        #expect(try !Matcher(#"author=~"(a+)+""#).matches(mention))
        #expect(try !Matcher(#"author=~"(a|aa)*b""#).matches(mention))
    }
}
