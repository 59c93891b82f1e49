import Foundation
import Model
import Monitoring
import Testing

@Suite struct RecogniserTests {
    private let world: World
    private let source = Source(
        url: "https://reviews.example/feed", name: "Oordeel", cadence: Cadence(every: .seconds(900)),
        labels: ["team": "web", "kind": "reviews"])

    init() throws {
        world = try World()
    }

    private func mentions(_ watches: String, in entry: Entry) throws -> [Mention] {
        let settings = try world.settings(sources: "  - { url: 'https://reviews.example/feed' }", watches: watches)
        return Recogniser(settings).mentions(
            in: entry, of: source, found: Date(timeIntervalSince1970: 1_772_438_400), edited: false)
    }

    private func entry(_ text: String, _ edit: (inout Entry) -> Void = { _ in }) -> Entry {
        var entry = Entry(identity: "1")
        entry.summary = RichText(text, form: .plain)
        edit(&entry)
        return entry
    }

    @Test func oneEntryIsOneMentionForEachWatchThatHits() throws {
        let watches = """
              - { name: bank, query: zeebank }
              - { name: other, query: windbank }
              - { name: trouble, query: "zeebank AND storing" }
            """
        let mentions = try mentions(watches, in: entry("Storing bij Zeebank"))
        #expect(mentions.map(\.watch) == ["bank", "trouble"])
        #expect(Set(mentions.map(\.id)).count == 2)
    }

    @Test func aQueryMayAskForARatingAndALabel() throws {
        let watches = "  - { name: angry, query: 'zeebank rating:<=2 label:team=web' }"
        #expect(try mentions(watches, in: entry("Zeebank") { $0.rating = 1 }).count == 1)
        #expect(try mentions(watches, in: entry("Zeebank") { $0.rating = 5 }).isEmpty)
        #expect(try mentions(watches, in: entry("Zeebank")).isEmpty)
    }

    @Test func theWatchsLabelsGoOverTheSources() throws {
        let watches = "  - { name: bank, query: zeebank, labels: { team: retail } }"
        let labels = try mentions(watches, in: entry("Zeebank")).map(\.labels)
        #expect(labels == [["team": "retail", "kind": "reviews"]])
    }

    @Test func whatAStrangerWroteIsCutBetweenTwoCharacters() throws {
        let family = "👩‍👩‍👧‍👦"
        let long = "Zeebank " + String(repeating: family, count: 1_000)
        let mention = try #require(try mentions("  - { name: bank, query: zeebank }", in: entry(long)).first)
        #expect(mention.entry.text.utf8.count <= Mention.textLimit)
        #expect(mention.entry.text.utf8.count > Mention.textLimit - family.utf8.count)
        #expect(mention.entry.text.dropFirst(8).allSatisfy { $0 == Character(family) })
    }

    @Test func oneEndlessCharacterIsCutToo() throws {
        let endless = "Zeebank e" + String(repeating: "\u{301}", count: 20_000)
        let mention = try #require(try mentions("  - { name: bank, query: zeebank }", in: entry(endless)).first)
        #expect((Mention.textLimit - 4...Mention.textLimit).contains(mention.entry.text.utf8.count))
    }

    @Test(
        "What is told of a match's words is cut, its place is not",
        arguments: [
            ("'\"acme bank\"'", "acme" + String(repeating: "-", count: 100_000) + "bank"),
            ("klm", "k" + String(repeating: "\u{301}", count: 100_000) + "lm"),
        ])
    func longMatchesAreCut(query: String, text: String) throws {
        let mention = try #require(try mentions("  - { name: long, query: \(query) }", in: entry(text)).first)
        let place = try #require(mention.matches.first)
        #expect(200...256 ~= place.text.utf8.count)
        #expect(text.unicodeScalars.starts(with: place.text.unicodeScalars))
        #expect(place.start == 0)
        #expect(place.end == text.unicodeScalars.count)
        #expect(mention.json.count < 20_000)
    }
}
