// Reads a CSS selector, character by character. Bounded in length and depth; what it cannot read it names with its
// place.

struct CSSParser {
    private let text: [Character]
    private var index = 0
    private var depth = 0

    /// Hand-written selectors have tens of characters, copied ones some hundreds.
    private static let longest = 4_096
    private static let deepest = 8

    init(_ text: String) {
        self.text = Array(text.prefix(Self.longest + 1))
    }

    mutating func list() throws(SelectorError) -> [CSSSelector.Complex] {
        guard text.count <= Self.longest else { throw error("a selector has at most \(Self.longest) characters") }
        let list = try alternatives()
        guard index == text.count else { throw error("`\(text[index])` is not expected here") }
        return list
    }

    private func error(_ message: String) -> SelectorError {
        SelectorError(offset: index, message: message)
    }

    private var next: Character? { index < text.count ? text[index] : nil }

    private mutating func take(_ character: Character) -> Bool {
        guard next == character else { return false }
        index += 1
        return true
    }

    @discardableResult
    private mutating func skipSpace() -> Bool {
        let start = index
        while let next, next.isWhitespace { index += 1 }
        return index > start
    }

    private mutating func alternatives() throws(SelectorError) -> [CSSSelector.Complex] {
        var list = [try complex()]
        while take(",") { list.append(try complex()) }
        return list
    }

    // MARK: Combinators

    private mutating func complex() throws(SelectorError) -> CSSSelector.Complex {
        skipSpace()
        var complex = CSSSelector.Complex(subject: try compound())
        while let combinator = combinator() {
            let compound = try compound()
            complex.rest.insert((combinator, complex.subject), at: 0)
            complex.subject = compound
        }
        return complex
    }

    private mutating func combinator() -> CSSSelector.Combinator? {
        let hasSpace = skipSpace()
        switch next {
        case ">": return symbol(.child)
        case "+": return symbol(.next)
        case "~": return symbol(.later)
        case nil, ",", ")": return nil
        default: return hasSpace ? .descendant : nil
        }
    }

    private mutating func symbol(_ combinator: CSSSelector.Combinator) -> CSSSelector.Combinator {
        index += 1
        skipSpace()
        return combinator
    }

    // MARK: One element

    private mutating func compound() throws(SelectorError) -> CSSSelector.Compound {
        var compound = CSSSelector.Compound()
        let start = index
        if take("*") {
            compound.tag = nil
        } else if let next, Self.isName(next), !next.isNumber {
            compound.tag = try name().lowercased()
        }
        while let tests = try tests() { compound.tests += tests }
        guard index > start else {
            throw error(next.map { "`\($0)` is not expected here" } ?? "the selector ends early")
        }
        return compound
    }

    private mutating func tests() throws(SelectorError) -> [CSSSelector.Test]? {
        switch next {
        case "#":
            index += 1
            return [.attribute(.init(name: "id", relation: .equals, value: try name()))]
        case ".":
            index += 1
            return [.attribute(.init(name: "class", relation: .hasWord, value: try name()))]
        case "[":
            index += 1
            return [.attribute(try attribute())]
        case ":":
            index += 1
            if next == ":" { throw error("a page has no pseudo-elements") }
            return try pseudoClass()
        default: return nil
        }
    }

    private static func isName(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "-" || character == "_" || character == "\\"
            || !character.isASCII
    }

    private mutating func name() throws(SelectorError) -> String {
        var name = ""
        while let next, Self.isName(next) {
            index += 1
            if next != "\\" {
                name.append(next)
            } else if let escaped = escape() {
                name.append(escaped)
            }
        }
        guard !name.isEmpty else { throw error("a name is missing") }
        return name
    }

    /// CSS Syntax, 4.3.7: up to six hexadecimal digits and a space, or any character.
    private mutating func escape() -> Character? {
        var digits = ""
        while let next, next.isHexDigit, digits.count < 6 {
            digits.append(next)
            index += 1
        }
        if let value = UInt32(digits, radix: 16) {
            if next == " " { index += 1 }
            return Unicode.Scalar(value).map { Character($0) }
        }
        guard let next else { return nil }
        index += 1
        return next
    }

    // MARK: Attributes

    private mutating func attribute() throws(SelectorError) -> CSSSelector.Attribute {
        skipSpace()
        var attribute = CSSSelector.Attribute(name: try name().lowercased(), relation: .exists, value: "")
        skipSpace()
        if take("]") { return attribute }
        attribute.relation = try relation()
        skipSpace()
        attribute.value = try value()
        skipSpace()
        if next == "i" || next == "s" {
            attribute.ignoresCase = next == "i"
            index += 1
            skipSpace()
        }
        guard take("]") else { throw error("`]` is missing") }
        return attribute
    }

