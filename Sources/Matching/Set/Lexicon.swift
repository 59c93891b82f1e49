// The words that a set's queries look for: each once, with its hash and its bytes. Built while a set is compiled, then
// immutable.

/// One word of the lexicon.
struct LexiconWord {
    enum Kind: UInt8 {
        case exact
        case wildcard
    }

    /// Of the folded bytes.
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
    private var numbers = HashTable()

    /// The word's number, the same for the same folded bytes.
    ///
    /// - Parameter letters: the array that the word's `start` points into.
    mutating func number(of word: Expression.Word, in letters: [UInt8]) -> UInt32 {
        if let number = numbers.first(word.hash, where: { hasLetters($0, word, letters.span) }) {
            return UInt32(number)
        }
        let number = words.count
        numbers.insert(word.hash, number)
        let folded = letters[Int(word.start)..<Int(word.start) + Int(word.length)]
        words.append(
            LexiconWord(
                hash: word.hash, head: head(of: word, letters.span.bytes), offset: UInt32(bytes.count),
                length: word.length, kind: word.hasWildcard ? .wildcard : .exact,
                isCommon: CommonWords.contains(folded)))
        bytes.append(contentsOf: folded)
        return UInt32(number)
    }

    private func head(of word: Expression.Word, _ letters: borrowing RawSpan) -> UInt64 {
        firstBytes(load8(letters, Int(word.start)), min(8, Int(word.length)))
    }

    private func hasLetters(_ number: Int, _ word: Expression.Word, _ letters: Span<UInt8>) -> Bool {
        let known = words[number]
        guard known.hash == word.hash, known.length == word.length else { return false }
        guard known.head == head(of: word, letters.bytes) else { return false }
        let bytes = bytes.span
        for index in 0..<Int(word.length) where bytes[Int(known.offset) + index] != letters[Int(word.start) + index] {
            return false
        }
        return true
    }

    mutating func seal() {
        numbers = HashTable()
        words.trim()
        bytes.trim()
    }
}

extension Array {
    /// Gives back the room that growing has left.
    mutating func trim() {
        guard capacity - count > count / 16 else { return }
        self = map { $0 }
    }
}
