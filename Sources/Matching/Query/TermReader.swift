// Reads the words of a term as the scanner reads a document's, wildcards, hashtags and mentions included.

struct TermReader {
    /// The longest word of a query, in folded bytes; the longest of any dictionary has fewer than 200.
    static let wordLimit = 1000

    let text: QueryText
    private(set) var warnings: [QueryWarning] = []

    init(text: QueryText) {
        self.text = text
    }

    /// An unquoted word; `T-Mobile` is two and so a phrase.
    func word(_ place: Range<Int>, _ fields: FieldSet) throws(QueryError) -> Term {
        try refuseFuzziness(place)
        return Term(words: try words(text.scalars[place], at: place.lowerBound), fields: fields)
    }

    mutating func phrase(_ content: Range<Int>, _ slop: Int?, _ fields: FieldSet) throws(QueryError) -> Term {
        var scalars = text.scalars[content]
        // In a sentence a question mark is one, unless a letter follows.
        for index in scalars.indices where scalars[index] == "?" {
            let next = index + 1 < scalars.endIndex ? scalars[index + 1] : " "
            if !next.isWordLike, next != "?", next != "*" { scalars[index] = " " }
        }
        let words = try words(scalars, at: content.lowerBound)
        return Term(words: words, fields: fields, slop: words.count > 1 ? slop : nil)
    }

    /// `raw:` and what stands behind it.
    func raw(_ content: Range<Int>, _ fields: FieldSet) throws(QueryError) -> Term {
        let written = text.string(content).trimmed
        let found = FoundWord.all(in: written.utf8, wildcards: false)
        guard let first = found.first, let last = found.last, found.allSatisfy({ $0.folded.count <= Self.wordLimit })
        else { throw noLetter(content.lowerBound) }
        let bytes = Array(written.utf8)
        let raw = Term.Raw(
            before: String(decoding: bytes[..<first.bytes.lowerBound], as: UTF8.self),
            inside: String(decoding: bytes[first.bytes.lowerBound..<last.bytes.upperBound], as: UTF8.self).visible,
            behind: String(decoding: bytes[last.bytes.upperBound...], as: UTF8.self))
        return Term(words: found.map { WordPattern(folded: $0.folded) }, fields: fields, raw: raw)
    }

    /// `klm~2` asks for misspellings elsewhere; here it would silently be the phrase `klm 2`.
    private func refuseFuzziness(_ place: Range<Int>) throws(QueryError) {
        guard let tilde = text.scalars[place].lastIndex(of: "~"), tilde > place.lowerBound,
            text.scalars[(tilde + 1)..<place.upperBound].allSatisfy({ ("0"..."9").contains($0) })
        else { return }
        throw text.error(
            "~ belongs behind a phrase.", at: tilde, suggestion: "For instance \"acme bank\"~5, or klacht*.")
    }

    private func words(_ scalars: ArraySlice<Unicode.Scalar>, at start: Int) throws(QueryError) -> [WordPattern] {
        if let word = Self.plainWord(scalars) { return [word] }
        let written = String(String.UnicodeScalarView(scalars))
        var found = FoundWord.all(in: written.utf8, wildcards: true)
        found.dropWildcardsBesideIdeographs()
        guard !found.isEmpty else { throw noLetter(start) }
        for word in found where word.hasWildcard && word.letters < 2 {
            let offset = start + written.utf8.prefix(word.bytes.lowerBound).count { $0 & 0xC0 != 0x80 }
            throw text.error(
                "A wildcard needs at least two letters beside it.", at: offset, suggestion: "For instance klacht*.")
        }
        guard found.allSatisfy({ $0.folded.count <= Self.wordLimit }) else {
            throw text.error("A word here is longer than any that is searched for.", at: start)
        }
        return found.map { WordPattern(folded: $0.folded, sign: $0.sign) }
    }

    /// Most words by far: ASCII letters and digits alone.
    private static func plainWord(_ scalars: ArraySlice<Unicode.Scalar>) -> WordPattern? {
        guard !scalars.isEmpty, scalars.count <= wordLimit else { return nil }
        guard scalars.allSatisfy({ $0.value < 0x80 && isASCIIWordByte(UInt8($0.value)) }) else { return nil }
        return WordPattern(folded: scalars.map { UInt8($0.value) | 0x20 })
    }

