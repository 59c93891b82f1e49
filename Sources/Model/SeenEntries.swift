// Which entries of a source were seen before. A value; the store keeps it as one blob.

/// The marks of the entries that a source showed lately, the newest document's first.
package struct SeenEntries: Sendable, Equatable {
    package private(set) var marks: [EntryMarks]
    /// What they were made with; `nil` for those of before there were keys.
    package let key: MarkKey?

    /// How an entry stands to what was seen before.
    package enum Novelty: Sendable, Equatable {
        case new, edited, unchanged
    }

    package init(key: MarkKey? = .random(), marks: [EntryMarks] = []) {
        self.key = key
        self.marks = marks
    }

    /// How each entry of a document stands to what was seen before, in the document's order.
    ///
    /// An entry under another identity is unchanged when link, title and content are those of a remembered one that
    /// the document no longer shows: a site changed its guids. Link and title alone do not count, since the posts of
    /// a forum thread often share both.
    package func novelty(of document: [EntryMarks]) -> [Novelty] {
        let contents = Dictionary(marks.map { ($0.identity, $0.content) }, uniquingKeysWith: { first, _ in first })
        let shown = Set(document.map(\.identity))
        let replaced = Set(marks.lazy.filter { !shown.contains($0.identity) }.map(Twin.init))
        return document.map { entry in
            if let content = contents[entry.identity] {
                content == entry.content ? .unchanged : .edited
            } else {
                replaced.contains(Twin(entry)) ? .unchanged : .new
            }
        }
    }

    /// Whether the window has moved past everything remembered, so that entries may have been missed in between.
    package func isGap(before document: [EntryMarks]) -> Bool {
        guard !marks.isEmpty, !document.isEmpty else { return false }
        return novelty(of: document).allSatisfy { $0 == .new }
    }

    /// Remembers a document's entries, and of the earlier ones as many again, at least 100: servers behind a cache
    /// show an older document now and then, and an entry that comes back must not be new.
    package mutating func remember(_ document: [EntryMarks]) {
        let shown = Set(document.map(\.identity))
        let earlier = marks.lazy.filter { !shown.contains($0.identity) }
        marks = document + earlier.prefix(max(100, document.count))
    }

    private struct Twin: Hashable {
        let alias, content: UInt64

        init(_ marks: EntryMarks) {
            alias = marks.alias
            content = marks.content
        }
    }
}
