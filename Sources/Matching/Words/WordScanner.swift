// Finds the words of a text: folds and hashes them in one pass over the bytes. Plain ASCII words, nearly all of them in
// the languages we read, are found and hashed eight bytes at a time; a word that touches anything else is read again,
// scalar by scalar, by `ScalarReader`. Works on padded text that is valid UTF-8 (it comes out of Strings).

struct WordScanner {
    let hash: WordHash
    /// The next byte to look at.
    private var position: Int
    private let end: Int
    /// Words written so far, borders included.
    private(set) var count = 0

    init(hash: WordHash, position: Int, end: Int) {
        self.hash = hash
        self.position = position
        self.end = end
    }

    /// Scans on until the text ends or fewer than two places are left to write to.
    ///
    /// - Returns: whether the text has ended; otherwise make room and call again.
    mutating func run(_ text: [UInt8], _ folded: inout [UInt8], _ list: inout [Word]) -> Bool {
        let text = text.span
        let bytes = text.bytes
        let table = ScalarTable.shared
        var words = list.mutableSpan
        var place = position
        var written = count
        defer { (position, count) = (place, written) }
        let room = words.count - 2
        while place < end {
            guard written <= room else { return false }
            let chunk = load8(bytes, place)
            let mask = asciiWordMask(chunk)
            let length = (~mask & topBits).trailingZeroBitCount >> 3
            if length == 0 {
                let gap = plainGap(chunk, mask, from: 0)
                place &+= gap
                if gap > 0 { continue }
                var reader = ScalarReader(position: place, end: end)
                let isBorder = reader.skipGap(text, table)
                place = reader.position
                if isBorder, written > 0, words[written &- 1].length > 0 {
                    words[written] = Word(border: place)
                    written &+= 1
                }
                if place >= end || text[place] < 0x80 { continue }
            } else if length < 8, isWhole(text, table, chunk, place, length) {
                let head = firstBytes(chunk | asciiFold, length)
                let wordHash = hash.finish(hash.seed, head, length: length)
                words[written] = Word(plain: place, length, hash: wordHash, head: head)
                written &+= 1
                place &+= length &+ plainGap(chunk, mask, from: length)
                continue
            } else if length == 8, let (long, wordHash) = longWord(bytes, place, chunk) {
                words[written] = Word(plain: place, long, hash: wordHash, head: chunk | asciiFold)
                written &+= 1
                place &+= long
                continue
            }
            var reader = ScalarReader(position: place, end: end)
            var word = reader.readWord(text, table, &folded)
            place = reader.position
            guard word.length > 0 else { continue }
            let letters = folded.span.bytes
            word.head = firstBytes(load8(letters, Int(word.fold)), min(8, Int(word.length)))
            word.hash = hash(letters, from: Int(word.fold), length: Int(word.length))
            words[written] = word
            written &+= 1
        }
        return true
    }

    /// How far the next word of this chunk is, when only ASCII that is no control character stands between.
    @inline(__always)
    private func plainGap(_ chunk: UInt64, _ mask: UInt64, from start: Int) -> Int {
        let behind = UInt64.max &<< UInt64(truncatingIfNeeded: start &* 8)
        let next = (mask & behind).trailingZeroBitCount >> 3
        guard next < 8 else { return 0 }
        let between = behind & ~(UInt64.max &<< UInt64(truncatingIfNeeded: next &* 8))
        // A byte below 0x20 does not carry into its top bit when 0x60 is added to its lower seven.
        let isPlain = ((chunk & ~topBits) &+ 0x6060_6060_6060_6060) & ~chunk
        return ~isPlain & between & topBits == 0 ? next &- start : 0
    }

    /// Whether nothing that could belong to it stands behind an ASCII word of fewer than eight bytes.
    @inline(__always)
    private func isWhole(
        _ text: Span<UInt8>, _ table: borrowing ScalarTable, _ chunk: UInt64, _ place: Int, _ length: Int
    ) -> Bool {
        let behind = chunk &>> UInt64(truncatingIfNeeded: length &* 8) & 0xFF
        return behind < 0x80 || !table[decode(text, place &+ length).scalar].kind.continuesWord
    }

    /// An ASCII word of eight bytes or more, if nothing but ASCII ends it.
    @inline(__always)
    private func longWord(_ bytes: borrowing RawSpan, _ place: Int, _ first: UInt64) -> (length: Int, hash: UInt64)? {
        var state = hash.seed
        var chunk = first
        var length = 8
        while true {
            let next = load8(bytes, place &+ length)
            let more = (~asciiWordMask(next) & topBits).trailingZeroBitCount >> 3
            if more == 8 {
                state = hash.mix(state, chunk | asciiFold)
                chunk = next
                length &+= 8
                continue
            }
            guard next &>> UInt64(truncatingIfNeeded: more &* 8) & 0xFF < 0x80 else { return nil }
            if more == 0 {
                return (length, hash.finish(state, chunk | asciiFold, length: length))
            }
            state = hash.mix(state, chunk | asciiFold)
            length &+= more
            return (length, hash.finish(state, firstBytes(next | asciiFold, more), length: length))
        }
    }
}
