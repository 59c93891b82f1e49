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
    private var position = 0
    private(set) var tokens: [Token] = []
    private(set) var warnings: [QueryWarning] = []

    init(_ text: QueryText) {
        self.text = text
    }

    private var scalars: [Unicode.Scalar] { text.scalars }
    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    mutating func run() throws(QueryError) {
        while try skipBlanks() {
            let start = position
            switch scalars[position] {
            case "(": add(.open, start, start + 1)
            case ")": add(.close, start, start + 1)
            case let scalar where scalar.isDoubleQuote: try readPhrase(until: \.isDoubleQuote)
            case "\u{2018}", "\u{201A}":
                if closesSingleQuote() { try readPhrase(until: \.isSingleQuote) } else { try readWord() }
            case let scalar where scalar.isMinus && startsOperand(at: start + 1) && !isValue(at: start):
                add(.not, start, start + 1)
            default: try readWord()
            }
        }
    }

    private mutating func add(_ kind: Token.Kind, _ start: Int, _ end: Int) {
        tokens.append(Token(kind: kind, place: start..<end))
        position = end
    }

    /// Skips white space and comments.
    ///
    /// - Returns: whether anything is left.
    private mutating func skipBlanks() throws(QueryError) -> Bool {
        while let scalar = next {
            if scalar.isBlank || scalar.isInvisible {
                position += 1
            } else if starts("<<<") {
                guard let end = indexOf(">>>", from: position + 3) else {
                    throw text.error("This comment is not closed.", at: position, suggestion: "Close it with >>>.")
                }
                position = end + 3
            } else if isLineComment() {
                position = scalars[position...].firstIndex(of: "\n") ?? scalars.count
            } else {
                return true
            }
        }
        return false
    }

    /// `# ` at a line's start; `#klm` there is a hashtag.
    private func isLineComment() -> Bool {
        guard scalars[position] == "#", position == 0 || scalars[position - 1] == "\n" else { return false }
        return position + 1 == scalars.count || scalars[position + 1].isBlank
    }

    private func starts(_ marker: String) -> Bool {
        scalars[position...].starts(with: marker.unicodeScalars)
    }

    private func indexOf(_ marker: String, from start: Int) -> Int? {
        guard start <= scalars.count else { return nil }
        return (start..<scalars.count).first { scalars[$0...].starts(with: marker.unicodeScalars) }
    }

    private func startsOperand(at index: Int) -> Bool {
        index < scalars.count && !scalars[index].isBlank && scalars[index] != ")"
            && !scalars[index].isMinus
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
    /// Whether the single quote here is closed by one that no letter follows; otherwise it is an apostrophe (‘t Hek).
    private func closesSingleQuote() -> Bool {
        closingQuote(from: position + 1, \.isSingleQuote) != nil
    }

    private func closingQuote(from start: Int, _ isQuote: (Unicode.Scalar) -> Bool) -> Int? {
        (start..<scalars.count).first { index in
            guard isQuote(scalars[index]) else { return false }
            guard scalars[index].isSingleQuote else { return true }
            return index + 1 == scalars.count || !scalars[index + 1].properties.isAlphabetic
        }
    }

    private mutating func readPhrase(until isQuote: (Unicode.Scalar) -> Bool) throws(QueryError) {
        let start = position
        guard let end = closingQuote(from: start + 1, isQuote) else {
            throw text.error("This quote is not closed.", at: start, suggestion: "Close it with another quote.")
        }
        position = end + 1
        let slop = try readSlop()
        add(.phrase(content: start + 1..<end, slop: slop), start, position)
    }

    private mutating func readSlop() throws(QueryError) -> Int? {
        guard next == "~" else { return nil }
        let digits = scalars[(position + 1)...].prefix { ("0"..."9").contains($0) }
        let distance = try number(digits.startIndex..<digits.endIndex, after: "~")
        position = digits.endIndex
        return distance
    }

    private func number(_ range: Range<Int>, after sign: String) throws(QueryError) -> Int {
        let digits = scalars[range]
        guard digits.allSatisfy({ ("0"..."9").contains($0) }), let number = Int(text.string(range)),
            number <= Self.nearLimit
        else {
            throw text.error(
                "A number of words from 0 to \(Self.nearLimit) belongs here.", at: range.lowerBound,
                suggestion: "For instance \(sign)5.")
        }
        return number
    }
}

// MARK: - Words

extension QueryLexer {
    /// What an operator can start with, also one that is only taken for one.
    private static let operatorStarts: [Unicode.Scalar] = ["A", "O", "N", "a", "o", "n", "|", "&"]

    private mutating func readWord() throws(QueryError) {
        let start = position
        let isValue = isValue(at: start)
        let end = wordEnd(from: start)
        if let colon = scalars[start..<end].firstIndex(of: ":"), try addField(start, colon, isValue) { return }
        if !isValue, Self.operatorStarts.contains(scalars[start]), try addOperator(text.string(start..<end), start, end)
        {
            return
        }
        if isValue || scalars[start..<end].contains(where: \.isWordLike) {
            add(.word, start, end)
        } else {
            try drop(text.string(start..<end), start, end)
        }
    }

    private func wordEnd(from start: Int) -> Int {
        var end = start + 1
        while end < scalars.count {
            let scalar = scalars[end]
            if scalar.isBlank || scalar == "(" || scalar == ")" || scalar.isDoubleQuote { break }
            if scalar == "<", scalars[end...].starts(with: "<<<".unicodeScalars) { break }
            end += 1
        }
        return end
    }

    /// Adds a field if letters and a colon stand here.
    private mutating func addField(_ start: Int, _ colon: Int, _ isValue: Bool) throws(QueryError) -> Bool {
        let name = scalars[start..<colon]
        guard !name.isEmpty, name.allSatisfy({ $0.isASCII && $0.properties.isAlphabetic }) else { return false }
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
            warnings.append(
                text.warning(
                    "“\(written)” is searched for as a word.", at: start,
                    suggestion: "Operators are upper case: \(written.uppercased())."))
            return false
        default: return false
        }
        return true
    }

    private mutating func addNear(_ written: String, _ start: Int, _ end: Int) throws(QueryError) -> Bool {
        let name = written.hasPrefix("O") ? "ONEAR" : "NEAR"
        let rest = written.dropFirst(name.count)
        guard rest.isEmpty || rest.first == "/" else { return false }
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
        warnings.append(
            text.warning(
                "“\(written)” holds no letter or digit and is left out.", at: start,
                suggestion: "Quote it with its neighbours if they belong together."))
        position = end
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
        guard value >= 0x80 else { return false }
        switch ScalarTable.shared[value].kind {
        case .invisible, .joiner: return true
        default: return false
        }
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
