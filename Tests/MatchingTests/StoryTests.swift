// Near-duplicates: edited copies are found, unlike texts are not, and the index stays bounded.

import FoundationEssentials
import Matching
import Simulation
import Testing

@Suite struct StoryTests {
    private static let start = Date(timeIntervalSince1970: 1_700_000_000)

    /// A text of `count` words out of a large vocabulary.
    private func text(_ count: Int, _ dice: inout Dice) -> [String] {
        (0..<count).map { _ in "w\(dice.roll(6000))" }
    }

    private func sketch(_ words: [String]) -> StorySketch {
        StorySketch(title: "", text: words.joined(separator: " "))
    }

    /// How many of 200 texts are found again after an edit.
    private func found(_ edit: ([String], inout Dice) -> [String]) -> Int {
        var dice = Dice(seed: 3)
        var index = StoryIndex()
        return (0..<200).count { _ in
            let words = text(200, &dice)
            let original = index.story(for: sketch(words), at: Self.start)
            let copy = index.story(for: sketch(edit(words, &dice)), at: Self.start)
            return copy.id == original.id && copy.likeness != nil
        }
    }

    /// Stored ones are compared with those that a later release makes of the same text. If this fails, the layout has
    /// changed, or how texts are hashed: raise the version, so that the old ones are forgotten.
    @Test func aSketchIsTheSameInEveryReleaseOfItsVersion() throws {
        let sketch = StorySketch(
            title: "De Titel", text: "één twee drie vier vijf zes zeven acht negen", url: "https://a.example/?utm_x=1",
            author: "Jan")
        let sum = sketch.bytes.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        #expect(sketch.bytes.first == 1)
        #expect(sum == 16_775_473_159_664_446_282)
        #expect(StorySketch(bytes: sketch.bytes) == sketch)
    }

    @Test func aSketchOfAnotherVersionIsNotMisread() {
        var bytes = StorySketch(title: "Titel", text: "één twee drie vier vijf zes zeven acht negen").bytes
        bytes[0] += 1
        #expect(StorySketch(bytes: bytes) == nil)
        #expect(StorySketch(bytes: []) == nil)
    }

    @Test func aFooterDoesNotMakeAnotherStory() {
        #expect(found { words, dice in words + text(30, &dice) } >= 198)
    }

    @Test func aFewChangedWordsDoNotMakeAnotherStory() {
        let changed = found { words, dice in words.map { dice.roll(33) == 0 ? "andere\(dice.roll(99))" : $0 } }
        #expect(changed >= 198)
    }

    @Test func aSummaryOfTheFirst300CharactersIsTheSameStory() {
        #expect(found { words, _ in Array(words.prefix(55)) } >= 196)
    }

