// The word rules and the operators of the query language, one example of each: what QueryLanguage.md promises.

import Matching
import Model
import Testing

/// Whether a query matches a body.
private func matches(_ query: String, _ body: String, title: String = "") throws -> Bool {
    !WatchSet([try Query(query)]).matches(in: Document(title: title, body: body)).isEmpty
}

/// What a query hits in a body, as written there.
private func hits(_ query: String, _ body: String) throws -> [String] {
    WatchSet([try Query(query)]).matches(in: Document(body: body)).flatMap(\.matches).map(\.text)
}

@Suite struct WordTests {
    @Test(
        "Found",
        arguments: [
            ("KLM", "de klm-vlucht"), ("KLM", "KLM’s vloot"), ("KLM", "KLM's vloot"), ("KLM", "K\u{AD}LM"),
            ("KLM", "#KLM"),
            ("KLM", "@klm"), ("KLM", "mail jan@klm.com"), ("KLM", "KLM™ en KLM®"), ("KLM", "KLM😡😡"), ("KLM", "(KLM)"),
            ("T-Mobile", "T Mobile"), ("T-Mobile", "T–Mobile"), ("\"T Mobile\"", "t‑mobile"),
            ("bol.com", "www.bol.com/nl"),
            ("L'Oréal", "L’OREAL"), ("acme", "A\u{301}cme"), ("飞利浦", "我买了飞利浦剃须刀"), ("京都*", "東京都"),
            ("ปตท", "บริษัทปตทจำกัด"),
            ("👍", "top 👍🏽"), ("❤", "❤️"), ("🇳🇱", "hup 🇳🇱🇳🇱"), ("#klm", "＃klm"), ("@klm", "が@klm"), ("@klm", "か\u{3099}@klm"),
            ("#klm", "ที่#klm"), ("#klm", "=\u{338}#klm"), ("#klm", "#\u{200B}klm"), ("@klm", "@\u{2068}klm\u{2069}"),
            ("AT&T", "at&t"),
            ("\"acme bank\"", "acme\nbank"), ("“acme bank”", "Acme Bank"), ("„acme bank”", "Acme Bank"),
            ("‘acme bank’", "Acme Bank"), ("‘Youp van ’t Hek’", "Youp van 't Hek"), ("‘t Hek", "'t hek"),
            ("\"wat kost dat?\"", "wat kost dat"), ("Gall & Gall", "Gall en Gall"), ("klm - storing", "klm storing"),
        ])
    func found(query: String, body: String) throws {
        #expect(try matches(query, body))
    }

    @Test(
        "Not found",
        arguments: [
            ("KLM", "klmx"), ("KLM", "KLM_nl"), ("T-Mobile", "TMobile"), ("#klm", "klm"), ("#klm", "#klmfail"),
            ("#klm", "x#klm"), ("#klm", "e\u{301}#klm"), ("#klm", "कि#klm"), ("#klm", "#\u{20E3}klm"), ("*??은행", "우은행"),
            ("ab*??cd", "ab한cd"),
            ("@klm", "jan@klm.com"), ("@klm", "@klm_nl"), ("klacht", "klachten"), ("\"acme bank\"", "acme\n\nbank"),
            ("\"acme bank\"", "acme \n\u{A0}\n bank"), ("\"acme bank\"", "bank acme"), ("👩", "👩‍💻"), ("🇳🇱", "🇳🇴"),
            ("\"customer AND service\"", "customer service"),
        ])
    func notFound(query: String, body: String) throws {
        #expect(try !matches(query, body))
    }

    @Test func aPhraseDoesNotRunFromTheTitleIntoTheBody() throws {
        #expect(try !matches("\"acme bank\"", "bank", title: "acme"))
        #expect(try !matches("acme NEAR/5 bank", "bank", title: "acme"))
        #expect(try matches("acme bank", "bank", title: "acme"))
    }

    @Test func invisibleCharactersInsideAreShownAndThoseAroundAreNot() throws {
        #expect(try hits("klm", "\u{200B}K\u{200B}LM\u{200B} ") == ["K\u{200B}LM"])
        #expect(try hits("een", "e\u{301}e\u{301}n") == ["e\u{301}e\u{301}n"])
        #expect(try hits("#klm", "#\u{200B}klm") == ["#\u{200B}klm"])
    }
}

@Suite struct OperatorTests {
    @Test(
        "True",
        arguments: [
            ("a1 b1", "b1 a1"), ("a1 OR b1", "b1"), ("a1 NOT b1", "a1"), ("a1 -b1", "a1"), ("a1 –b1", "a1"),
            ("-b1 a1", "a1"),
            ("a1 OR b1 c1", "a1"), ("(a1 OR b1) c1", "b1 c1"), ("a1 AND NOT (b1 OR c1)", "a1"), ("NOT b1 AND a1", "a1"),
            ("a1 NEAR/1 b1", "b1 x a1"), ("a1 ONEAR/1 b1", "a1 x b1"), ("a1 NEAR/1f b1", "a1 x b1"),
            ("a1 NEAR/0 b1", "a1 b1"),
            ("\"a1 b1\"~1", "b1 x a1"), ("\"a1 b1 c1\"~1", "c1 a1 x b1"), ("a1 NEAR/1 b1 NEAR/1 c1", "a1 x b1 x c1"),
            ("\"a1 b1\" NEAR/1 (c1 OR d1)", "d1 x a1 b1"), ("a1 NEAR/2 (b1 c1)", "b1 a1 c1"),
            ("a1 NEAR/3 a1", "a1 x a1"),
            ("klacht*", "klacht"), ("*bank", "acmebank"), ("*acme*", "xacmey"), ("te?t", "test"),
            ("\"klacht* over\"", "klachten over"),
            ("#kl*", "#klm"), ("a*me", "acme"), ("and", "this and that"), ("a1 <<< uitleg >>> b1", "a1 b1"),
            ("# uitleg\na1\n#  meer\nb1", "a1 b1"), ("#klm a1", "#klm a1"),
        ])
    func isTrue(query: String, body: String) throws {
        #expect(try matches(query, body))
    }

