// The words of one text, in order: their hashes, first bytes and places. A scratch structure that a matcher fills again
// for every document; `WordScanner` writes it, everything else only reads.

/// One word: its hash, its place in the text, and its folded bytes.
struct Word {
    /// Of the folded bytes.
    var hash: UInt64
    /// The first eight folded bytes, zeros behind a shorter word.
    var head: UInt64
    /// Byte offsets of the word as written, into the scanned text.
    var start: UInt32
    var end: UInt32
    /// Where its folded bytes start in `WordList.folded`; `plain` when they are the text's own with bit 5 set.
    var fold: UInt32
    /// The number of folded bytes; 0 for a border.
    var length: UInt32

    static let plain = UInt32.max

    /// A word of plain ASCII.
    @inline(__always)
    init(plain start: Int, _ length: Int, hash: UInt64, head: UInt64) {
        self.hash = hash
        self.head = head
        self.start = UInt32(truncatingIfNeeded: start)
        end = UInt32(truncatingIfNeeded: start &+ length)
        fold = Self.plain
        self.length = UInt32(truncatingIfNeeded: length)
    }

    /// A border before the word at `place`: no phrase runs across it.
    init(border place: Int) { self.init(plain: place, 0, hash: 0, head: 0) }

    /// A word whose folded bytes were written apart; its hash is filled in later.
    init(start: Int, end: Int, fold: Int, length: Int) {
        (hash, head) = (0, 0)
        (self.start, self.end) = (UInt32(start), UInt32(end))
        (self.fold, self.length) = (UInt32(fold), UInt32(length))
    }
}

/// The words of one text. A blank line is a word of no length, a border.
struct WordList {
    /// Bytes of padding before and after the text, so that eight bytes can be read at any place.
    static let padding = 8

    private(set) var count = 0
    /// The first `count` are the text's; what is behind them is room.
    private(set) var words: [Word] = []
    /// Folded bytes of the words that are not plain ASCII, eight zeros at the start and behind each.
    private(set) var folded: [UInt8] = []
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
            var field = field
            field.withUTF8 { text.append(contentsOf: $0) }
        } else {
            // A slice ends where a scalar does: half of one would be read together with what follows.
            let end = field.utf8.index(field.startIndex, offsetBy: Document.fieldLimit)
            text.append(contentsOf: field[..<end].utf8)
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
        while !scanner.run(text, &folded, &words) { reserve(words.count * 2) }
        count = scanner.count
    }

    /// Makes room for more words; words of five bytes are the rule, ideographs and single letters the exception.
    private mutating func reserve(_ capacity: Int) {
        let missing = max(64, capacity) - words.count
        guard missing > 0 else { return }
        words.append(contentsOf: repeatElement(Word(border: 0), count: missing))
    }

    /// The first word of a range with this hash; the range's end when there is none.
    func next(_ hash: UInt64, in range: Range<Int>) -> Int {
        let words = words.span
        var index = range.lowerBound
        while index < range.upperBound, words[index].hash != hash { index += 1 }
        return index
    }

    /// Whether no phrase can run on behind the word at `index`.
    func isBorder(_ index: Int) -> Bool { words[index].length == 0 }

    /// The last eight folded bytes of a word, the last lowest, zeros behind a shorter one.
    func tail(_ index: Int) -> UInt64 {
        let word = words[index]
        let length = Int(word.length)
        let chunk =
            word.fold == Word.plain
            ? load8(text.span.bytes, Int(word.end) - 8) | asciiFold
            : load8(folded.span.bytes, Int(word.fold) + length - 8)
        return firstBytes(chunk.byteSwapped, min(8, length))
    }

    /// The folded bytes of a word.
    func bytes(_ index: Int) -> [UInt8] {
        let word = words[index]
        let length = Int(word.length)
        if word.fold == Word.plain {
            return text[Int(word.start)..<Int(word.start) + length].map { $0 | 0x20 }
        }
        return Array(folded[Int(word.fold)..<Int(word.fold) + length])
    }
}
