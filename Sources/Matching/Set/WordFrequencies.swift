// How often words are met, learned from the documents that pass by: what a set is compiled with, so that each query is
// triggered by what is truly rare. Bounded, whatever the documents hold.

/// Counts of words: a count-min sketch of two rows. Words that share both counters only look more frequent than they are.
package struct WordFrequencies: Sendable {
    /// Counters a row; both are 512 kB, and leave rare and frequent well apart among a few hundred thousand words.
    private static let size = 1 << 16
    /// Enough to tell rare from frequent; what comes later is not counted.
    private static let wordLimit = 10_000_000

    private var counts: [UInt32] = []
    private var total = 0
    private var list = WordList()

    package init() {}

    /// Counts the words of a document's title and body.
    package mutating func add(_ document: Document) {
        guard total < Self.wordLimit else { return }
        if counts.isEmpty { counts = Array(repeating: 0, count: Self.size * 2) }
        list.begin()
        _ = list.append(document.title)
        _ = list.append(document.body)
        list.scan(hash: .process)
        for word in list.words[..<list.count] where word.length > 0 {
            counts[Self.first(word.hash)] += 1
            counts[Self.second(word.hash)] += 1
        }
        total += list.count
    }

    /// How often a word is met among 100,000; `nil` when too little has been counted to tell.
    ///
    /// - Parameter guess: what it counts for besides, in tenths: keeps words that were never met apart.
    func perHundredThousand(hash: UInt64, guess: Double) -> Double? {
        guard total >= 100_000 else { return nil }
        let count = Double(min(counts[Self.first(hash)], counts[Self.second(hash)]))
        return (count + guess / 10) * 100_000 / Double(total)
    }

    private static func first(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & (size - 1) }
    private static func second(_ hash: UInt64) -> Int { size + (Int(truncatingIfNeeded: hash >> 20) & (size - 1)) }
}