    @Test(
        "False",
        arguments: [
            ("a1 b1", "a1"), ("a1 NOT b1", "a1 b1"), ("a1 -\"b1 c1\"", "a1 b1 c1"), ("a1 NEAR/1 b1", "a1 x y b1"),
            ("a1 ONEAR/1 b1", "b1 a1"), ("a1 NEAR/5 b1", "a1\n\nb1"), ("a1 NEAR/3 a1", "a1 x"),
            ("\"a1 b1\"~1", "a1 x y b1"),
            ("\"a1 a1\"~3", "a1 x"), ("a1 NEAR/1 (b1 c1)", "b1 a1 x x x c1"), ("klacht*", "oorklacht"),
            ("*bank", "banken"),
            ("te?t", "tekst"), ("te?t", "tet"), ("a1 or b1", "a1"), ("a1 OR b1 c1", "b1"),
        ])
    func isFalse(query: String, body: String) throws {
        #expect(try !matches(query, body))
    }

    @Test(
        "Letter by letter",
        arguments: [
            ("raw:Apple", "Apple", true), ("raw:Apple", "apple", false), ("raw:\"C++\"", "een C++ cursus", true),
            ("raw:\"C++\"", "een C# cursus", false), ("raw:Nestlé", "Nestlé", true),
            ("raw:Nestlé", "Nestle\u{301}", true),
            ("raw:Nestlé", "Nestle", false), ("raw:\".NET\"", "de .NET runtime", true),
            ("raw:\".NET\"", "de NET runtime", false),
            ("raw:Yahoo!", "Yahoo! stopt", true), ("raw:Yahoo!", "Yahoo stopt", false),
            ("raw:\"T-Mobile\"", "T Mobile", false),
            ("raw:Apple", "Apples", false), ("raw:\"AT&T\"", "AT&T", true), ("title:raw:Apple", "Apple", false),
        ])
    func raw(query: String, body: String, expected: Bool) throws {
        #expect(try matches(query, body) == expected)
    }
}

@Suite struct FieldTests {
    private let document = Document(
        title: "Acme in het nieuws", body: "Klachten over de bank", author: "Jan_de_Vries",
        url: "https://www.nu.nl/tech/1?a=b",
        language: "nl-BE", source: "Tweakers reviews", kind: "review", rating: 2, labels: ["team": "Web Care"])

    @Test(
        "True",
        arguments: [
            "title:acme", "body:bank", "author:jan_de_vries", "url:\"nu.nl/tech\"", "site:nu.nl", "site:www.nu.nl",
            "site:nl",
            "site:https://nu.nl/x", "lang:nl", "lang:NL", "lang:nl-be", "lang:nl_BE", "source:tweakers",
            "source:\"tweakers reviews\"",
            "kind:review", "rating:<=2", "rating:<3", "rating:2", "rating:=2", "rating:>=2", "rating:>1,5",
            "rating:<= 2", "rating: >= 2 acme",
            "label:team",
            "label:team=\"web care\"", "label:\"team=web care\"", "title:(acme OR bravo)", "title:acme body:bank",
            "lang:(nl OR en)",
            "acme -site:klm.nl", "Title:acme", "title:(acme NEAR/3 nieuws)", "(acme OR foo) NOT author:webcare",
        ])
    func isTrue(query: String) throws {
        #expect(try !WatchSet([Query(query)]).matches(in: document).isEmpty)
    }

    @Test(
        "False",
        arguments: [
            "title:bank", "body:acme", "author:jan", "site:u.nl", "site:tweakers.net", "lang:en", "lang:n",
            "lang:nl-NL", "kind:feed",
            "rating:<2", "rating:>2", "label:team=sales", "label:other", "vries", "nu", "acme -site:nu.nl",
            "title:(acme NEAR/3 bank)",
        ])
    func isFalse(query: String) throws {
        #expect(try WatchSet([Query(query)]).matches(in: document).isEmpty)
    }

    @Test func withoutARatingNoComparisonHolds() throws {
        let set = WatchSet([try Query("rating:<=2"), try Query("rating:>2")])
        #expect(set.matches(in: Document(body: "x")).isEmpty)
    }

    @Test func offsetsCountCharactersAndBytesOfTheField() throws {
        let set = WatchSet([try Query("bank")])
        let match = try #require(set.matches(in: Document(title: "één", body: "één 🇳🇱 bank")).first?.matches.first)
        #expect(match.field == .body)
        #expect(match.scalars == 7..<11)
        #expect(match.bytes == 15..<19)
        #expect(match.text == "bank")
    }

    @Test func matchesAreCappedAndTheQueryStillDecidesOnTheWholeText() throws {
        let set = WatchSet([try Query("acme"), try Query("acme slot")])
        let hits = set.matches(in: Document(body: String(repeating: "acme ", count: 5000) + "slot"))
        #expect(hits.map(\.query) == [0, 1])
        #expect(hits.allSatisfy { $0.matches.count == Hit.matchLimit })
    }
}