    private mutating func relation() throws(SelectorError) -> CSSSelector.Attribute.Relation {
        let relations: [Character: CSSSelector.Attribute.Relation] = [
            "^": .startsWith, "$": .endsWith, "*": .contains, "~": .hasWord, "|": .hasPrefix,
        ]
        if take("=") { return .equals }
        guard let next, let relation = relations[next] else { throw error("`=` or `]` is missing") }
        index += 1
        guard take("=") else { throw error("`=` is missing") }
        return relation
    }

    private mutating func value() throws(SelectorError) -> String {
        guard let quote = next, quote == "\"" || quote == "'" else { return try name() }
        index += 1
        var value = ""
        while let next, next != quote {
            index += 1
            if next != "\\" {
                value.append(next)
            } else if let escaped = escape() {
                value.append(escaped)
            }
        }
        guard take(quote) else { throw error("a quote is not closed") }
        return value
    }

    // MARK: Pseudo-classes

    private mutating func pseudoClass() throws(SelectorError) -> [CSSSelector.Test] {
        let start = index
        let name = try name().lowercased()
        if let places = Self.fixed[name] { return places.map { .nth($0) } }
        switch name {
        case "empty": return [.empty]
        case "root": return [.root]
        case "scope": return [.scope]
        default: break
        }
        guard take("(") else {
            index = start
            throw error("`:\(name)` is not known here")
        }
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw error("the selector nests too deep") }
        let test = try function(name, at: start)
        skipSpace()
        guard take(")") else { throw error("`)` is missing") }
        return [test]
    }

    private static let fixed: [String: [CSSSelector.Nth]] = [
        "first-child": [first], "last-child": [last], "only-child": [first, last],
        "first-of-type": [firstOfType], "last-of-type": [lastOfType], "only-of-type": [firstOfType, lastOfType],
    ]
    private static let first = CSSSelector.Nth(step: 0, offset: 1)
    private static let last = CSSSelector.Nth(step: 0, offset: 1, fromEnd: true)
    private static let firstOfType = CSSSelector.Nth(step: 0, offset: 1, ofType: true)
    private static let lastOfType = CSSSelector.Nth(step: 0, offset: 1, fromEnd: true, ofType: true)

    private mutating func function(_ name: String, at start: Int) throws(SelectorError) -> CSSSelector.Test {
        switch name {
        case "not": return .none(of: try alternatives())
        case "is", "where", "any", "matches": return .any(of: try alternatives())
        case "has": return .has(try insides())
        case "contains", "-soup-contains":
            skipSpace()
            return .contains(try value())
        case "nth-child": return .nth(try nth())
        case "nth-last-child": return .nth(try nth(fromEnd: true))
        case "nth-of-type": return .nth(try nth(ofType: true))
        case "nth-last-of-type": return .nth(try nth(fromEnd: true, ofType: true))
        default:
            index = start
            throw error("`:\(name)()` is not known here")
        }
    }

    private mutating func insides() throws(SelectorError) -> [CSSSelector.Inside] {
        var list: [CSSSelector.Inside] = []
        repeat {
            skipSpace()
            let combinator: CSSSelector.Combinator =
                switch next {
                case ">": symbol(.child)
                case "+": symbol(.next)
                case "~": symbol(.later)
                default: .descendant
                }
            list.append(.init(combinator: combinator, complex: try complex()))
        } while take(",")
        return list
    }

    /// `odd`, `even`, `3`, `2n`, `-n+3`, `2n + 1`.
    private mutating func nth(fromEnd: Bool = false, ofType: Bool = false) throws(SelectorError) -> CSSSelector.Nth {
        var formula = ""
        while let next, next != ")" {
            if !next.isWhitespace { formula.append(next) }
            index += 1
        }
        let parts: (Int, Int)? =
            switch formula.lowercased() {
            case "odd": (2, 1)
            case "even": (2, 0)
            case let text: Self.formula(text)
            }
        guard let (step, offset) = parts, abs(step) < 1 << 30, abs(offset) < 1 << 30 else {
            throw error("`\(formula)` is not a place such as 2, odd or 3n+1")
        }
        return .init(step: step, offset: offset, fromEnd: fromEnd, ofType: ofType)
    }

    private static func formula(_ text: String) -> (Int, Int)? {
        guard let n = text.firstIndex(of: "n") else { return Int(text).map { (0, $0) } }
        let before = text[..<n]
        let after = text[text.index(after: n)...]
        let step = before.isEmpty || before == "+" ? 1 : before == "-" ? -1 : Int(before)
        let offset = after.isEmpty ? 0 : Int(after)
        guard let step, let offset else { return nil }
        return (step, offset)
    }
}
