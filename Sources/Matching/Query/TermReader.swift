// Reads the words of a term as the scanner reads a document's, wildcards, hashtags and mentions included, and adds them
// to the query's tree.

struct TermReader {
    /// The longest word of a query, in folded bytes; the longest of any dictionary has fewer than 200.
    static let wordLimit = 1000

    let text: QueryText

    /// An unquoted word; `T-Mobile` is two and so a phrase.
    func addWord(_ place: Range<Int>, _ fields: FieldSet, to expression: inout Expression) throws(QueryError) {
        let first = expression.words.count
        if place.count > Self.wordLimit || !addPlainWord(place, to: &expression) {
            try refuseFuzziness(place)
            try addWords(text.bytes, place, to: &expression)
        }
        expression.terms.append(
            Expression.Term(words: first..<expression.words.count, fields: fields, kind: .plain))
    }

    func addPhrase(
        _ content: Range<Int>, _ slop: Int?, _ fields: FieldSet, to expression: inout Expression
    ) throws(QueryError) {
        let first = expression.words.count
        try addWords(withoutSentenceEnds(content), content, to: &expression)
        let words = first..<expression.words.count
        let window = words.count > 1 ? slop.map { Expression.Term.Kind.window(slop: $0) } : nil
        expression.terms.append(Expression.Term(words: words, fields: fields, kind: window ?? .plain))
    }

    /// `raw:` and what stands behind it.
    func addRaw(_ content: Range<Int>, _ fields: FieldSet, to expression: inout Expression) throws(QueryError) {
        let bytes = Array(text.string(content).trimmed.utf8)
        let found = FoundWord.all(in: bytes, bytes.indices, wildcards: false, &expression.letters)
        guard let start = found.first?.place.lowerBound, let end = found.last?.place.upperBound,
            found.allSatisfy({ $0.folded.count <= Self.wordLimit })
        else { throw noLetter(content.lowerBound) }
        expression.raws.append(
            Raw(
                before: String(decoding: bytes[..<start], as: UTF8.self),
                inside: String(decoding: bytes[start..<end], as: UTF8.self).visible,
                behind: String(decoding: bytes[end...], as: UTF8.self)))
        let first = expression.words.count
        for word in found { expression.add(word, sign: .none) }
        expression.terms.append(
            Expression.Term(
                words: first..<expression.words.count, fields: fields, kind: .raw(expression.raws.count - 1)))
    }

    /// `klm~2` asks for misspellings elsewhere; here it would silently be the phrase `klm 2`.
    private func refuseFuzziness(_ place: Range<Int>) throws(QueryError) {
        guard let tilde = text.bytes[place].lastIndex(of: UInt8(ascii: "~")), tilde > place.lowerBound,
            text.bytes[(tilde + 1)..<place.upperBound].allSatisfy({ $0 &- 0x30 < 10 })
        else { return }
        throw text.error(
            "~ belongs behind a phrase.", at: tilde, suggestion: "For instance \"acme bank\"~5, or klacht*.")
    }

    /// In a sentence a question mark is one, unless a letter follows: then it is a wildcard.
    private func withoutSentenceEnds(_ content: Range<Int>) -> [UInt8] {
        var bytes = text.bytes
        for index in content where bytes[index] == UInt8(ascii: "?") {
            let next = index + 1 < content.upperBound ? text.scalar(at: index + 1).scalar : " "
            if !next.isWordLike, next != "?", next != "*" { bytes[index] = UInt8(ascii: " ") }
        }
        return bytes
    }

    /// - Parameter bytes: the query's text, or one as long.
    private func addWords(
        _ bytes: [UInt8], _ place: Range<Int>, to expression: inout Expression
    ) throws(QueryError) {
        var found = FoundWord.all(in: bytes, place, wildcards: true, &expression.letters)
        found.dropWildcardsBesideIdeographs()
        guard !found.isEmpty else { throw noLetter(place.lowerBound) }
        for word in found where word.hasWildcard && word.letters < 2 {
            throw text.error(
                "A wildcard needs at least two letters beside it.", at: word.place.lowerBound,
                suggestion: "For instance klacht*.")
        }
        guard found.allSatisfy({ $0.folded.count <= Self.wordLimit }) else {
            throw text.error(
                "A word here is longer than any that is searched for.", at: place.lowerBound,
                suggestion: "A word has at most \(Self.wordLimit) bytes; search for its beginning with *.")
        }
        for word in found { expression.add(word, sign: word.sign) }
    }

    /// Most words by far: ASCII letters and digits alone.
    ///
    /// - Returns: whether it is one.
    private func addPlainWord(_ place: Range<Int>, to expression: inout Expression) -> Bool {
        let start = expression.letters.count
        for index in place {
            guard isASCIIWordByte(text.bytes[index]) else {
                expression.letters.removeSubrange(start...)
                return false
            }
            expression.letters.append(text.bytes[index] | 0x20)
        }
        for _ in 0..<8 { expression.letters.append(0) }
        expression.addWord(start..<start + place.count, sign: .none, hasWildcard: false)
        return true
    }

    private func noLetter(_ offset: Int) -> QueryError {
        text.error(
            "There is no letter or digit to search for here.", at: offset,
            suggestion: "Punctuation alone is in no index of words; add a word it stands beside.")
    }
}

