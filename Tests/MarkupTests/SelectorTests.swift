// CSS selectors and XPath find the same on our tree as browsers and libxml2 do on theirs.

import Markup
import Testing

private let sample = """
    <div id=main class="page wide"><ul><li class=a id=i1>one</li><li class="b c" data-x=yes>two</li>
    <li lang=nl-BE>three <b>bold</b></li></ul><p title="a b">four</p><p title=ab>five</p><p>six</p></div>
    <div class=side><p>seven</p><a href="/t/12?x=1">eight</a></div>
    """

@Suite struct `A CSS selector` {
    @Test(arguments: [
        ("li", "one|two|three bold"), ("#i1", "one"), (".b", "two"), ("li.b.c", "two"), ("LI.b", "two"),
        ("[data-x]", "two"), ("[data-x=yes]", "two"), ("[DATA-X='yes']", "two"), ("p[title^=a]", "four|five"),
        ("p[title$=b]", "four|five"), ("p[title*=' ']", "four"), ("p[title~=b]", "four"), ("[lang|=nl]", "three bold"),
        ("p[title=AB i]", "five"), ("p[title=AB]", ""), ("div p", "four|five|six|seven"),
        ("div > p", "four|five|six|seven"),
        ("ul > p", ""), ("li + li", "two|three bold"), ("#i1 ~ li", "two|three bold"), ("ul + p", "four"),
        ("#main li, .side p", "one|two|three bold|seven"), ("p:not([title])", "six|seven"),
        ("p:not([title], .x):not(.side p)", "six"), ("li:nth-child(2)", "two"), ("li:nth-child(odd)", "one|three bold"),
        ("li:nth-child(-n+2)", "one|two"), ("li:nth-child(2n + 1)", "one|three bold"), ("p:nth-of-type(2)", "five"),
        ("li:first-child", "one"), ("p:last-of-type", "six|seven"), ("li:last-child", "three bold"),
        ("b:only-child", "bold"), ("li:nth-last-child(2)", "two"), ("div:has(> a) p", "seven"),
        ("li:has(b)", "three bold"),
        ("li:has(+ li)", "one|two"), ("p:contains('six')", "six"), (":is(b, a)", "bold|eight"), ("b:empty", ""),
        ("div.page.wide > ul li b", "bold"), ("*[href^=\"/t/\"]", "eight"), (".side > :first-child", "seven"),
        ("table", ""), (".nothing .b", ""),
    ])
    func `finds what a browser finds`(selector: String, found: String) throws {
        #expect(try texts(sample, selector).joined(separator: "|") == found)
    }

    @Test(arguments: [
        ("", 0), ("p >", 3), ("p[", 2), ("p[a=", 4), ("p[a='x", 6), ("p:unknown", 2), ("p:nth-child(x)", 13),
        ("p::before", 2), ("p)", 1), (".", 1), ("p,,b", 2), ("p:not(b", 7),
        // Found by the fuzzer: a backslash with nothing behind it.
        ("\\", 1), ("p[a='\\", 6),
    ])
    func `that is none is refused where it goes wrong`(selector: String, offset: Int) {
        #expect { try CSSSelector(selector) } throws: { ($0 as? SelectorError)?.offset == offset }
    }

    @Test func `that would take for ever is given up`() throws {
        let rows = String(repeating: "<i>x</i>", count: 40_000)
        #expect(tree("<div>\(rows)</div>").select(try CSSSelector("i:nth-child(2n+7)")) == nil)
    }
}

@Suite struct `An XPath` {
    private func found(_ path: String, from selector: String? = nil) throws -> [String] {
        let page = tree(sample)
        let node = try selector.flatMap { page.select(try CSSSelector($0))?.first }
        let pages = try #require(XPathPage(page))
        let found = try #require(pages.find(try XPath(path), from: node))
        return found.map {
            switch $0 {
            case .element(let node): page.plainText(node)
            case .string(let text): text
            }
        }
    }

    @Test(
        arguments: [
            ("//li", nil, "one|two|three bold"), ("//li[2]", nil, "two"), ("//a/@href", nil, "/t/12?x=1"),
            (".//b", "ul", "bold"), ("./following-sibling::li[1]", "#i1", "two"), ("count(//p)", nil, "4"),
            ("//p[contains(@title, ' ')]", nil, "four"), ("//li[3]/text()", nil, "three "),
            ("(//p)[last()]", nil, "seven"),
            ("//table", nil, ""),
        ] as [(String, String?, String)])
    func `finds elements, attributes, texts and values`(path: String, scope: String?, result: String) throws {
        #expect(try found(path, from: scope).joined(separator: "|") == result)
    }

    @Test(arguments: ["//", "//p[", "//p[1", "//p[@"]) func `that is none is refused`(path: String) {
        #expect(throws: SelectorError.self) { try XPath(path) }
    }

    @Test func `that calls what is not there, or would take for ever, finds nothing`() throws {
        let page = tree(String(repeating: "<i>x</i>", count: 5_000))
        let pages = try #require(XPathPage(page))
        #expect(pages.find(try XPath("document('file:///etc/passwd')"), from: nil) == [])
        #expect(pages.find(try XPath("//i[count(//i[count(//i) > 0]) > 0]"), from: nil) == nil)
    }
}
