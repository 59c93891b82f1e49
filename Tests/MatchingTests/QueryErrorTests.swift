// What is refused, where the caret stands, and what is warned of.

import Matching
import Testing

@Suite struct QueryErrorTests {
    @Test(
        "Refused at this column",
        arguments: [
            ("", 1), ("   ", 1), ("()", 1), ("a1 ()", 4), ("(a1 OR b1", 1), ("a1 OR b1)", 9), ("AND a1", 1),
            ("a1 OR", 4),
            ("a1 AND OR b1", 8), ("a1 NOT", 4), ("\"a1 b1", 1), ("“a1", 1), ("a1 “", 4), ("foo:bar", 1),
            ("a1 titel:b1", 4),
            ("NOT a1", 1), ("-a1", 1), ("-a1 -b1", 1), ("-a1 OR NOT b1", 1), ("NEAR/5 a1", 1), ("a1 NEAR/5", 4),
            ("a1 NEAR b1", 8),
            ("a1 NEAR/x b1", 9), ("a1 NEAR/-5 b1", 9), ("a1 NEAR/+5 b1", 9), ("a1 NEAR/9999 b1", 9),
            ("a1 NEAR/2 (NOT b1)", 11), ("a1 NEAR/2 lang:nl", 11),
            ("*", 1),
            ("klm *", 5), ("k*", 1), ("*k*", 1), ("k?", 1), ("\"klm * x\"", 6), ("title:", 1), ("title: OR a1", 1),
            ("rating:hoog", 8),
            ("rating:<>2", 8), ("site:", 1), ("label:=x", 7), ("raw:", 1), ("raw:(a1)", 1), ("\"!!\"", 2), ("!!!", 1),
            ("a1 || b1", 4),
            ("a1 && b1", 4), ("a1 <<< b1", 4), ("klm~2", 4), ("\"a1 b1\"~", 9), ("a1 (b1 OR )", 11), ("é́é foo:x", 4),
            ("a1 -", 4), ("(a1 - ) b1", 5), ("a1 - <<< b1 >>>", 4), ("(", 1),
            ("a1 --b1", 4), ("a1 –-b1", 4), ("a1 -(--b1)", 6), ("raw:\"AT&T Mobile\"~5", 18),
        ])
    func refused(query: String, column: Int) {
        let error = #expect(throws: QueryError.self) { try Query(query) }
        #expect(error?.column == column, "\(error?.rendered ?? "")")
        #expect(error?.line == 1)
        #expect(error?.suggestion != nil, "\(error?.rendered ?? "")")
    }

    @Test func theCaretStandsUnderThePlace() {
        let error = #expect(throws: QueryError.self) { try Query("klm\tOR foo:bar") }
        #expect(
            error?.rendered.hasPrefix(
                """
                column 8: error: There is no field “foo”.
                  klm\tOR foo:bar
                     \t   ^
                """) == true, "\(error?.rendered ?? "")")
    }

    @Test func aPlaceOnALaterLineNamesTheLine() {
        let error = #expect(throws: QueryError.self) { try Query("klm OR\n  storing OR\n  \"open") }
        #expect(error?.line == 3)
        #expect(error?.column == 3)
        #expect(error?.text == "  \"open")
    }

    @Test func aCloseFieldIsSuggested() {
        let error = #expect(throws: QueryError.self) { try Query("titel:klm") }
        #expect(error?.suggestion == "Did you mean title:?")
    }

    @Test func controlCharactersOfAQueryDoNotReachTheTerminal() {
        let error = #expect(throws: QueryError.self) { try Query("\u{1B}[2J foo:\u{202E}x") }
        #expect(error?.rendered.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" } == false)
    }

    @Test(
        "Warned of",
        arguments: [
            ("a1 OR b1 c1", 10), ("a1 b1 OR c1", 4), ("a1 OR b1 NOT c1", 10), ("a1 and b1", 4), ("Gall & Gall", 6),
            ("de", 1),
            ("klm OR het", 8), ("klm OR NOT b1", 8), ("lang:nl", 1), ("ab*", 1),
            ("a1 near/5 b1", 4), ("a1 NEAR5 b1", 4), ("a1 near b1", 4), ("a1 Onear/2 b1", 4), ("a1 lang:dutch", 9),
            ("klm kind:reviews", 10), ("klm site:reddit.com/r/klm", 10), ("klm --", 5),
        ])
    func warned(query: String, column: Int) throws {
        let warnings = try Query(query).warnings
        #expect(warnings.map(\.column).contains(column), "\(warnings.map(\.rendered))")
    }

    @Test(
        "Not warned of",
        arguments: [
            "a1 (b1 OR c1)", "a1 OR b1", "a1 b1 -c1", "(a1 OR b1) NOT (c1 OR d1)", "a1 NEAR/3 b1 OR c1", "\"de bank\"",
            "bank het",
            "klm lang:nl", "title:x1 OR body:y1", "klm NOT de", "klacht*", "nearby a1", "nieuw/oud", "a1 lang:pt_BR",
            "a1 lang:(nl OR en)", "near's", "a1 kind:(review OR Forum OR feed)", "a1 site:https://nu.nl/",
            "\"--b1\" a1",
            "a1--b1", "a1 label:--b1",
        ])
    func notWarned(query: String) throws {
        #expect(try Query(query).warnings.map(\.rendered) == [])
    }

    @Test func nestingIsBounded() {
        let deep = String(repeating: "(", count: 5000) + "a1" + String(repeating: ")", count: 5000)
        #expect(throws: QueryError.self) { try Query(deep) }
        #expect(throws: QueryError.self) { try Query(String(repeating: "NOT ", count: 5000) + "a1") }
        #expect(throws: QueryError.self) { try Query(String(repeating: "title:", count: 5000) + "a1") }
        #expect(throws: QueryError.self) { try Query("a1" + String(repeating: " NEAR/1 a1", count: 5000)) }
        #expect(throws: QueryError.self) { try Query(String(repeating: "a ", count: 40_000)) }
    }

    @Test("What is nested as deep as is allowed compiles", arguments: ["a1", "het"])
    func whatIsAllowedCompiles(word: String) throws {
        let chain = word + String(repeating: " NEAR/3 \(word)", count: 63)
        let nested = String(repeating: "(", count: 64) + word + String(repeating: " \(word))", count: 64)
        let set = WatchSet(try [chain, nested].map { try Query($0) })
        #expect(set.matches(in: Document(body: word)).map(\.query) == [1])
    }

    @Test func nearBetweenAndGroupsIsBounded() {
        let group = "(" + (0..<40).map { "a\($0)" }.joined(separator: " ") + ")"
        #expect(throws: QueryError.self) { try Query("\(group) NEAR/3 \(group)") }
    }
}
