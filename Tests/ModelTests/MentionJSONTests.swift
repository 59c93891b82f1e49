import Foundation
import Model
import TestSupport
import Testing

/// The writer of our own agrees with Foundation's on everything that strangers can put into a mention.
@Suite struct MentionJSONTests {
    private static let texts = [
        "", "Zeebank is traag.", "\"quoted\" \\ and / slashed",
        "tab\tline\nreturn\rbell\u{7}null\u{0}\u{1F}\u{7F}\u{8}\u{C}",
        "één naïeve 😡 👨‍👩‍👧 ﷽ \u{2028}\u{202E}", String(repeating: "lang ", count: 2_000),
    ]

    @Test(arguments: texts)
    func everyTextIsWrittenAsFoundationWritesIt(_ text: String) throws {
        var mention = Mention.example(1, text: text)
        mention.entry.title = text
        mention.entry.author = text
        mention.entry.thread = text
        mention.entry.replyTo = text
        mention.entry.kind = .review
        mention.source.name = text
        mention.watch = text
        mention.labels = [text: text, "a": "b", "team": "retail"]
        mention.matches.append(Mention.Place(Match(field: .title, bytes: 0..<1, scalars: 0..<1, text: text)))
        mention.signals = [Mention.Signal(name: text, words: [text, "storing"]), Mention.Signal(name: "x", words: [])]
        mention.story = text
        #expect(mention.json == [UInt8](try JSONEncoder.earshot.encode(mention)))
        #expect(try JSONDecoder.earshot.decode(Mention.self, from: Data(mention.json)) == mention)
    }

    @Test(arguments: [2, 4.5, 0.1, 1e21, -3] as [Double])
    func everyRatingToo(_ rating: Double) throws {
        var mention = Mention.example(1)
        mention.entry.rating = rating
        #expect(mention.json == [UInt8](try JSONEncoder.earshot.encode(mention)))
    }

    @Test(arguments: [0, 1_772_438_400, 1_772_438_400.75, -86_400.5, 253_402_300_799] as [TimeInterval])
    func everyTimeToo(_ time: TimeInterval) throws {
        var mention = Mention.example(1)
        mention.found = Date(timeIntervalSince1970: time)
        mention.entry.published = nil
        mention.edited = true
        #expect(mention.json == [UInt8](try JSONEncoder.earshot.encode(mention)))
    }
}
