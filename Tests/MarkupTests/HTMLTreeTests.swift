// Pages as they are met: clean text whatever their encoding, a tree whatever their tags.

import Testing

@testable import Markup

func tree(_ html: String) -> HTMLTree { tree(Array(html.utf8)) }

func tree(_ bytes: [UInt8], charset: String? = nil) -> HTMLTree {
    HTMLTree(CleanText(bytes, charset: charset, limit: 1 << 24))
}

/// The texts of what a selector finds.
func texts(_ html: String, _ selector: String) throws -> [String] {
    let page = tree(html)
    return try #require(page.select(try CSSSelector(selector))).map { page.plainText($0) }
}

@Suite struct `A page's text` {
    @Test(
        arguments: [
            ("café", nil, "café"), ("<meta charset=iso-8859-1>café", nil, "café"),
            ("caf\u{e9}", "utf-8", "café"), ("don&#146;t &hellip; &#x2019;", nil, "don’t … ’"),
            ("AT&amp;T &apos;x&apos; &check; &nbsp;y", nil, "AT&T 'x' ✓ y"), ("a&lt;b", nil, "a<b"),
            ("one<br>two<p>three", nil, "one\ntwo\n\nthree"), ("a<script>b</script><style>c</style>d", nil, "ad"),
            ("a<template><p>b</p></template>c", nil, "ac"), ("a<noscript>b</noscript>", nil, "ab"),
            ("a <!-- <p>b</p> --> c", nil, "a c"), ("a\0b", nil, "a b"), ("foo<b>bar</b>baz", nil, "foobarbaz"),
        ] as [(String, String?, String)])
    func `is clean whatever it is written with`(html: String, charset: String?, text: String) throws {
        let page = tree(Array("<body><div>\(html)</div>".utf8), charset: charset)
        let found = try #require(page.select(try CSSSelector("div")))
        #expect(page.plainText(try #require(found.first)) == text)
    }

    @Test(
        arguments: [
            ("<meta charset='iso-8859-1'>", nil),
            ("<meta http-equiv=Content-Type content='text/html; charset=latin1'>", nil),
            ("", "iso-8859-1"), ("<!-- <meta charset=utf-16> --><META CHARSET=\"windows-1252\">", nil), ("", nil),
        ] as [(String, String?)])
    func `is decoded by what the server or the page says`(head: String, charset: String?) throws {
        // "“é”" in Windows-1252, which is what pages mean by latin-1.
        let bytes = Array("\(head)<p>".utf8) + [0x93, 0xE9, 0x94] + Array("</p>".utf8)
        let page = tree(bytes, charset: charset)
        let paragraph = try #require(page.select(try CSSSelector("p"))?.first)
        #expect(page.plainText(paragraph) == "“é”")
    }

    @Test func `stays what it is when one byte is wrong`() throws {
        let bytes = Array("<p>één ".utf8) + [0xFF] + Array(" twee — drie</p>".utf8)
        let page = tree(bytes)
        let paragraph = try #require(page.select(try CSSSelector("p"))?.first)
        #expect(page.plainText(paragraph) == "één ÿ twee — drie")
    }

    @Test func `keeps JSON for programs as it is, and no other script`() throws {
        let page = tree("<script type='application/ld+json'>{\"a\":\"<b>&amp;\"}</script><script>x=1</script>")
        let scripts = try #require(page.select(try CSSSelector("script")))
        #expect(scripts.map { page.rawText($0) } == ["{\"a\":\"<b>&amp;\"}", ""])
    }
}

@Suite struct `A hostile page` {
    @Test func `with a flood of attributes loses that tag and nothing else`() throws {
        let flood = (0..<40_000).map { "a\($0)=1" }.joined(separator: " ")
        let page = tree("<p>one</p><p \(flood)>two</p><p>three</p>")
        #expect(page.findings.oversizedTags == 1)
        #expect(try texts("<p>one</p><i \(flood)>x</i><p>three</p>", "p") == ["one", "three"])
    }

    @Test func `with unclosed tags by the hundred thousand is cut off, and says so`() {
        let page = tree(String(repeating: "<div><b>", count: 100_000) + "deep")
        #expect(page.findings.isTooDeep)
        #expect(page.count < 2_000)
    }

    @Test func `with end tags of nothing is read to its end`() throws {
        #expect(try texts(String(repeating: "</b></div></p>", count: 100_000) + "<p>end", "p") == ["end"])
        #expect(tree(String(repeating: "</b>", count: 100)).findings.strayEndTags == 100)
    }

    @Test func `with a quote that never ends, an attribute without a value, a tag cut off keeps what came before`()
        throws
    {
        #expect(try texts("<p>one</p><p class=\"x>two</p>", "p").first == "one")
        #expect(try texts("<p>one</p><a href", "p") == ["one"])
        #expect(try texts("<p>one</p><", "p") == ["one"])
    }

    @Test func `with a million small elements is bounded`() {
        let page = tree(String(repeating: "<i>x</i>", count: 600_000))
        #expect(page.findings.isTooLarge)
    }

    @Test(arguments: ["<!--", "</p", "<!x", "<?x", "<![CDATA[", "<!--x--!", "</b <!-- "])
    func `with beginnings by the hundred thousand that nothing ends is read in one pass`(beginning: String) throws {
        // Each used to be looked for the end of, to the end of the page.
        #expect(try texts("<p>one</p>" + String(repeating: beginning, count: 200_000), "p").first == "one")
    }

    @Test(arguments: [
        ("<!-- a -->", true), ("<!-- a --!>", true), ("<!---->", true), ("<!-- a --->", true), ("<!-->", false),
        ("<!--->", false), ("<!-- a -- >", false), ("<!-- a", false),
    ]) func `has its comments end where the guard sees them end`(comment: String, ends: Bool) throws {
        let flood = "<p " + (0..<300).map { "a\($0)=1" }.joined(separator: " ") + ">flood</p>"
        #expect(try texts("\(comment)<p>one</p>-->", "p") == (ends ? ["one"] : []))
        // A flood of attributes in what the parser takes for tags is always dropped.
        let page = tree("\(comment)\(flood)-->")
        #expect(page.findings.oversizedTags == (ends ? 1 : 0))
    }

    @Test func `with classes that were chosen to collide has them found as quickly as any`() {
        // FNV-1a sends all of these to one sixty-fourth of the table that 4,000 words make.
        let words = (0...).lazy.map { String($0, radix: 36) }.filter { word in
            var hash: UInt64 = 0xCBF2_9CE4_8422_2325
            for byte in word.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            return (hash ^ hash >> 29) & 8_191 < 128
        }
        let page = tree("<p class='\(words.prefix(4_000).joined(separator: " "))'>one</p>")
        #expect(page.index.tokens.count == 4_000)
        // A word is looked for until a free place is met. Of 4,000 by chance about 50 stand in a row.
        let longest = page.index.tokens.numbers.split { $0 < 0 }.map(\.count).max() ?? 0
        #expect(longest < 1_000)
    }

    @Test func `of nothing is nothing`() {
        #expect(tree("").count == 0)
        #expect(tree([0, 0, 0]).inside(nil).allSatisfy { $0 >= 0 })
    }
}
