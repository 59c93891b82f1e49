// JSON as found in the wild: what is forgiven, what is kept of a document that breaks off, what is bounded.

import Testing

@testable import Markup

private func json(_ text: String) -> JSONDocument? {
    JSONDocument(Array(text.utf8).span)
}

@Suite struct `JSON` {
    @Test func `sound JSON is read whole`() {
        let document = json(#" {"a": [1, -2.5e3, true, null, "x\n\"\u00e9\ud83d\ude00\/"], "b": {}} "#)
        #expect(document?.isRepaired == false)
        #expect(
            document?.value["a"]?.array == [.number("1"), .number("-2.5e3"), .bool(true), .null, .string("x\n\"é😀/")])
        #expect(document?.value["b"] == .object([:]))
    }

    @Test func `numbers keep all their digits`() {
        #expect(json("[12345678901234567890123]")?.value == .array([.number("12345678901234567890123")]))
        #expect(json("[1e400]")?.value == .array([.number("1e400")]))
    }

    @Test(arguments: [
        ("[1,,2,]", "[1,2]"), ("// c\n[1 /* d */, 2]", "[1,2]"), ("[1, 2", "[1,2]"), ("[\"a", "[\"a\"]"),
        ("[1] x", "[1]"),
        ("[NaN, Infinity]", "[NaN,Infinity]"), ("{\"a\":1 \"b\":2}", "{\"a\":1,\"b\":2}"), ("[[1}, 2]", "[[1]]"),
        ("{\"a\"", "{}"), ("{a:1,\"b\":2}", "{\"b\":2}"),
    ])
    func `what is wrong is forgiven, and said`(broken: String, sound: String) {
        #expect(json(broken)?.value == json(sound)?.value)
        #expect(json(broken)?.isRepaired == true)
    }

    @Test func `what nests too deep is left out, and the rest is read`() {
        let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        let document = json("{\"a\": \(deep), \"b\": 1}")
        #expect(document?.isTooDeep == true)
        #expect(document?.value["b"] == .number("1"))
        #expect(json(String(repeating: "{\"a\":", count: 100_000)) != nil)
    }

    @Test(arguments: [
        (#"{"a": [1, 2, 3], "b": 4}"#, 4, #"{"a": [1, 2, null]}"#), (#"{"a": [1, 2], "b": 4}"#, 5, nil),
        ("[[[[]]], 1]", 3, "[[[null]]]"), ("[0,0,0,0,0,0,0,0]", 9, nil), ("[0,0,0,0,0,0,0,0]", 4, "[0,0,0,null]"),
    ])
    func `of more values than the limit the first are kept`(text: String, most: Int, kept: String?) {
        let document = JSONDocument(Array(text.utf8).span, mostValues: most)
        #expect(document?.value == json(kept ?? text)?.value)
        #expect(document?.isTooLarge == (kept != nil))
        #expect(document?.isRepaired == (kept != nil))
    }

    @Test func `text that is no JSON is none`() {
        #expect(json("<rss>") == nil)
        #expect(json("") == nil)
        #expect(json("\"a\"") == nil)
    }
}
