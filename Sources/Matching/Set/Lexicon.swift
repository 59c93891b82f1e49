// The words that a set's queries look for: each once, with its hash and its bytes. Built while a set is compiled, then
// immutable.

/// One word of the lexicon.
struct LexiconWord {
    enum Kind: UInt8 {
        case exact
        case wildcard
    }

    /// Of the folded bytes, for an exact word.
    var hash: UInt64
    /// The first eight folded bytes, zeros behind a shorter word.
    var head: UInt64
    /// Where its bytes stand in `Lexicon.bytes`.
    var offset: UInt32
    var length: UInt16
    var kind: Kind
    /// Whether it is among the words that are in almost every text.
    var isCommon: Bool
}

struct Lexicon {
    private(set) var words: [LexiconWord] = []
    private(set) var bytes: [UInt8] = []
    /// Needed while compiling only; `seal` frees it.
    private var numbers: [[UInt8]: UInt32] = [:]

    /// The word's number, the same for the same folded bytes.
    mutating func number(of pattern: WordPattern) -> UInt32 {
        if let number = numbers[pattern.folded] { return number }
        let number = UInt32(words.count)
        numbers[pattern.folded] = number
        var head: UInt64 = 0
        for (index, byte) in pattern.folded.prefix(8).enumerated() { head |= UInt64(byte) << UInt64(index * 8) }
        words.append(
            LexiconWord(
                hash: WordHash.process(pattern.folded), head: head, offset: UInt32(bytes.count),
                length: UInt16(clamping: pattern.folded.count), kind: pattern.hasWildcard ? .wildcard : .exact,
                isCommon: CommonWords.contains(pattern.folded)))
        bytes.append(contentsOf: pattern.folded)
        return number
    }

    mutating func seal() {
        numbers = [:]
    }
}
