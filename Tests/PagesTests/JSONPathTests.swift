// Paths into a site's JSON: each kind of step, and that none costs more than the document is long.

import Markup
import Pages
import Testing

@Suite struct `JSON paths` {
    private let document = JSONDocument(
        text: #"""
            {"posts": [{"id": 1, "type": "post", "by": {"name": "jan"}}, {"id": 2, "type": "note"}],
             "topic_9": "{\"title\": \"Bikes\"}", "topic_10": "{\"title\": \"Cars\"}",
             "data": {"author": {"type": "users", "id": 7}}, "included": [{"type": "posts", "id": 7, "name": "no"},
             {"type": "users", "id": "7", "attributes": {"name": "eva"}}]}
            """#)

    private func find(_ path: String) throws -> [String?] {
        let root = JSONRoot(try #require(document).value)
        return try JSONPath(path).values(in: root.value, root: root).map(\.written)
    }

    @Test(arguments: [
        ("posts[*].id", ["1", "2"]), ("posts[0].by.name", ["jan"]), ("posts[-1].id", ["2"]), ("posts[2].id", []),
        ("posts[type=note].id", ["2"]), ("$.posts[*].type", ["post", "note"]), ("nothing.here", []),
        ("topic_*.json().title", ["Cars", "Bikes"]), ("data.author>.attributes.name", ["eva"]),
        ("posts[*].by.name", ["jan"]),
    ]) func `lead to every value that they describe`(path: String, expected: [String]) throws {
        #expect(try find(path) == expected)
    }

    @Test(arguments: [("posts[", 5), ("posts[x]", 6), ("a*b.c", 3)])
    func `are refused where they are wrong`(path: String, offset: Int) {
        #expect { try JSONPath(path) } throws: { ($0 as? SelectorError)?.offset == offset }
    }

    /// Found by the fuzzer: each value that was taken had all its siblings sorted again.
    @Test func `follow each step once, however many values there are`() throws {
        let keys = (0..<20_000).map { #""k\#($0)": {"id": \#($0), "author": {"type": "users", "id": \#($0)}}"# }
        let users = (0..<20_000).map { #"{"type": "users", "id": \#($0), "name": "u\#($0)"}"# }
        let text = "{\"posts\": {\(keys.joined(separator: ","))}, \"included\": [\(users.joined(separator: ","))]}"
        let root = JSONRoot(try #require(JSONDocument(text: text)).value)
        let found = try JSONPath("posts[*].author>.name").values(in: root.value, root: root)
        // As many as are looked at in one document.
        #expect(found.count == 10_000)
        #expect(Set(found.compactMap(\.written)).count == 10_000)
    }
}
