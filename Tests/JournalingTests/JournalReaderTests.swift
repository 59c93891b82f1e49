import Foundation
import Journaling
import TestSupport
import Testing

@Suite struct JournalReaderTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private var path: String { folder.path + "/journal.jsonl" }

    private func append(_ text: String) throws {
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.seekToEnd()
        try file.write(contentsOf: Data(text.utf8))
        try file.close()
    }

    private func texts(_ lines: [Data]) -> [String] {
        lines.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func theLastLinesComeFirstAndNewOnesAfterThem() throws {
        try folder.write("journal.jsonl", "one\ntwo\nthree\n")
        var reader = try #require(JournalReader(path: path))
        #expect(texts(reader.last(2)) == ["two", "three"])
        #expect(reader.next().isEmpty)
        try append("four\nfive\n")
        #expect(texts(reader.next()) == ["four", "five"])
        #expect(texts(reader.last(9)) == ["one", "two", "three", "four", "five"])
    }

    @Test(arguments: [0, 1, 9]) func aLineThatIsBeingWrittenIsWaitedFor(count: Int) throws {
        try folder.write("journal.jsonl", "one\nbeg")
        var reader = try #require(JournalReader(path: path))
        #expect(texts(reader.last(count)) == ["one"].suffix(count))
        #expect(reader.next().isEmpty)
        try append("un")
        #expect(reader.next().isEmpty)
        try append("\ntwo\nth")
        #expect(texts(reader.next()) == ["begun", "two"])
    }

    /// More than is read at once.
    @Test(arguments: [0, 2]) func linesMayBeOfAnyLength(count: Int) throws {
        let long = String(repeating: "x", count: 1 << 20)
        try folder.write("journal.jsonl", "one\n\(long)\n\(long)")
        var reader = try #require(JournalReader(path: path))
        // Not for the report of a failure to show.
        let isRight = texts(reader.last(count)) == ["one", long].suffix(count)
        #expect(isRight)
        try append("y\n")
        let isWhole = texts(reader.next()) == [long + "y"]
        #expect(isWhole)
    }

    @Test func onlyLinesInWhichSomethingIsFoundAreCounted() throws {
        try folder.write("journal.jsonl", "1\n2\n-\n-\n")
        var reader = try #require(JournalReader(path: path))
        #expect(reader.last(1) { Int(String(decoding: $0, as: UTF8.self)) } == [2])
        #expect(reader.last(5) { Int(String(decoding: $0, as: UTF8.self)) } == [1, 2])
    }

    @Test func aRotationLosesNoLine() throws {
        try folder.write("journal.jsonl", "one\n")
        var reader = try #require(JournalReader(path: path))
        #expect(texts(reader.last(0)).isEmpty)
        try append("two\n")
        try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
        #expect(texts(reader.next()) == ["two"])
        try folder.write("journal.jsonl", "three\n")
        #expect(texts(reader.next()) == ["three"])
    }

    @Test func aJournalThatIsNotThereIsNotRead() {
        if JournalReader(path: path) != nil { Issue.record("it was read") }
    }
}
