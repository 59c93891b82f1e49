// Cuts a query's text into tokens: words, phrases, operators, parentheses, fields. Decides what a quote, a minus sign
// and a comment are; knows nothing of precedence.

import Model

struct Token {
    enum Kind: Equatable {
        case open, close
        case and, or, not
        case near(distance: Int, ordered: Bool)
        case field(Field)
        case raw
        /// An unquoted word as typed: `T-Mobile`, `klacht*`, `<=2`.
        case word
        /// A quoted phrase; `content` is what stands between the quotes.
        case phrase(content: Range<Int>, slop: Int?)
    }

    var kind: Kind
    var place: Range<Int>
}

struct QueryLexer {
    /// The most words between two words that NEAR can ask for; beyond a few dozen NEAR means little more than AND.
    static let nearLimit = 1000

    let text: QueryText
    private let bytes: [UInt8]
    private var position = 0
    private(set) var tokens: [Token] = []
    private(set) var warnings: [QueryWarning] = []

    init(_ text: QueryText) {
        self.text = text
        bytes = text.bytes
        tokens.reserveCapacity(bytes.count / 6 + 4)
    }

    mutating func run() throws(QueryError) {
        while try skipBlanks() {
            let start = position
            let (scalar, length) = text.scalar(at: start)
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9": try readWord()
            case "(": add(.open, start, start + 1)
            case ")": add(.close, start, start + 1)
            case _ where scalar.isDoubleQuote: try readPhrase(behind: start + length) { $0.isDoubleQuote }
            case "\u{2018}", "\u{201A}":
                // Closed by one that no letter follows; otherwise it is an apostrophe (‘t Hek).
                if closingQuote(from: start + length, { $0.isSingleQuote }) != nil {
                    try readPhrase(behind: start + length) { $0.isSingleQuote }
                } else {
                    try readWord()
                }
            case _ where scalar.isMinus && startsOperand(at: start + length) && !isValue(at: start):
                add(.not, start, start + length)
            case _ where scalar.isMinus && !isValue(at: start):
                try refuseDoubleMinus(at: start)
                try readWord()
            default: try readWord()
            }
        }
    }

    /// `--schiphol` would silently ask for what it was meant to keep out.
    private func refuseDoubleMinus(at start: Int) throws(QueryError) {
        let end = wordEnd(from: start)
        let word = text.string(start..<end).unicodeScalars.drop { $0.isMinus }
        guard let first = word.first, first.isWordLike else { return }
        throw text.error(
            "One minus sign is enough.", at: start, suggestion: "Write -\(String(word)), or quote it to search for it.")
    }

    private mutating func add(_ kind: Token.Kind, _ start: Int, _ end: Int) {
        tokens.append(Token(kind: kind, place: start..<end))
        position = end
    }

    /// Skips white space and comments.
    ///
    /// - Returns: whether anything is left.
    private mutating func skipBlanks() throws(QueryError) -> Bool {
        while position < bytes.count {
            let (scalar, length) = text.scalar(at: position)
            if scalar.isBlank || scalar.isInvisible {
                position += length
            } else if scalar == "<", starts("<<<", at: position) {
                guard let end = (position + 3..<bytes.count).first(where: { starts(">>>", at: $0) }) else {
                    throw text.error("This comment is not closed.", at: position, suggestion: "Close it with >>>.")
                }
                position = end + 3
            } else if scalar == "#", isLineComment() {
                position = bytes[position...].firstIndex(of: 0x0A) ?? bytes.count
            } else {
                return true
            }
        }
        return false
    }

    /// `# ` at a line's start; `#klm` there is a hashtag.
    private func isLineComment() -> Bool {
        guard position == 0 || bytes[position - 1] == 0x0A else { return false }
        return position + 1 == bytes.count || text.scalar(at: position + 1).scalar.isBlank
    }

    private func starts(_ marker: StaticString, at offset: Int) -> Bool {
        bytes[offset...].starts(with: marker.description.utf8)
    }

    private func startsOperand(at index: Int) -> Bool {
        guard index < bytes.count else { return false }
        let scalar = text.scalar(at: index).scalar
        return !scalar.isBlank && scalar != ")" && !scalar.isMinus
    }

    /// Whether a field or `raw:` stands directly before `index`.
    private func isValue(at index: Int) -> Bool {
        guard let last = tokens.last, last.place.upperBound == index else { return false }
        switch last.kind {
        case .field, .raw: return true
        default: return false
        }
    }
}

// MARK: - Phrases

