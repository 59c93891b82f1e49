// What holds for every query and every text, tried on random ones.

import Foundation
import Matching
import Model
import Simulation
import Testing

@Suite struct PropertyTests {
    private func hits(_ query: String, _ document: Document) throws -> [Hit] {
        WatchSet([try Query(query)]).matches(in: document)
    }

    @Test("A literal finds itself in any text that holds it between borders", arguments: 1...8)
    func aLiteralFindsItself(seed: Int) throws {
        var maker = Maker(dice: Dice(seed: UInt64(100 + seed)))
        for _ in 0..<250 {
            let words = (0..<(1 + maker.dice.roll(3))).map { _ in maker.word() }.joined(separator: " ")
            let body = maker.text(6) + "\n\n" + words + "\n\n" + maker.text(6)
            let found = try hits("\"\(words)\"", Document(body: body)).flatMap(\.matches)
            #expect(found.contains { $0.text == words }, "\(words) in \(body)")
            #expect(try !hits("raw:\"\(words)\"", Document(body: body)).isEmpty, "raw:\(words) in \(body)")
        }
    }

    @Test("Adding OR never loses a match", arguments: 1...4)
    func addingOrLosesNothing(seed: Int) throws {
        var maker = Maker(dice: Dice(seed: UInt64(200 + seed)))
        for _ in 0..<500 {
            let (query, other) = (maker.query(2).query, maker.query(1).query)
            let document = Document(title: maker.text(3), body: maker.text(10))
            guard try !hits(query, document).isEmpty else { continue }
            #expect(try !hits("(\(query)) OR (\(other))", document).isEmpty, "\(query) OR \(other) in \(document)")
        }
    }

    @Test("NFC and NFD of query and text never differ", arguments: 1...4)
    func normalisationDoesNotMatter(seed: Int) throws {
        var maker = Maker(dice: Dice(seed: UInt64(300 + seed)))
        for _ in 0..<300 {
            let query = maker.query(2).query
            let (title, body) = (maker.text(3), maker.text(10))
            let composed = Document(
                title: title.precomposedStringWithCanonicalMapping, body: body.precomposedStringWithCanonicalMapping)
            let decomposed = Document(
                title: title.decomposedStringWithCanonicalMapping, body: body.decomposedStringWithCanonicalMapping)
            let results = try [query.precomposedStringWithCanonicalMapping, query.decomposedStringWithCanonicalMapping]
                .flatMap { query in try [composed, decomposed].map { try hits(query, $0).isEmpty } }
            #expect(Set(results).count == 1, "\(query) in \(title) | \(body)")
        }
    }

    @Test func howManyQueriesThereAreChangesNothing() throws {
        var maker = Maker(dice: Dice(seed: 400))
        let queries = try (0..<400).map { _ in try Query(maker.query(2).query) }
        let documents = (0..<200).map { _ in Document(title: maker.text(3), body: maker.text(30)) }
        let alone = queries.map { WatchSet([$0]) }
        // More than are read at once.
        let many = WatchSet((0..<7).flatMap { _ in queries })
        for document in documents {
            let hits = alone.indices.filter { !alone[$0].matches(in: document).isEmpty }
            let expected = (0..<7).flatMap { round in hits.map { $0 + round * queries.count } }
            #expect(many.matches(in: document).map(\.query) == expected)
        }
    }

    @Test func aSetIsSharedByManyThreads() async throws {
        var maker = Maker(dice: Dice(seed: 500))
        let set = WatchSet(try (0..<50).map { _ in try Query(maker.query(2).query) })
        let documents = (0..<300).map { _ in Document(title: maker.text(3), body: maker.text(20)) }
        let expected = documents.map { set.matches(in: $0) }
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask { #expect(documents.map { set.matches(in: $0) } == expected) }
            }
        }
    }

    @Test(
        "Hostile texts are read in time and space that their size bounds",
        arguments: [
            String(repeating: "a", count: 1 << 17), String(repeating: "acme ", count: 25_000),
            String(repeating: "a\n\n", count: 40_000), String(repeating: "\u{301}", count: 40_000),
            String(repeating: "\u{200B}", count: 40_000), String(repeating: "京", count: 40_000),
            String(repeating: "👩\u{200D}", count: 12_000), String(repeating: "🇳", count: 25_000),
            String(repeating: "#@", count: 40_000), String(repeating: "\u{1112}\u{1161}", count: 12_000),
            String(repeating: "kl", count: 1 << 16),
        ])
    func hostileTexts(text: String) throws {
        let queries = try [
            "acme", "acme NEAR/1000 acme", "\"acme acme acme acme\"", "*a*a*a*b", "*ac*", "*klm*", "raw:\"acme acme\"",
            "\"acme b1\"~1000",
            "(acme OR a) NEAR/5 (acme OR b) NEAR/5 京", "a?me", "#acme", "京京", "lang:nl OR NOT acme",
        ].map { try Query($0) }
        let hits = WatchSet(queries).matches(in: Document(body: text))
        #expect(hits.allSatisfy { $0.matches.count <= Hit.matchLimit })
        _ = StorySketch(title: text, text: text, url: text)
    }

    @Test func textBehindTheLimitIsNotLookedAt() throws {
        let limit = Document.fieldLimit
        let inside = Document(body: String(repeating: "x ", count: limit / 2 - 3) + "acme ")
        let outside = Document(body: String(repeating: "x ", count: limit / 2) + "acme")
        #expect(try !hits("acme", inside).isEmpty)
        #expect(try hits("acme", outside).isEmpty)
    }

    @Test func whatFollowsACutTextIsReadWhole() throws {
        let title = String(repeating: "x", count: Document.fieldLimit - 2) + " 😡"
        #expect(try hits("klm", Document(title: title, body: "klm")).flatMap(\.matches).map(\.text) == ["klm"])
    }
}
