// Finds the words of a text: folds and hashes them in one pass over the bytes. Plain ASCII words, nearly all of them in
// the languages we read, are found and hashed eight bytes at a time; a word that touches anything else is read again,
// scalar by scalar, by `ScalarReader`. Works on padded text that is valid UTF-8 (it comes out of Strings).

struct WordScanner {
    let hash: WordHash
    /// The next byte to look at.
    var position: Int
    let end: Int
    /// Words written so far, borders included.
    var count = 0

    init(hash: WordHash, position: Int, end: Int) {
        self.hash = hash
        self.position = position
        self.end = end
    }

    /// Scans on until the text ends or fewer than two places are left to write to.
    ///
    /// - Returns: whether the text has ended; otherwise make room and call again.
    mutating func run(
        _ textBytes: [UInt8], _ folded: inout [UInt8], _ hashList: inout [UInt64], _ headList: inout [UInt64],
        _ wordList: inout [Word]
    ) -> Bool {
        let text = textBytes.span
        var hashes = hashList.mutableSpan
        var heads = headList.mutableSpan
        var words = wordList.mutableSpan
        let bytes = text.bytes
        let table = ScalarTable.shared
        let room = words.count - 2
        while position < end {
            guard count <= room else { return false }
            let chunk = load8(bytes, position)
            let mask = asciiWordMask(chunk)
            let length = (~mask & 0x8080_8080_8080_8080).trailingZeroBitCount >> 3
            let behind = chunk >> UInt64(truncatingIfNeeded: (length & 7) &* 8) & 0xFF
            if length > 0, length < 8, behind < 0x80 {
                let head = firstBytes(chunk | asciiFold, length)
                hashes[count] = hash.finish(hash.seed, head, length: length)
                heads[count] = head
                words[count] = Word(
                    start: UInt32(truncatingIfNeeded: position), end: UInt32(truncatingIfNeeded: position &+ length),
                    fold: Word.asciiOnly, length: UInt32(truncatingIfNeeded: length))
                count &+= 1
                position &+= length &+ (behind == 0x20 ? 1 : 0)
                continue
            }
            var reader = ScalarReader(position: position, end: end)
            if length == 0, reader.skipGap(text, table), count > 0, words[count - 1].length > 0 {
                words[count] = Word(
                    start: UInt32(truncatingIfNeeded: reader.position),
                    end: UInt32(truncatingIfNeeded: reader.position),
                    fold: Word.asciiOnly, length: 0)
                hashes[count] = 0
                heads[count] = 0
                count &+= 1
            }
            position = reader.position
            if length == 0, position < end, text[position] < 0x80 { continue }
            guard position < end else { return true }
            if length == 8, let (long, wordHash) = longWord(bytes, chunk) {
                hashes[count] = wordHash
                heads[count] = chunk | asciiFold
                words[count] = Word(
                    start: UInt32(truncatingIfNeeded: position), end: UInt32(truncatingIfNeeded: position &+ long),
                    fold: Word.asciiOnly, length: UInt32(truncatingIfNeeded: long))
                count &+= 1
                position &+= long
                continue
            }
            let word = reader.readWord(text, table, &folded)
            position = reader.position
            guard word.length > 0 else { continue }
            let foldedBytes = folded.span.bytes
            hashes[count] = hashOf(foldedBytes, Int(word.fold), Int(word.length))
            heads[count] = firstBytes(load8(foldedBytes, Int(word.fold)), min(8, Int(word.length)))
            words[count] = word
            count &+= 1
        }
        return true
    }

    /// An ASCII word of eight bytes or more, if nothing but ASCII ends it.
    private func longWord(_ bytes: borrowing RawSpan, _ first: UInt64) -> (length: Int, hash: UInt64)? {
        var state = hash.seed
        var chunk = first
        var length = 8
        while true {
            let next = load8(bytes, position &+ length)
            let more = (~asciiWordMask(next) & 0x8080_8080_8080_8080).trailingZeroBitCount >> 3
            if more == 8 {
                state = hash.mix(state, chunk | asciiFold)
                chunk = next
                length &+= 8
                continue
            }
            guard next >> UInt64(truncatingIfNeeded: more &* 8) & 0xFF < 0x80 else { return nil }
            if more == 0 {
                return (length, hash.finish(state, chunk | asciiFold, length: length))
            }
            state = hash.mix(state, chunk | asciiFold)
            length &+= more
            return (length, hash.finish(state, firstBytes(next | asciiFold, more), length: length))
        }
    }

    /// The hash of folded bytes that eight more bytes follow.
    private func hashOf(_ bytes: borrowing RawSpan, _ start: Int, _ length: Int) -> UInt64 {
        var state = hash.seed
        var offset = start
        var left = length
        while left > 8 {
            state = hash.mix(state, load8(bytes, offset))
            offset &+= 8
            left &-= 8
        }
        return hash.finish(state, firstBytes(load8(bytes, offset), left), length: length)
    }
}
