// What the repair makes of broken markup: well-formed XML that says the same, with a count of what was done.

import CXML
import Testing

@testable import Markup

private func repair(_ text: String) -> RepairedXML {
    RepairedXML(Array(text.utf8).span, roots: ["rss", "feed", "rdf"])
}

private func repaired(_ text: String) -> String {
    String(repair("<rss>\(text)</rss>").woven.dropFirst(5).dropLast(6))
}

extension RepairedXML {
    /// The tags with the texts in their places: inside an empty tag that has its text there.
    fileprivate var woven: String {
        var woven: [UInt8] = []
        var (tag, text) = (0, 0)
        for mark in marks {
            woven += tags[tag..<Int(mark.at)]
            let content = texts[text..<Int(mark.end)]
            (tag, text) = (Int(mark.at), Int(mark.end))
            if tags[tag] == UInt8(ascii: "/") {
                let name = tags[..<tag].split(separator: UInt8(ascii: "<")).last ?? []
                woven +=
                    Array(">".utf8) + content + Array("</".utf8) + name.prefix { $0 != UInt8(ascii: " ") }
                    + Array(">".utf8)
                tag += 2
            } else {
                woven += content
            }
        }
        return String(decoding: woven + tags[tag...].dropLast(), as: UTF8.self)
    }
}

@Suite struct `XML repair` {
    @Test func `a sound document keeps its tags, and its texts are what they mean`() {
        let sound =
            "<a b=\"1 &amp; 2\" c='x'>t &lt; &#169; &#x1F600;\r\n<![CDATA[a & b\r < c]]><!-- c --><d/><?p q?></a>"
        #expect(repaired(sound) == "<a b=\"1 &amp; 2\" c='x'>t < © 😀\na & b\n < c<d/></a>")
        #expect(repair("<rss>\(sound)</rss>").repairs == Repairs())
    }

    @Test func `an element of nothing but text is one tag, with its text before the slash`() {
        let document = repair("<rss><a b='/'>x</a><c> </c><d></d><e>y<f/></e></rss>")
        #expect(String(decoding: document.tags.dropLast(), as: UTF8.self) == "<rss><a b='/'/><c/><d/><e><f/></e></rss>")
        #expect(document.marks.map { document.tags[Int($0.at)] } == Array("//<".utf8))
        #expect(document.woven == "<rss><a b='/'>x</a><c> </c><d/><e>y<f/></e></rss>")
    }

    @Test(arguments: [
        ("AT&T, H&M; Q&A", "AT&T, H&M; Q&A"), ("a < b, <3, <-", "a < b, <3, <-"),
        ("caf&eacute;&nbsp;&hellip;", "café\u{A0}…"), ("&bogus; &lt", "&bogus; &lt"),
        ("&#146;&#8217 &#X61;", "’’ a"), ("&#55357;&#56832;", "😀"), ("a&#0;b&#xFFFF;c&#11;", "abc"),
        ("\u{1}a\u{B}b\u{FFFE}c", "abc"), ("don\u{92}t", "don’t"), ("&AMP; &LT;", "& <"),
        ("<john@example.com> <http://x.example/> <日本>", "<john@example.com> <http://x.example/> <日本>"),
        ("<a href=x.html title>y</a>", "<a href=\"x.html\" title=\"title\">y</a>"),
        ("<a b=\"1\"c='\"'>y</a>", "<a b=\"1\" c=\"&quot;\">y</a>"), ("<a b=\"x<y\">z</a>", "<a b=\"x&lt;y\">z</a>"),
        ("<a b=\"?x=1&y=2\">z</a>", "<a b=\"?x=1&amp;y=2\">z</a>"), ("<a b=1 b=2>z</a>", "<a b=\"1\">z</a>"),
        ("<p>a<br>b<img src=c>", "<p>a<br/>b<img src=\"c\"/></p>"), ("<b><i>x</b></i>", "<b><i>x</i></b>"),
        ("<Title>x</title>", "<Title>x</Title>"), ("x</p>y", "xy"), ("<a>x</a junk>", "<a>x</a>"),
        ("<![CDATA[open", "open"), ("<!-- open", "<!-- open"), ("<?xml version=\"1.0\"?>x", "x"),
        ("<!DOCTYPE html>x", "x"), ("<!-- a -- b -->x", "x"), ("if x <y and z> w", "if x <y and z> w"),
    ])
    func `what only looks like markup becomes text, and what is markup becomes sound`(broken: String, sound: String) {
        #expect(repaired(broken) == sound)
        #expect(!repair("<rss>\(broken)</rss>").repairs.all.isEmpty)
    }

