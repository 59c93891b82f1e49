import Foundation
import Journaling
import TestSupport
import Testing

@Suite struct JournalTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private var path: String { folder.path + "/journal.jsonl" }

    private func lines(_ sequences: ClosedRange<Int64>) -> [(sequence: Int64, event: [UInt8])] {
        sequences.map { ($0, Array("{\"event\":\"test\"}".utf8)) }
    }

    private func text(_ sequences: ClosedRange<Int64>) -> String {
        sequences.map { "{\"seq\":\($0),\"event\":\"test\"}\n" }.joined()
    }

    @Test func linesAreNumberedAndWhole() throws {
        let journal = try Journal(path: path)
        #expect(journal.lastSequence == 0)
        try journal.append(lines(1...2))
        try journal.append(lines(3...3))
        #expect(try folder.read("journal.jsonl") == text(1...3))
        #expect(journal.lastSequence == 3)
    }

    @Test func aJournalGoesOnBehindItsLastLine() throws {
        try Journal(path: path).append(lines(1...5))
        let journal = try Journal(path: path)
        #expect(journal.lastSequence == 5)
        #expect(journal.tornBytes == 0)
        try journal.append(lines(6...6))
        #expect(try folder.read("journal.jsonl") == text(1...6))
    }

    @Test(arguments: [
        "{\"seq\":3,\"eve", "{\"seq\":3,\"event\":\"test\"}", "\u{0}\u{0}\u{0}\u{0}", "{\"seq\":3,\"ev\n",
        "garbage\n\n\n",
    ])
    func aTornTailIsMovedAside(_ tail: String) throws {
        try folder.write("journal.jsonl", text(1...2) + tail)
        let journal = try Journal(path: path)
        #expect(journal.lastSequence == 2)
        #expect(journal.tornBytes == tail.utf8.count)
        try journal.append(lines(3...3))
        #expect(try folder.read("journal.jsonl") == text(1...3))
        #expect(try folder.read("journal.jsonl.torn") == tail + "\n")
    }

    @Test func aTailLongerThanTheFirstLookIsMovedAside() throws {
        let zeros = String(repeating: "\u{0}", count: 3 << 20)
        try folder.write("journal.jsonl", text(1...2) + zeros)
        let journal = try Journal(path: path)
        #expect(journal.lastSequence == 2)
        #expect(journal.tornBytes == 3 << 20)
        #expect(try folder.read("journal.jsonl") == text(1...2))
    }

    @Test func afterARenameAndARotationLinesGoIntoANewFile() throws {
        let journal = try Journal(path: path)
        try journal.append(lines(1...2))
        try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
        try journal.append(lines(3...3))
        journal.rotate()
        try journal.append(lines(4...4))
        #expect(try folder.read("journal.jsonl.1") == text(1...3))
        #expect(try folder.read("journal.jsonl") == text(4...4))
    }

    @Test func afterAFailedAppendAndARenameNoLineStandsTwice() throws {
        let journal = try Journal(path: path)
        try journal.append(lines(1...2))
        journal.rotate()
        try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/full")
        #expect(throws: JournalError.self) { try journal.append(lines(3...4)) }
        try FileManager.default.removeItem(atPath: path)
        try journal.append(lines(3...4))
        #expect(try folder.read("journal.jsonl.1") == text(1...2))
        #expect(try folder.read("journal.jsonl") == text(3...4))
    }

    @Test func aFileThatWasCopiedAndCutIsNotStretched() throws {
        let journal = try Journal(path: path)
        try journal.append(lines(1...5))
        try folder.write("journal.jsonl.1", try folder.read("journal.jsonl"))
        try FileHandle(forWritingTo: URL(fileURLWithPath: path)).truncate(atOffset: 0)
        journal.rotate()
        try journal.append(lines(6...6))
        #expect(try folder.read("journal.jsonl") == text(6...6))
    }

    @Test func compressedAndUnreadableFilesOfEarlierRotationsArePassedOver() throws {
        try folder.write("journal.jsonl.2.gz", text(1...99))
        try FileManager.default.createDirectory(atPath: path + ".d", withIntermediateDirectories: false)
        try folder.write("journal.jsonl.1", text(1...7))
        #expect(try Journal(path: path).lastSequence == 7)
    }

    @Test func aRotationThatRenamedNothingChangesNothing() throws {
        let journal = try Journal(path: path)
        try journal.append(lines(1...2))
        journal.rotate()
        try journal.append(lines(3...3))
        #expect(try folder.read("journal.jsonl") == text(1...3))
    }

    @Test func aJournalThatWasRotatedAwayStillSaysWhereToGoOn() throws {
        let journal = try Journal(path: path)
        try journal.append(lines(1...7))
        try FileManager.default.moveItem(atPath: path, toPath: path + "-20260302")
        #expect(try Journal(path: path).lastSequence == 7)
    }

    @Test func aFullDiskCountsNothingAsWrittenAndTheNextAppendStartsOver() throws {
        // Every write to /dev/full fails with ENOSPC.
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/full")
        let journal = try Journal(path: path)
        let error = #expect(throws: JournalError.self) { try journal.append(lines(1...3)) }
        #expect(error?.description.contains("No space left") == true)
        #expect(journal.lastSequence == 0)

        try FileManager.default.removeItem(atPath: path)
        try journal.append(lines(1...3))
        #expect(try folder.read("journal.jsonl") == text(1...3))
    }

    @Test func aFolderThatIsNotThereIsNamed() {
        let error = #expect(throws: JournalError.self) { try Journal(path: folder.path + "/no/journal.jsonl") }
        #expect(error?.description.contains("/no/journal.jsonl") == true)
    }
}