    @Test func unlikeTextsAreStoriesOfTheirOwn() {
        var dice = Dice(seed: 4)
        var index = StoryIndex()
        for _ in 0..<500 { #expect(index.story(for: sketch(text(120, &dice)), at: Self.start).likeness == nil) }
        #expect(index.count == 500)
    }

    @Test func caseAccentsAndPunctuationDoNotMatter() {
        var index = StoryIndex()
        let first = StorySketch(title: "", text: "De prijs van één kilo appels stijgt dit jaar opnieuw")
        let second = StorySketch(title: "", text: "de PRIJS van een kilo appels: stijgt dit jaar, opnieuw!")
        #expect(index.story(for: first, at: Self.start).likeness == nil)
        #expect(index.story(for: second, at: Self.start).likeness == .sameText)
    }

    @Test func aShortTextIsOnlyTheSameWithItsTitle() {
        var index = StoryIndex()
        let one = index.story(for: StorySketch(title: "Acme", text: "Top bedrijf, aanrader"), at: Self.start)
        let other = index.story(for: StorySketch(title: "Bravo", text: "Top bedrijf, aanrader"), at: Self.start)
        let again = index.story(for: StorySketch(title: "acme", text: "top bedrijf aanrader"), at: Self.start)
        #expect(one.id != other.id)
        #expect(again.id == one.id)
    }

    /// Ten customers write "Slecht!" and nothing else: ten complaints, of which two feeds may show the same one.
    /// As link posts have it, and articles behind a paywall.
    @Test(arguments: [
        "submitted by /u/jan to r/thenetherlands [link] [comments]",
        "Dit artikel is alleen voor abonnees. Log in of neem een abonnement om verder te lezen.",
    ])
    func aFrameUnderAnotherTitleIsAnotherStory(_ frame: String) {
        var index = StoryIndex()
        func story(_ title: String, _ text: String) -> Int {
            index.story(for: StorySketch(title: title, text: text), at: Self.start).id
        }
        let first = story("Zeebank storing: niemand kan pinnen", frame)
        let second = story("Hack bij Zeebank", frame + " Lees meer")
        let third = story("Zeebank verhoogt rente", frame)
        #expect(Set([first, second, third]).count == 3)
        #expect(story("Zeebank verhoogt rente", frame) == third)
        #expect(story("Hack bij Zeebank", frame + " Lees meer hier") == second)
        #expect(story("", frame) == first)
    }

    @Test func nextToNothingIsOnlyTheSameAtOneAddress() {
        var index = StoryIndex()
        func story(_ title: String, at url: String) -> Int {
            let sketch = StorySketch(title: title, text: "", url: url, author: "Anoniem")
            return index.story(for: StorySketch(bytes: sketch.bytes) ?? sketch, at: Self.start).id
        }
        let one = story("Slecht, acme!", at: "https://reviews.example/1")
        #expect(story("slecht acme", at: "https://reviews.example/2") != one)
        #expect(story("slecht acme", at: "") != one)
        #expect(story("slecht acme", at: "http://www.reviews.example/1?utm_source=feed") == one)
        let headline = story("Acme schrapt twintig vluchten", at: "https://news.example/1")
        #expect(story("Acme schrapt twintig vluchten", at: "https://other.example/9") == headline)
    }

    @Test func emptyTextsAreNeverTheSame() {
        var index = StoryIndex()
        let one = index.story(for: StorySketch(title: "", text: ""), at: Self.start)
        #expect(index.story(for: StorySketch(title: "", text: " "), at: Self.start).id != one.id)
    }

    @Test func aChainOfEditsEndsWhereItIsNoLongerLikeTheFirst() {
        var dice = Dice(seed: 5)
        var index = StoryIndex()
        var words = text(200, &dice)
        let first = index.story(for: sketch(words), at: Self.start).id
        var ids: [Int] = []
        for _ in 0..<40 {
            words = Array(words.dropFirst(20)) + text(20, &dice)
            ids.append(index.story(for: sketch(words), at: Self.start).id)
        }
        #expect(ids.first == first)
        #expect(ids.last != first)
    }

    @Test func storiesAreForgottenByAgeAndByCount() {
        var dice = Dice(seed: 6)
        var index = StoryIndex(capacity: 3000, lifetime: 100)
        let words = text(50, &dice)
        let first = index.story(for: sketch(words), at: Self.start).id
        #expect(index.story(for: sketch(words), at: Self.start.addingTimeInterval(99)).id == first)
        #expect(index.story(for: sketch(words), at: Self.start.addingTimeInterval(101)).id != first)
        for _ in 0..<7000 { _ = index.story(for: sketch(text(10, &dice)), at: Self.start.addingTimeInterval(102)) }
        #expect(index.count == 3000)
    }

    @Test(
        "Addresses of one page are one address",
        arguments: [
            "https://www.example.nl/nieuws/1", "http://example.nl/nieuws/1/",
            "https://EXAMPLE.nl:443/nieuws/1#reacties",
            "https://m.example.nl/nieuws/1?utm_source=rss&fbclid=x", "https://example.nl/nieuws/1/index.html",
        ])
    func canonicalAddresses(address: String) {
        #expect(CanonicalURL.of(address) == "example.nl/nieuws/1")
    }

    @Test func whatChoosesThePageStays() {
        #expect(CanonicalURL.of("https://example.nl/a?id=2&b=1") == "example.nl/a?b=1&id=2")
        #expect(CanonicalURL.of("https://example.nl:8080/a") == "example.nl:8080/a")
        #expect(CanonicalURL.of("mailto:a@example.nl") == nil)
        #expect(CanonicalURL.of("https://") == nil)
    }
}
