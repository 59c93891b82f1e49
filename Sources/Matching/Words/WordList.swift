// The words of one text, in order: their hashes, first bytes and places. A scratch structure that a matcher fills again
// for every document; `WordScanner` writes it, everything else only reads.

/// One word's place in the text and its folded bytes.
struct Word {
    /// Byte offsets of the word as written, into the scanned text.
    var start: UInt32
    var end: UInt32
    /// Where its folded bytes start in `WordList.folded`; `asciiOnly` when they are the text's own with bit 5 set.
    var fold: UInt32
    /// The number of folded bytes; 0 for a border.
    var length: UInt32

    static let asciiOnly = UInt32.max
}

/// The words of one text. A blank line is a word of no length, a border, so that no phrase can run across it.
struct WordList {
    /// Bytes of padding before and after the text, so that eight bytes can be read at any place.
    static let padding = 8

    var count = 0
    var hashes: [UInt64] = []
    /// The first eight folded bytes of each word, zeros behind a shorter one.
    var heads: [UInt64] = []
    var words: [Word] = []
    /// Folded bytes of the words that are not plain ASCII, eight zeros at the start and behind each.
    var folded: [UInt8] = []
    /// The text, between `padding` line feeds and `padding` zeros.
    private(set) var text: [UInt8] = []

    init() {}

    /// Empties the list and takes a text; `scan` then finds its words.
    mutating func begin() {
        count = 0
        text.removeAll(keepingCapacity: true)
        folded.removeAll(keepingCapacity: true)
        folded.append(contentsOf: repeatElement(0, count: Self.padding))
        text.append(contentsOf: repeatElement(0x0A, count: Self.padding))
    }

    /// Adds a field's text; a blank line keeps it apart from the next one.
    ///
    /// - Returns: where its bytes stand in `text`.
    mutating func append(_ field: String) -> Range<Int> {
        let start = text.count
        if field.utf8.count <= Document.fieldLimit {
            text.append(contentsOf: field.utf8)
        } else {
            text.append(contentsOf: field.utf8.prefix(Document.fieldLimit))
        }
        let end = text.count
        text.append(0x0A)
        text.append(0x0A)
        return start..<end
    }

    /// Finds the words of what was appended.
    ///
    /// - Parameter hash: the hash that what is looked for was hashed with.
    mutating func scan(hash: WordHash) {
        let end = text.count
        text.append(contentsOf: repeatElement(0, count: Self.padding))
        var scanner = WordScanner(hash: hash, position: Self.padding, end: end)
        reserve(text.count / 5)
        while !scanner.run(text, &folded, &hashes, &heads, &words) { reserve(words.count * 2) }
        count = scanner.count
    }

    /// Makes room for more words; words of five bytes are the rule, ideographs and single letters the exception.
    private mutating func reserve(_ capacity: Int) {
        let missing = max(64, capacity) - words.count
        guard missing > 0 else { return }
        hashes.append(contentsOf: repeatElement(0, count: missing))
        heads.append(contentsOf: repeatElement(0, count: missing))
        words.append(contentsOf: repeatElement(Word(start: 0, end: 0, fold: 0, length: 0), count: missing))
    }

    /// Whether no phrase can run on behind the word at `index`.
    func isBorder(_ index: Int) -> Bool { words[index].length == 0 }

    /// The last eight folded bytes of a word, the last lowest, zeros behind a shorter one.
    func tail(_ index: Int) -> UInt64 {
        let word = words[index]
        let length = Int(word.length)
        let chunk =
            word.fold == Word.asciiOnly
            ? load8(text.span.bytes, Int(word.end) - 8) | asciiFold
            : load8(folded.span.bytes, Int(word.fold) + length - 8)
        return firstBytes(chunk.byteSwapped, min(8, length))
    }

    /// The folded bytes of a word.
    func bytes(_ index: Int) -> [UInt8] {
        let word = words[index]
        let length = Int(word.length)
        if word.fold == Word.asciiOnly {
            return text[Int(word.start)..<Int(word.start) + length].map { $0 | 0x20 }
        }
        return Array(folded[Int(word.fold)..<Int(word.fold) + length])
    }
}
