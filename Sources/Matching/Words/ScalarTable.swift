// What each Unicode scalar does in a text: whether it belongs to a word, and what it folds to. Built once, lazily, from
// the standard library's properties and the generated fold table; looked up by the word scanner for every scalar that
// is not ASCII. Never changes after it is built.

/// What a scalar does to the words around it.
enum ScalarClass: UInt8 {
    /// Punctuation and symbols: ends a word.
    case separator
    /// White space that is no line break.
    case space
    case lineBreak
    /// U+2029: a blank line by itself.
    case paragraphBreak
    /// Soft hyphens, zero-width characters, directional marks: vanish.
    case invisible
    /// U+200D: invisible in a word, glue in an emoji sequence.
    case joiner
    case letter
    /// Ideographs, kana and the like: a word each.
    case single
    /// An accent: vanishes, but belongs to the character before it.
    case accent
    /// A mark that makes another letter: the voiced sound marks of kana.
    case soundMark
    case emoji
    /// A skin tone: vanishes behind an emoji.
    case skinTone
    /// Half a flag.
    case regionalIndicator
    /// U+E0020–E007F: spells out a flag behind a black flag.
    case tag

    /// Whether it vanishes between letters.
    var isInvisible: Bool {
        switch self {
        case .invisible, .joiner: true
        default: false
        }
    }

    /// Whether it can belong to a word of letters before it.
    var continuesWord: Bool {
        switch self {
        case .letter, .accent, .soundMark, .invisible, .joiner, .tag: true
        default: false
        }
    }
}

/// One scalar's class and fold.
struct ScalarEntry: Hashable {
    var kind: ScalarClass
    /// Whether it folds to several scalars; `image` is their index in `ScalarTable.images` then.
    var isSeveral = false
    /// The scalar it folds to; 0 for itself.
    var image: UInt32 = 0
}

/// The class and fold of every scalar, in pages of 256, equal pages shared.
struct ScalarTable: Sendable {
    static let shared = ScalarTable()

    private var pageOf: [UInt16]
    private var entries: [ScalarEntry]
    /// Folds of more than one scalar.
    private(set) var images: [[UInt32]] = []

    subscript(_ scalar: UInt32) -> ScalarEntry {
        entries[Int(pageOf[Int(scalar >> 8)]) << 8 | Int(scalar & 0xFF)]
    }

    /// Whether it is a vowel sign or tone mark, which stays with the letter before it.
    func isSign(_ scalar: UInt32) -> Bool {
        switch Unicode.Scalar(scalar)?.properties.generalCategory {
        case .nonspacingMark, .spacingMark: true
        default: false
        }
    }

    private init() {
        pageOf = Array(repeating: 0, count: 0x1100)
        entries = Array(repeating: ScalarEntry(kind: .separator), count: 256)
        let folds = readFoldTable()
        var known: [[ScalarEntry]: UInt16] = [entries: 0]
        var ideographs: [ScalarEntry]?
        for number in Self.pagesInUse {
            let isIdeographs = Self.isIdeographPage(number)
            let page = isIdeographs ? ideographs ?? readPage(number, folds) : readPage(number, folds)
            if isIdeographs { ideographs = page }
            if known[page] == nil {
                known[page] = UInt16(entries.count >> 8)
                entries += page
            }
            pageOf[number] = known[page] ?? 0
        }
    }

    private mutating func readPage(_ number: Int, _ folds: [UInt32: [UInt32]]) -> [ScalarEntry] {
        (0..<256).map { entry(UInt32(number << 8 | $0), folds) }
    }

    /// Everything Unicode has assigned, private use aside: planes 0–3, and the tags and selectors of plane 14.
    private static let pagesInUse = Array(0..<0xE0) + Array(0xF9..<0x324) + [0xE00, 0xE01]

    /// The pages that hold nothing but unified ideographs.
    private static func isIdeographPage(_ page: Int) -> Bool {
        (0x34..<0x4D).contains(page) || (0x4E..<0x9F).contains(page) || (0x200..<0x2A6).contains(page)
            || (0x2A8..<0x2CE).contains(page) || (0x300..<0x313).contains(page)
    }

    private mutating func entry(_ value: UInt32, _ folds: [UInt32: [UInt32]]) -> ScalarEntry {
        guard let scalar = Unicode.Scalar(value) else { return ScalarEntry(kind: .separator) }
        let kind = ScalarClass(of: scalar, folds: folds[value] != nil)
        guard kind == .letter || kind == .single || kind == .soundMark, let image = folds[value] else {
            return ScalarEntry(kind: kind)
        }
        if image.count == 1 { return ScalarEntry(kind: kind, image: image[0]) }
        images.append(image)
        return ScalarEntry(kind: kind, isSeveral: true, image: UInt32(images.count - 1))
    }
}

/// The generated table, read into a dictionary; ASCII letters and the underscore are added here.
func readFoldTable() -> [UInt32: [UInt32]] {
    var folds: [UInt32: [UInt32]] = [0x5F: [0x7F]]
    for letter in UInt32(0x41)...0x5A { folds[letter] = [letter | 0x20] }
    for entry in foldTable.split(whereSeparator: \.isWhitespace) {
        guard let sign = entry.firstIndex(where: { "=+%".contains($0) }) else { continue }
        let source = entry[..<sign].split(separator: "*").compactMap { UInt32($0, radix: 16) }
        let image = entry[entry.index(after: sign)...].split(separator: ".").compactMap { UInt32($0, radix: 16) }
        let step: UInt32 = entry[sign] == "%" ? 2 : 1
        let rise: UInt32 = ["=": 0, "+": 1, "%": 2][entry[sign]] ?? 0
        for index in 0..<(source.count > 1 ? source[1] : 1) {
            folds[source[0] + index * step] = image.map { $0 + index * rise == 0x5F ? 0x7F : $0 + index * rise }
        }
    }
    return folds
}