extension QueryLexer {
    private func closingQuote(from start: Int, _ isQuote: (Unicode.Scalar) -> Bool) -> Range<Int>? {
        var index = start
        while index < bytes.count {
            let (scalar, length) = text.scalar(at: index)
            let end = index + length
            if isQuote(scalar), !scalar.isSingleQuote || !isLetter(at: end) { return index..<end }
            index = end
        }
        return nil
    }

    private func isLetter(at index: Int) -> Bool {
        index < bytes.count && text.scalar(at: index).scalar.properties.isAlphabetic
    }

    private mutating func readPhrase(behind quote: Int, until isQuote: (Unicode.Scalar) -> Bool) throws(QueryError) {
        let start = position
        guard let closing = closingQuote(from: quote, isQuote) else {
            throw text.error("This quote is not closed.", at: start, suggestion: "Close it with another quote.")
        }
        position = closing.upperBound
        let slop = try readSlop()
        add(.phrase(content: quote..<closing.lowerBound, slop: slop), start, position)
    }

    private mutating func readSlop() throws(QueryError) -> Int? {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "~") else { return nil }
        let digits = bytes[(position + 1)...].prefix { isDigit($0) }
        let distance = try number(digits.startIndex..<digits.endIndex, after: "~")
        position = digits.endIndex
        return distance
    }

    private func number(_ range: Range<Int>, after sign: String) throws(QueryError) -> Int {
        guard bytes[range].allSatisfy(isDigit), let number = Int(text.string(range)), number <= Self.nearLimit else {
            throw text.error(
                "A number of words from 0 to \(Self.nearLimit) belongs here.", at: range.lowerBound,
                suggestion: "For instance \(sign)5.")
        }
        return number
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
}

// MARK: - Words

extension QueryLexer {
    private mutating func readWord() throws(QueryError) {
        let start = position
        let isValue = isValue(at: start)
        let end = wordEnd(from: start)
        if let colon = bytes[start..<end].firstIndex(of: UInt8(ascii: ":")), try addField(start, colon, isValue) {
            return
        }
        if !isValue, couldBeOperator(start, end), try addOperator(text.string(start..<end), start, end) { return }
        if isValue || isWordLike(start, end) {
            add(.word, start, end)
        } else {
            try drop(text.string(start..<end), start, end)
        }
    }

    private func wordEnd(from start: Int) -> Int {
        var end = start + text.scalar(at: start).length
        while end < bytes.count {
            if isASCIIWordByte(bytes[end]) {
                end += 1
                continue
            }
            let (scalar, length) = text.scalar(at: end)
            if scalar.isBlank || scalar == "(" || scalar == ")" || scalar.isDoubleQuote { break }
            if scalar == "<", starts("<<<", at: end) { break }
            end += length
        }
        return end
    }

    private func isWordLike(_ start: Int, _ end: Int) -> Bool {
        var index = start
        while index < end {
            let (scalar, length) = text.scalar(at: index)
            if scalar.isWordLike { return true }
            index += length
        }
        return false
    }

    /// Whether it starts as an operator does, or as what is only taken for one.
    private func couldBeOperator(_ start: Int, _ end: Int) -> Bool {
        switch Unicode.Scalar(bytes[start]) {
        case "N", "O", "n", "o": true
        case "A", "a", "|", "&": end - start <= 3
        default: false
        }
    }

    /// Adds a field if letters and a colon stand here.
    private mutating func addField(_ start: Int, _ colon: Int, _ isValue: Bool) throws(QueryError) -> Bool {
        guard start < colon, bytes[start..<colon].allSatisfy({ ($0 | 0x20) &- 0x61 < 26 }) else { return false }
        let written = text.string(start..<colon)
        let lowered = written.lowercased()
        if lowered == "raw" {
            add(.raw, start, colon + 1)
        } else if let field = Field(rawValue: lowered) {
            add(.field(field), start, colon + 1)
        } else if isValue {
            return false
        } else {
            throw text.error(
                "There is no field “\(written)”.", at: start, suggestion: Self.fieldSuggestion(lowered, written))
        }
        return true
    }

    private static func fieldSuggestion(_ lowered: String, _ written: String) -> String {
        let names = Field.allCases.map(\.rawValue) + ["raw"]
        if let close = names.first(where: { isClose($0, lowered) }) { return "Did you mean \(close):?" }
        return "Fields are \(names.joined(separator: ", ")). Quote the word if “\(written):” is part of it."
    }

    /// Whether one is the other's beginning, or differs from it in few places.
    private static func isClose(_ name: String, _ typed: String) -> Bool {
        if typed.count >= 3, name.hasPrefix(typed) || typed.hasPrefix(name) { return true }
        return name.count > 2 && Set(name).symmetricDifference(typed).count <= 1 && abs(name.count - typed.count) <= 1
    }