    private func noLetter(_ offset: Int) -> QueryError {
        text.error("There is no letter or digit to search for here.", at: offset)
    }
}

/// A word of a query's term, and where in it.
struct FoundWord {
    var folded: [UInt8]
    var bytes: Range<Int>
    var sign: WordPattern.Sign

    var hasWildcard: Bool { folded.contains { $0 <= ScalarReader.anyLetter } }

    /// Letters beside the wildcards.
    var letters: Int { folded.count { $0 & 0xC0 != 0x80 && $0 > ScalarReader.anyLetter } }

    /// The words of a text, runs of `*` made one.
    static func all(in text: some Collection<UInt8>, wildcards: Bool) -> [FoundWord] {
        let bytes = Array(text)
        let table = ScalarTable.shared
        var folded: [UInt8] = []
        var reader = ScalarReader(position: 0, end: bytes.count)
        reader.wildcards = wildcards
        var found: [FoundWord] = []
        while true {
            _ = reader.skipGap(bytes.span, table)
            guard reader.position < bytes.count else { return found }
            let word = reader.readWord(bytes.span, table, &folded)
            guard word.length > 0 else { continue }
            var letters = Array(folded[Int(word.fold)..<Int(word.fold + word.length)])
            for index in letters.indices.dropLast().reversed()
            where letters[index] == ScalarReader.anyRun && letters[index + 1] == ScalarReader.anyRun {
                letters.remove(at: index)
            }
            let place = Int(word.start)..<Int(word.end)
            found.append(
                FoundWord(folded: letters, bytes: place, sign: Matching.sign(before: place.lowerBound, in: bytes.span)))
        }
    }
}

extension [FoundWord] {
    /// An ideograph is a word by itself, so `京都*` means no more than `京都`.
    fileprivate mutating func dropWildcardsBesideIdeographs() {
        let all = self
        self = all.indices.filter { index in
            guard all[index].letters == 0, all[index].hasWildcard else { return true }
            let behind = index > 0 && all[index - 1].bytes.upperBound == all[index].bytes.lowerBound
            let before = index + 1 < all.count && all[index + 1].bytes.lowerBound == all[index].bytes.upperBound
            return !behind && !before
        }.map { all[$0] }
    }
}

/// Whether the word at `start` is a hashtag or a mention: its sign stands directly before it and no word before that
/// (an @ inside an e-mail address is no mention).
func sign(before start: Int, in text: Span<UInt8>) -> WordPattern.Sign {
    let (sign, length) = signByte(before: start, in: text)
    guard sign != .none else { return .none }
    var previous = start - length - 1
    guard previous >= 0 else { return sign }
    while previous > 0, text[previous] & 0xC0 == 0x80 { previous -= 1 }
    switch ScalarTable.shared[decode(text, previous).scalar].kind {
    case .letter, .accent, .soundMark: return .none
    default: return sign
    }
}

/// The sign directly before `start`, ASCII or full-width (U+FF03, U+FF20), and its length in bytes.
func signByte(before start: Int, in text: Span<UInt8>) -> (sign: WordPattern.Sign, length: Int) {
    guard start > 0 else { return (.none, 0) }
    switch text[start - 1] {
    case 0x23: return (.hashtag, 1)
    case 0x40: return (.mention, 1)
    case 0x83 where start >= 3 && text[start - 2] == 0xBC && text[start - 3] == 0xEF: return (.hashtag, 3)
    case 0xA0 where start >= 3 && text[start - 2] == 0xBC && text[start - 3] == 0xEF: return (.mention, 3)
    default: return (.none, 0)
    }
}

extension String {
    /// Without what vanishes in a word: soft hyphens, zero-width characters, directional marks.
    var visible: String {
        let table = ScalarTable.shared
        return String(
            UnicodeScalarView(
                unicodeScalars.filter { scalar in
                    switch table[scalar.value].kind {
                    case .invisible, .joiner: false
                    default: true
                    }
                }))
    }

    var trimmed: String {
        let isBlank = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace }
        let view = unicodeScalars.drop(while: isBlank)
        guard let last = view.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(view[...last])
    }
}
