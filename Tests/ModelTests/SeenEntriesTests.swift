import Model
import Testing

@Suite struct SeenEntriesTests {
    private func marks(_ identity: UInt64, alias: UInt64? = nil, content: UInt64 = 1) -> EntryMarks {
        EntryMarks(identity: identity, alias: alias ?? identity, content: content)
    }

    @Test func everythingIsNewAtFirst() {
        #expect(SeenEntries().novelty(of: [marks(1), marks(2)]) == [.new, .new])
    }

    @Test func aKnownEntryIsUnchangedUntilItsContentChanges() {
        var seen = SeenEntries()
        seen.remember([marks(1), marks(2)])
        #expect(seen.novelty(of: [marks(1), marks(2, content: 9)]) == [.unchanged, .edited])
    }

    @Test func aSiteThatChangesItsGuidsBringsNothingNew() {
        var seen = SeenEntries()
        seen.remember([marks(1, alias: 7), marks(2, alias: 8)])
        #expect(seen.novelty(of: [marks(11, alias: 7), marks(12, alias: 8)]) == [.unchanged, .unchanged])
    }

    @Test func aSecondPostUnderTheSameLinkAndTitleIsNew() {
        var seen = SeenEntries()
        seen.remember([marks(1, alias: 7)])
        // Still shown beside the old one, with the same words.
        #expect(seen.novelty(of: [marks(2, alias: 7), marks(1, alias: 7)]) == [.new, .unchanged])
        // In its place, with other words.
        #expect(seen.novelty(of: [marks(2, alias: 7, content: 5)]) == [.new])
    }

    @Test func anEntryThatComesBackIsNotNew() {
        var seen = SeenEntries()
        seen.remember([marks(1)])
        for identity in 2...90 { seen.remember([marks(UInt64(identity))]) }
        #expect(seen.novelty(of: [marks(1)]) == [.unchanged])
    }

    @Test func whatIsRememberedIsBounded() {
        var seen = SeenEntries()
        for identity in 1...1_000 { seen.remember([marks(UInt64(identity))]) }
        #expect(seen.marks.count == 101)
        seen.remember((2_000..<2_400).map { marks($0) })
        #expect(seen.marks.count == 501)
        #expect(seen.marks.first?.identity == 2_000)
    }

    @Test func aWindowThatMovedPastEverythingRememberedIsAGap() {
        var seen = SeenEntries()
        #expect(!seen.isGap(before: [marks(1)]))
        seen.remember([marks(1), marks(2)])
        #expect(!seen.isGap(before: [marks(3), marks(2)]))
        #expect(seen.isGap(before: [marks(3), marks(4)]))
        #expect(!seen.isGap(before: []))
    }
}
