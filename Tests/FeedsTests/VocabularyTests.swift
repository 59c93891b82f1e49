// The names of elements: each is found by its bytes, in any case, and none is taken for another.

import Testing

@testable import Feeds

private func tag(_ local: String, prefix: String = "", space: String = "") -> Feeds.Tag {
    Vocabulary.tag(space: Array(space.utf8).span, prefix: Array(prefix.utf8).span, local: Array(local.utf8).span)
}

@Suite struct `Names of elements` {
    @Test func `every name is found, in any case`() {
        for (name, meaning) in Vocabulary.allNames {
            let parts = name.split(separator: ":").map(String.init)
            let prefix = parts.count > 1 ? parts[0] : ""
            #expect(tag(parts[parts.count - 1], prefix: prefix) == meaning)
            #expect(tag(parts[parts.count - 1].uppercased(), prefix: prefix.uppercased()) == meaning)
        }
    }

    @Test(arguments: [
        ("http://purl.org/dc/elements/1.1/", Feeds.Tag.otherTitle), ("HTTP://PURL.ORG/DC/elements/1.1", .otherTitle),
        ("http://www.w3.org/2005/Atom", .title), ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", .unknown),
        ("http://nobody.example/ns", .otherTitle),
    ])
    func `a namespace counts before its prefix, and an unknown one leaves the prefix to say`(
        space: String, title: Feeds.Tag
    ) {
        #expect(tag("title", prefix: "dc", space: space) == title)
    }

    @Test func `what is not known is not taken for something else`() {
        #expect(tag("title", prefix: "nobody") == .unknown)
        #expect(tag("titel") == .unknown)
        #expect(tag("title", space: "http://nobody.example/rss") == .title)
    }
}
