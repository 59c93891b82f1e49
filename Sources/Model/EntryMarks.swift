// What is remembered of an entry: not its text, only enough to know it again.

/// Three 64-bit hashes of an entry, which decide whether it is new, renamed or edited.
package struct EntryMarks: Sendable, Hashable {
    /// Of `Entry.identity`.
    package var identity: UInt64
    /// Of the normalised link and the title: still the same when a site changes its guids or moves to https.
    package var alias: UInt64
    /// Of everything that a query can look at: another value means that the entry was edited.
    package var content: UInt64

    package init(identity: UInt64, alias: UInt64, content: UInt64) {
        self.identity = identity
        self.alias = alias
        self.content = content
    }
}

/// What marks are hashed with. Each source has its own, and nobody else knows it: who can choose a text cannot choose
/// one whose mark is another entry's.
package struct MarkKey: Sendable, Hashable {
    package let low, high: UInt64

    package init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    package static func random() -> MarkKey {
        MarkKey(low: .random(in: 0...(.max)), high: .random(in: 0...(.max)))
    }
}