    private mutating func addOperator(_ written: String, _ start: Int, _ end: Int) throws(QueryError) -> Bool {
        switch written {
        case "AND": add(.and, start, end)
        case "OR": add(.or, start, end)
        case "NOT": add(.not, start, end)
        case _ where written.hasPrefix("NEAR") || written.hasPrefix("ONEAR"):
            return try addNear(written, start, end)
        case "||", "|": throw text.error("“\(written)” is no operator here.", at: start, suggestion: "Write OR.")
        case "&&": throw text.error("“\(written)” is no operator here.", at: start, suggestion: "Write AND.")
        case "and", "or", "not":
            warnOfWord(written, start, written.uppercased())
            return false
        default:
            if let meant = Self.nearMeant(written) { warnOfWord(written, start, meant) }
            return false
        }
        return true
    }

    /// The NEAR that `near/5` and `NEAR5` were probably meant for.
    private static func nearMeant(_ written: String) -> String? {
        let upper = written.uppercased()
        guard let name = ["NEAR", "ONEAR"].first(where: { upper.hasPrefix($0) }) else { return nil }
        let rest = upper.dropFirst(name.count)
        let number = rest.hasPrefix("/") ? rest.dropFirst() : rest
        guard rest == "" || Int(number) != nil else { return nil }
        return "\(name)/\(number.isEmpty ? "5" : number)"
    }

    private mutating func warnOfWord(_ written: String, _ start: Int, _ meant: String) {
        warnings.append(
            text.warning(
                "“\(written)” is searched for as a word.", at: start, suggestion: "Operators are upper case: \(meant).")
        )
    }

    private mutating func addNear(_ written: String, _ start: Int, _ end: Int) throws(QueryError) -> Bool {
        let name = written.hasPrefix("O") ? "ONEAR" : "NEAR"
        let rest = written.dropFirst(name.count)
        guard rest.isEmpty || rest.first == "/" else {
            if let meant = Self.nearMeant(written) { warnOfWord(written, start, meant) }
            return false
        }
        let isForward = rest.count > 1 && (rest.hasSuffix("f") || rest.hasSuffix("F"))
        let digits = min(start + name.count + 1, end)..<(isForward ? end - 1 : end)
        let distance = try number(digits, after: "\(name)/")
        add(.near(distance: distance, ordered: name == "ONEAR" || isForward), start, end)
        return true
    }

    /// A word without a letter, a digit or an emoji matches nothing: it is left out (`Gall & Gall`), with a warning.
    private mutating func drop(_ written: String, _ start: Int, _ end: Int) throws(QueryError) {
        if written.contains(where: { $0 == "*" || $0 == "?" }) {
            throw text.error(
                "A wildcard needs at least two letters beside it.", at: start, suggestion: "For instance klacht*.")
        }
        if written == "-", try !hasMore(behind: end) {
            throw text.error(
                "Something is missing behind “-”.", at: start,
                suggestion: "Put what must not be there directly behind it.")
        }
        warnings.append(
            text.warning(
                "“\(written)” holds no letter or digit and is left out.", at: start,
                suggestion: "Quote it with its neighbours if they belong together."))
        position = end
    }

    /// Whether anything to search for follows; moves on to it.
    private mutating func hasMore(behind end: Int) throws(QueryError) -> Bool {
        position = end
        return try skipBlanks() && bytes[position] != UInt8(ascii: ")")
    }
}

extension Unicode.Scalar {
    /// Quotes as typed, and as word processors and other languages make them.
    var isDoubleQuote: Bool {
        switch self {
        case "\"", "\u{201C}", "\u{201D}", "\u{201E}", "\u{201F}", "\u{AB}", "\u{BB}", "\u{FF02}": true
        default: false
        }
    }

    /// White space, line breaks included.
    var isBlank: Bool {
        if value < 0x80 { return value == 0x20 || (0x09...0x0D).contains(value) }
        switch ScalarTable.shared[value].kind {
        case .space, .lineBreak, .paragraphBreak: return true
        default: return false
        }
    }

    /// What vanishes inside words.
    var isInvisible: Bool {
        value >= 0x80 && ScalarTable.shared[value].kind.isInvisible
    }

    var isSingleQuote: Bool { self == "\u{2018}" || self == "\u{2019}" }

    /// The hyphen, and what word processors make of one before a word.
    var isMinus: Bool { self == "-" || self == "\u{2013}" || self == "\u{2212}" }

    /// Whether it is part of a word in any way.
    var isWordLike: Bool {
        if value < 0x80 { return isASCIIWordByte(UInt8(value)) }
        switch ScalarTable.shared[value].kind {
        case .letter, .single, .emoji, .regionalIndicator: return true
        default: return false
        }
    }
}
