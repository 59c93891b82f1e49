// What `explain` tells: the tree as understood, and what a query lacks.

import Matching
import Model
import Testing

@Suite struct ExplanationTests {
    private func names(_ query: String) throws -> [String] {
        Explanation(try Query(query)).parts.map { String(repeating: " ", count: $0.depth) + $0.name }
    }

    @Test func theTreeShowsWhatBindsWhat() throws {
        #expect(
            try names("“Acme Bank” NEAR/5 (storing OR Klacht*) NOT vacature") == [
                "AND", " NEAR/5", "  \"acme bank\"", "  OR", "   storing", "   klacht*", " NOT", "  vacature",
            ])
        #expect(try names("KLM OR Transavia vertraging") == ["OR", " klm", " AND", "  transavia", "  vertraging"])
        #expect(try names("T-Mobile") == ["\"t mobile\""])
        #expect(
            try names("title:klm -site:www.nu.nl raw:\"AT&T\" @klm_nl te?t") == [
                "AND", " title:klm", " NOT", "  site:www.nu.nl", " raw:\"AT&T\"", " @klm_nl", " te?t",
            ])
    }

    @Test func withoutATextNothingIsTrueOrFalse() throws {
        let explanation = Explanation(try Query("klm"))
        #expect(explanation.isMatch == nil)
        #expect(explanation.lacks.isEmpty)
    }

    @Test(
        "What is lacking",
        arguments: [
            ("klm storing", "klm", [Explanation.Lack.missing("storing")]),
            ("klm (storing OR klacht*)", "klm", [.missing("(storing OR klacht*)")]),
            ("klm NOT vacature", "klm vacature", [.forbidden("vacature")]),
            ("klm NEAR/1 storing", "klm heeft een storing", [.tooFar("(klm NEAR/1 storing)")]),
            ("klm NEAR/1 storing", "klm", [.missing("storing")]),
            ("klm storing NOT vacature", "vacature", [.missing("klm"), .missing("storing"), .forbidden("vacature")]),
            ("klm", "klm", []),
        ])
    func lacking(query: String, body: String, lacks: [Explanation.Lack]) throws {
        let explanation = Explanation(try Query(query), in: Document(body: body))
        #expect(explanation.lacks == lacks)
        #expect(explanation.isMatch == lacks.isEmpty)
    }

    @Test func partsShowWhereTheyHitAlsoWhenTheWholeDoesNot() throws {
        let explanation = Explanation(try Query("klm storing"), in: Document(body: "de klm"))
        #expect(explanation.parts.map(\.isTrue) == [false, true, false])
        #expect(explanation.parts[1].matches.map(\.text) == ["klm"])
    }
}