    @Test func `it begins at the root element, whatever stands before`() {
        let prolog = """
            junk <b>Warning</b> <?xml version="1.0"?>\n<?xml version="1.0"?><!-- <rss> -->
            <!DOCTYPE rss [<!ENTITY a "<rss>"> <!ENTITY % b "c">]>
            """
        let document = repair(prolog + "<rss>x</rss> \n<!-- end -->")
        #expect(document.rootTag == "<rss>")
        #expect(document.repairs.declarationsDropped == 1)
        #expect(document.repairs.doctypesDropped == 1)
        #expect(document.repairs.junkDropped > 0)
        #expect(repair("<html><body>x").root == nil)
    }

    @Test func `an element that is never closed is closed where its parent ends`() {
        #expect(repaired("<a><b>x<c>y</a>z") == "<a><b>x<c>y</c></b></a>z")
        let cut = repair("<rss><a><b>x")
        #expect(cut.woven == "<rss><a><b>x</b></a></rss>")
        #expect(cut.repairs.endsEarly == 1)
    }

    @Test func `an entry ends where the next begins`() {
        #expect(repaired("<item><a>x<item>y</item>") == "<item><a>x</a></item><item>y</item>")
        #expect(repair("<rss><item>x<item>y<x:item>z</x:item></rss>").entryTags == 2)
    }

    @Test func `two documents glued together are read as one`() {
        let glued = repair("<rss><item>1</item></rss><?xml version=\"1.0\"?><rss><item>2</item></rss>")
        #expect(glued.entryTags == 2)
        #expect(glued.woven.contains("<item>2</item>"))
    }

    @Test func `nesting is cut off and the text in it kept`() {
        let deep = String(repeating: "<a>", count: 1000) + "x" + String(repeating: "</a>", count: 1000)
        let document = repair("<rss>\(deep)<item>y</item></rss>")
        #expect(document.repairs.tooDeep == 1000 - (TagLimits.depth - 1))
        #expect(document.entryTags == 1)
        #expect(document.woven.contains("<a>x</a>"))
    }

    @Test func `a flood of attributes is dropped with its tag kept`() {
        let flood = (0..<2000).map { "a\($0)=\"1\"" }.joined(separator: " ")
        #expect(repaired("<item \(flood)>x</item>") == "<item>x</item>")
        #expect(repair("<rss><item \(flood)>x</item></rss>").repairs.oversizedTags == 1)
    }

    @Test func `a quote that is never closed swallows no more than its tag`() {
        let text = "<a title=\"open>one</a>" + String(repeating: "<b>two</b>", count: 300) + "<c d=\"e\">three</c>"
        #expect(repaired(text).contains("three"))
        #expect(repaired(text).contains("<b>two</b>"))
    }

    @Test(arguments: [
        "<", "<a ", "<a b=\"", "<!--", "<![CDATA[", "</a", "<?x", "&", "&#", "]]>", "<!doctype[>", "</rss>",
    ])
    func `what is repeated without end is repaired in one pass`(piece: String) {
        let document = repair("<rss>" + String(repeating: piece, count: 20_000) + "<item>x</item>")
        #expect(document.woven.utf8.count < 20_000 * (piece.utf8.count + 8) + 10_000)
        #expect(document.tags.last == 0)
    }
}
