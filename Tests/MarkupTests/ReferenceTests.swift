// Relative links made absolute, by the examples of RFC 3986, section 5.4, and what feeds add to them.

import Testing

@testable import Markup

@Suite struct `References` {
    @Test(arguments: [
        ("g:h", "g:h"), ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
        ("/g", "http://a/g"),
        ("//g", "http://g"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"), ("#s", "http://a/b/c/d;p?q#s"),
        ("g#s", "http://a/b/c/g#s"), (";x", "http://a/b/c/;x"), ("", "http://a/b/c/d;p?q"), (".", "http://a/b/c/"),
        ("./", "http://a/b/c/"), ("..", "http://a/b/"), ("../", "http://a/b/"), ("../g", "http://a/b/g"),
        ("../..", "http://a/"), ("../../g", "http://a/g"), ("../../../g", "http://a/g"), ("/./g", "http://a/g"),
        ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."), (".g", "http://a/b/c/.g"), ("g..", "http://a/b/c/g.."),
        ("./../g", "http://a/b/g"), ("./g/.", "http://a/b/c/g/"), ("g/./h", "http://a/b/c/g/h"),
        ("g/../h", "http://a/b/c/h"), ("g?y/./x", "http://a/b/c/g?y/./x"), ("g#s/../x", "http://a/b/c/g#s/../x"),
    ])
    func `they resolve as the RFC's examples do`(reference: String, resolved: String) {
        #expect(Reference.resolve(reference, against: "http://a/b/c/d;p?q") == resolved)
    }

    @Test func `nothing is encoded, and a base that is none changes nothing`() {
        #expect(Reference.resolve("ü?a=ß", against: "http://www.詹姆斯.com/feed") == "http://www.詹姆斯.com/ü?a=ß")
        #expect(Reference.resolve("a/b", against: nil) == "a/b")
        #expect(Reference.resolve("a/b", against: "not a base") == "a/b")
        #expect(Reference.resolve(" g \n", against: "http://a") == "http://a/g")
    }

    @Test(arguments: [
        ("mailto:a", "../b", "mailto:b"), ("x:a/b", "./c", "x:a/c"), ("x:a/b", "../c", "x:a/c"), ("x:", "..", "x:"),
        ("http://a", "..", "http://a/"), ("http://a?q#f", "", "http://a?q"), ("http://a#f?q", "?r", "http://a?r"),
        ("http://a/b/../c/./d", "e", "http://a/c/e"), ("http://a//b//", "../c", "http://a//b/c"),
        ("file:///a/b", "c", "file:///a/c"), ("http://a/b?c/d", "e", "http://a/e"),
        ("http://a/b", "c#d?e", "http://a/c#d?e"),
        ("HTTP://Ä/é/", "e\u{301}", "HTTP://Ä/é/e\u{301}"), ("http://a/b#c", "#\u{301}", "http://a/b#\u{301}"),
    ])
    func `they resolve against any base`(base: String, reference: String, resolved: String) {
        #expect(Reference.resolve(reference, against: base) == resolved)
    }

    @Test func `only web addresses are bases`() {
        #expect(Reference.isBase("HTTPS://a"))
        #expect(!Reference.isBase("javascript:alert(1)"))
        #expect(!Reference.isBase("a/b:c"))
    }

    @Test func `a base of more than 2 KiB is none`() {
        let longest = "http://a/" + String(repeating: "p", count: 2048 - 9)
        #expect(Reference.isBase(longest))
        #expect(Reference.resolve("/b", against: longest) == "http://a/b")
        #expect(!Reference.isBase(longest + "p"))
        #expect(Reference.resolve("/b", against: longest + "p") == "/b")
        #expect(Reference.resolve("", against: longest + "p") == "")
    }
}
