// What is kept of a text to find it again when it comes back edited: a hash of the whole, and the smallest hashes of
// its shingles. About 500 bytes, whatever the text's length. Stable across runs and machines.

/// A text's fingerprint, for near-duplicates.
///
/// The 48 smallest hashes of 3-word shingles (a bottom-k sketch): measured on real texts it finds added footers, a few
/// changed words and a feed's cut-off summary, where a SimHash finds them a quarter of the time.
package struct StorySketch: Sendable, Hashable {
    /// How many shingles are kept.
    package static let size = 48
    /// Words to a shingle.
    private static let shingleLength = 3
    /// Shorter texts are only ever the same when they are equal: too many short posts share all their shingles.
    package static let shortestText = 8
    /// Below so many words a text may be a frame that stands under many titles: "submitted by … [link] [comments]",
    /// "for subscribers only". A feed's summary, cut off at 300 characters, has more.
    static let longText = 32
    /// Below so many words, the title's included, it is not even enough to be equal: "Slecht!" is said by many.
    package static let shortestSaying = 4

    /// Of all folded words in order.
    package var textHash: UInt64
    /// Of the folded title, or 0 without one.
    package var titleHash: UInt64
    /// Of the folded author, or 0 without one.
    package var authorHash: UInt64
    package var wordCount: Int
    package var titleWordCount: Int
    /// The smallest hashes, ascending; empty for a short text.
    package var shingles: [UInt64]
    /// The address made comparable; see `CanonicalURL`.
    package var url: String?

    package init(title: String, text: String, url: String = "", author: String = "") {
        let authorHashes = Self.hashes(of: author)
        let titleHashes = Self.hashes(of: title)
        let hashes = Self.hashes(of: text)
        titleHash = titleHashes.isEmpty ? 0 : Self.combined(titleHashes[...])
        authorHash = authorHashes.isEmpty ? 0 : Self.combined(authorHashes[...])
        textHash = Self.combined(hashes[...])
        wordCount = hashes.count
        titleWordCount = titleHashes.count
        shingles = hashes.count < Self.shortestText ? [] : Self.smallestShingles(hashes)
        self.url = CanonicalURL.of(url)
    }

    /// The stable hashes of a text's folded words.
    private static func hashes(of text: String) -> [UInt64] {
        var list = WordList()
        list.begin()
        _ = list.append(text)
        list.scan(hash: .stable)
        return list.words[..<list.count].filter { $0.length > 0 }.map(\.hash)
    }

    private static func combined(_ hashes: ArraySlice<UInt64>) -> UInt64 {
        var state = WordHash.stable.seed
        for hash in hashes { state = WordHash.stable.mix(state, hash) &+ 0x9E37_79B9_7F4A_7C15 }
        return WordHash.stable.finish(state, 0, length: hashes.count)
    }

    private static func smallestShingles(_ hashes: [UInt64]) -> [UInt64] {
        var smallest: [UInt64] = []
        for start in 0...(hashes.count - shingleLength) {
            let hash = combined(hashes[start..<start + shingleLength])
            if smallest.count == size, let last = smallest.last, hash >= last { continue }
            let place = smallest.firstIndex { $0 >= hash } ?? smallest.count
            if place < smallest.count, smallest[place] == hash { continue }
            smallest.insert(hash, at: place)
            if smallest.count > size { smallest.removeLast() }
        }
        return smallest
    }

    /// Whether the titles do not speak against it: those of short texts must be the same, as far as there are any.
    func mayBeCopy(of other: StorySketch) -> Bool {
        min(wordCount, other.wordCount) >= Self.longText || titleHash == 0 || other.titleHash == 0
            || titleHash == other.titleHash
    }

    /// How much of this text is in the other, from 0 to 1, and the shingles they share.
    ///
    /// Only hashes below both sketches' largest are comparable: above it a full sketch knows nothing. A text of fewer
    /// shingles than a sketch holds is known whole.
    package func containment(in other: StorySketch) -> (share: Double, shared: Int) {
        let limit = min(reach, other.reach)
        let mine = shingles.prefix { $0 <= limit }
        let others = Set(other.shingles.prefix { $0 <= limit })
        let shared = mine.count { others.contains($0) }
        return (mine.isEmpty ? 0 : Double(shared) / Double(mine.count), shared)
    }

    /// The largest hash up to which this sketch knows every shingle of its text.
    private var reach: UInt64 { shingles.count < Self.size ? .max : shingles.last ?? .max }
}

extension StorySketch {
    /// What `bytes` begins with. To be raised with its layout, and with whatever makes other hashes of the same text:
    /// sketches of another version are not comparable.
    private static let version: UInt8 = 1

    /// The version; little-endian: text, title, author, words, the title's words, the number of shingles, these; and
    /// the address in UTF-8.
    package var bytes: [UInt8] {
        var bytes = [Self.version]
        let counts = [UInt64(wordCount), UInt64(titleWordCount), UInt64(shingles.count)]
        for number in [textHash, titleHash, authorHash] + counts + shingles {
            withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
        }
        return bytes + Array((url ?? "").utf8)
    }

    /// `nil` for bytes that are no sketch, or one of another version.
    package init?(bytes stored: [UInt8]) {
        guard stored.first == Self.version else { return nil }
        let bytes = Array(stored.dropFirst())
        func number(_ index: Int) -> UInt64 {
            bytes[(8 * index)..<(8 * index + 8)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        guard bytes.count >= 48, let words = Int(exactly: number(3)), let titleWords = Int(exactly: number(4)),
            number(5) <= UInt64(Self.size)
        else { return nil }
        let end = 6 + Int(number(5))
        guard bytes.count >= 8 * end else { return nil }
        textHash = number(0)
        titleHash = number(1)
        authorHash = number(2)
        wordCount = words
        titleWordCount = titleWords
        shingles = (6..<end).map(number)
        url = bytes.count > 8 * end ? String(decoding: bytes[(8 * end)...], as: UTF8.self) : nil
    }
}
