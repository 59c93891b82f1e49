// Plain text out of markup: what sets words apart, what glues nothing, what vanishes.

import Testing

@testable import Markup

@Suite struct `Plain text` {
    @Test(arguments: [
        ("foo<b>bar</b>", "foobar"), ("<p>a</p><p>b</p>", "a\n\nb"), ("a<br>b<br/>c", "a\nb\nc"),
        ("<div>a<div>b</div></div>c", "a\n\nb\n\nc"), ("<td>a</td><td>b</td>", "a b"), ("<li>a</li><li>b", "a\nb"),
        ("  a \n\t b  ", "a b"), ("a<script>x < 'y'</script>b<style>z</style>c", "abc"), ("a<!-- x <b> -->b", "ab"),
        ("AT&amp;T &euro;5 &#8217;&#x1F600;", "AT&T €5 ’😀"), ("AT&amp;amp;T &amp;#39;", "AT&T '"), ("a&nbsp;b", "a b"),
        ("a < b <3 <john@example.com> <KLM>", "a < b <3 <john@example.com> <KLM>"), ("&bogus; & &", "&bogus; & &"),
        ("<a title=\"x > y\">z</a>", "z"), ("<a title=\"open>z</a>", "z"), ("a<o:p></o:p>b<my-tag>c", "abc"),
        ("<script>never closed", "never closed"), ("<!-- never closed", "<!-- never closed"),
        ("x<![CDATA[y]]>", "xy]]>"),
        ("<ul><li>a<ul><li>b</ul></ul>c", "a\n\nb\n\nc"), ("<p>a</p> <p> </p> <p>b</p>", "a\n\nb"), ("a&#1;b", "ab"),
        ("<IMG SRC=x>a<BR>b", "a\nb"), ("</p>a</script>b", "ab"), ("", ""), ("<p></p>", ""),
    ])
    func `markup sets words apart as a page does`(html: String, plain: String) {
        #expect(PlainText.fromHTML(html) == plain)
    }

    @Test func `plain text keeps its lines and what looks like a tag`() {
        #expect(PlainText.fromPlain(" a <b> \n c \n\n\n d &amp; e ") == "a <b>\nc\n\nd & e")
    }

    @Test(arguments: [
        ("Fish & Chips", false), ("AT&amp;T", true), ("a <b>c</b>", true), ("a < b", false), ("<KLM>", false),
        ("x &bogus; y", false), ("<p>", true),
    ])
    func `text that may be either is markup if it holds some`(text: String, isHTML: Bool) {
        #expect(PlainText.looksLikeHTML(text) == isHTML)
    }

    @Test func `every name of HTML is found again`() {
        for (kind, names) in HTMLNames.names {
            for name in names.split(separator: " ") {
                #expect(HTMLNames.kind(Array(name.utf8).span) == kind)
                #expect(HTMLNames.kind(Array(name.uppercased().utf8).span) == kind)
            }
        }
        #expect(HTMLNames.kind(Array("blockquotes".utf8).span) == nil)
    }

    @Test(arguments: ["<script>", "<!--", "<a ", "&amp;", "<", "<![CDATA[", "<p>"])
    func `what is repeated without end takes one pass`(piece: String) {
        let html = String(repeating: piece, count: 50_000)
        #expect(PlainText.fromHTML(html).utf8.count <= html.utf8.count)
    }
}