extension Expression {
    fileprivate mutating func add(_ word: FoundWord, sign: Sign) {
        addWord(word.folded, sign: sign, hasWildcard: word.hasWildcard)
    }

    fileprivate mutating func addWord(_ folded: Range<Int>, sign: Sign, hasWildcard: Bool) {
        words.append(
            Word(
                hash: WordHash.process(letters.span.bytes, from: folded.lowerBound, length: folded.count),
                start: UInt32(folded.lowerBound), length: UInt16(folded.count), sign: sign, hasWildcard: hasWildcard))
    }
}

/// A word of a query's term, and where in it.
struct FoundWord {
    /// Where its folded bytes were written.
    var folded: Range<Int>
    var place: Range<Int>
    var sign: Sign
    var hasWildcard = false
    /// Letters beside the wildcards.
    var letters = 0

    /// The words of a stretch of text, runs of `*` made one.
    ///
    /// - Parameter folded: their folded bytes are appended here, eight zeros behind each.
    static func all(
        in text: [UInt8], _ range: Range<Int>, wildcards: Bool, _ folded: inout [UInt8]
    ) -> [FoundWord] {
        let table = ScalarTable.shared
        var reader = ScalarReader(position: range.lowerBound, end: range.upperBound)
        reader.wildcards = wildcards
        var found: [FoundWord] = []
        while true {
            _ = reader.skipGap(text.span, table)
            guard reader.position < range.upperBound else { return found }
            let word = reader.readWord(text.span, table, &folded)
            guard word.length > 0 else { continue }
            let place = Int(word.start)..<Int(word.end)
            var one = FoundWord(
                folded: Int(word.fold)..<Int(word.fold + word.length), place: place,
                sign: Matching.sign(before: place.lowerBound, in: text.span))
            one.mergeRuns(&folded)
            found.append(one)
        }
    }

    /// Makes one of wildcards that follow each other, and counts the letters.
    private mutating func mergeRuns(_ bytes: inout [UInt8]) {
        for index in folded.dropLast().reversed()
        where bytes[index] == ScalarReader.anyRun && bytes[index + 1] == ScalarReader.anyRun {
            bytes.remove(at: index)
            folded = folded.lowerBound..<folded.upperBound - 1
        }
        hasWildcard = bytes[folded].contains { $0 <= ScalarReader.anyLetter }
        letters = bytes[folded].count { $0 & 0xC0 != 0x80 && $0 > ScalarReader.anyLetter }
    }
}

extension [FoundWord] {
    /// An ideograph is a word by itself, so `京都*` means no more than `京都`.
    fileprivate mutating func dropWildcardsBesideIdeographs() {
        guard contains(where: { $0.letters == 0 }) else { return }
        let all = self
        self = all.indices.filter { index in
            guard all[index].letters == 0, all[index].hasWildcard else { return true }
            let behind = index > 0 && all[index - 1].place.upperBound == all[index].place.lowerBound
            let before = index + 1 < all.count && all[index + 1].place.lowerBound == all[index].place.upperBound
            return !behind && !before
        }.map { all[$0] }
    }
}

/// Whether the word at `start` is a hashtag or a mention: its sign stands directly before it and no word before that
/// (an @ inside an e-mail address is no mention).
func sign(before start: Int, in text: Span<UInt8>) -> Sign {
    let (sign, length) = writtenSign(before: start, in: text)
    guard sign != .none, !hasLetter(before: start - length, in: text) else { return .none }
    return sign
}

/// The sign before `start`, ASCII or full-width (U+FF03, U+FF20), with nothing but invisible characters in between, and
/// how many bytes it stands before.
func writtenSign(before start: Int, in text: Span<UInt8>) -> (sign: Sign, length: Int) {
    var position = start
    while position > 0 {
        position = scalarStart(before: position, in: text)
        let scalar = decode(text, position).scalar
        switch scalar {
        case 0x23, 0xFF03: return (.hashtag, start - position)
        case 0x40, 0xFF20: return (.mention, start - position)
        case _ where scalar < 0x80: return (.none, 0)
        default:
            guard ScalarTable.shared[scalar].kind.isInvisible else { return (.none, 0) }
        }
    }
    return (.none, 0)
}

/// Whether a letter stands directly before `end`, its marks included. An ideograph, a kana or a Thai letter is a word
/// by itself and does not count; how its marks are written (NFC, NFD) makes no difference.
private func hasLetter(before end: Int, in text: Span<UInt8>) -> Bool {
    let table = ScalarTable.shared
    var position = end
    while position > 0 {
        position = scalarStart(before: position, in: text)
        let scalar = decode(text, position).scalar
        switch table[scalar].kind {
        case .accent, .soundMark: continue
        case .letter: guard table.isSign(scalar) else { return true }
        default: return false
        }
    }
    return false
}

private func scalarStart(before end: Int, in text: Span<UInt8>) -> Int {
    var start = end - 1
    while start > 0, text[start] & 0xC0 == 0x80 { start -= 1 }
    return start
}

extension String {
    /// Without what vanishes in a word: soft hyphens, zero-width characters, directional marks.
    var visible: String {
        let table = ScalarTable.shared
        return String(UnicodeScalarView(unicodeScalars.filter { !table[$0.value].kind.isInvisible }))
    }

    var trimmed: String {
        let isBlank = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace }
        let view = unicodeScalars.drop(while: isBlank)
        guard let last = view.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(view[...last])
    }
}
