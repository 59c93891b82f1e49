// Makes a tree of a query's tokens: NEAR binds tightest, then NOT, AND (also a space), OR. Depth and size are bounded,
// so that no query can exhaust the stack.

import Model

struct QueryParser {
    /// Parentheses, NOTs and NEARs inside each other. People nest three or four.
    static let depthLimit = 64
    /// How many NEARs one NEAR between AND groups may become.
    static let nearLimit = 256

    /// What the words being read are looked for in.
    private enum Target {
        case fields(FieldSet)
        case filter(Field)
    }

    let text: QueryText
    private let tokens: [Token]
    private(set) var warnings: [QueryWarning]
    private var index = 0
    private var depth = 0
    private var target = Target.fields(.text)

    init(_ text: QueryText) throws(QueryError) {
        guard text.scalars.count <= QueryText.limit else {
            throw QueryError(
                line: 1, column: 1, message: "A query holds at most \(QueryText.limit) characters.", text: "")
        }
        var lexer = QueryLexer(text)
        try lexer.run()
        self.text = text
        tokens = lexer.tokens
        warnings = lexer.warnings
    }

    mutating func parse() throws(QueryError) -> Expression {
        guard !tokens.isEmpty else { throw text.error("The query is empty.", at: 0) }
        let expression = try parseAny()
        if let token {
            throw text.error("Nothing was opened that this closes.", at: token.place.lowerBound)
        }
        try refusePureNegation(expression)
        return expression
    }

    private var token: Token? { index < tokens.count ? tokens[index] : nil }
    private var end: Int { text.scalars.count }

    private mutating func take(_ kind: Token.Kind) -> Bool {
        guard token?.kind == kind else { return false }
        index += 1
        return true
    }

    private func write(_ range: Range<Int>) -> String { text.string(range) }

    private mutating func descend<T>(
        _ body: (inout QueryParser) throws(QueryError) -> T
    ) throws(QueryError) -> T {
        guard depth < Self.depthLimit else {
            throw text.error("This is nested more than \(Self.depthLimit) deep.", at: token?.place.lowerBound ?? end)
        }
        depth += 1
        defer { depth -= 1 }
        return try body(&self)
    }
}

// MARK: - Operators

extension QueryParser {
    private mutating func parseAny() throws(QueryError) -> Expression {
        let start = index
        var parts = [try parseAll()]
        while take(.or) { parts.append(try parseAll()) }
        guard parts.count > 1 else { return parts[0] }
        warnOfMixing(from: start)
        return Expression(node: .any(parts), place: span(parts))
    }

    private mutating func parseAll() throws(QueryError) -> Expression {
        var parts = [try parseNot()]
        while take(.and) || startsOperand { parts.append(try parseNot()) }
        return parts.count == 1 ? parts[0] : Expression(node: .all(parts), place: span(parts))
    }

    private var startsOperand: Bool {
        switch token?.kind {
        case .open, .not, .field, .raw, .word, .phrase: true
        default: false
        }
    }

    private mutating func parseNot() throws(QueryError) -> Expression {
        guard let token, take(.not) else { return try parseNear() }
        let part = try descend { (parser) throws(QueryError) in try parser.parseNot() }
        return Expression(node: .not(part), place: token.place.lowerBound..<part.place.upperBound)
    }

    private mutating func parseNear() throws(QueryError) -> Expression {
        var left = try parsePrimary()
        var length = 1
        while let token, case .near(let distance, let ordered) = token.kind {
            index += 1
            length += 1
            guard length <= Self.depthLimit else {
                throw text.error("More than \(Self.depthLimit) NEARs follow each other.", at: token.place.lowerBound)
            }
            var budget = Self.nearLimit
            let right = try parsePrimary()
            left = try join(left, right, at: token.place, &budget) { left, right in
                .near(left, right, distance: distance, ordered: ordered)
            }
        }
        return left
    }

    /// NEAR between AND groups is every pairing of their parts: `a NEAR/5 (b AND c)` is `a NEAR/5 b AND a NEAR/5 c`.
    private func join(
        _ left: Expression, _ right: Expression, at place: Range<Int>, _ budget: inout Int,
        _ near: (Expression, Expression) -> Expression.Node
    ) throws(QueryError) -> Expression {
        budget -= 1
        guard budget >= 0 else { throw text.error("These groups are too large for NEAR.", at: place.lowerBound) }
        let whole = left.place.lowerBound..<max(left.place.upperBound, right.place.upperBound)
        for (side, isLeft) in [(left, true), (right, false)] {
            let isAll: Bool
            let parts: [Expression]
            switch side.node {
            case .all(let all): (parts, isAll) = (all, true)
            case .any(let any) where !side.hasPositions: (parts, isAll) = (any, false)
            case .not, .filter:
                throw text.error(
                    "NEAR joins words, phrases and groups of them.", at: side.place.lowerBound,
                    suggestion: "Put NOT and fields like lang: outside, for instance (a NEAR/5 b) NOT c.")
            default: continue
            }
            var joined: [Expression] = []
            for part in parts {
                joined.append(try join(isLeft ? part : left, isLeft ? right : part, at: place, &budget, near))
            }
            return Expression(node: isAll ? .all(joined) : .any(joined), place: whole)
        }
        return Expression(node: near(left, right), place: whole)
    }

    private func span(_ parts: [Expression]) -> Range<Int> {
        (parts.map(\.place.lowerBound).min() ?? 0)..<(parts.map(\.place.upperBound).max() ?? 0)
    }

    private mutating func warnOfMixing(from start: Int) {
        var depth = 0
        var isOperand = false
        for token in tokens[start..<index] {
            switch token.kind {
            case .open where depth == 0 && isOperand, .and where depth == 0, .not where depth == 0,
                .word where depth == 0 && isOperand, .phrase where depth == 0 && isOperand,
                .field where depth == 0 && isOperand, .raw where depth == 0 && isOperand:
                warnings.append(
                    text.warning(
                        "AND (a space is one) and OR are mixed; AND is done first.", at: token.place.lowerBound,
                        suggestion: "Add parentheses to say what belongs together."))
                return
            case .open: depth += 1
            case .close:
                depth -= 1
                isOperand = true
            case .word, .phrase: isOperand = true
            case .or, .near, .field, .raw: isOperand = false
            case .and, .not: break
            }
        }
    }

    private func refusePureNegation(_ expression: Expression) throws(QueryError) {
        guard !expression.isPureNegation else {
            throw text.error(
                "This only says what must not be there.", at: expression.place.lowerBound,
                suggestion: "Put something to look for before NOT.")
        }
    }
}

extension Expression {
    /// Whether it is a NOT, or nothing but NOTs joined.
    fileprivate var isPureNegation: Bool {
        switch node {
        case .not(let part): !part.isPureNegation
        case .all(let parts), .any(let parts): parts.allSatisfy(\.isPureNegation)
        default: false
        }
    }

    /// Whether it is a place in a text: what NEAR can measure from.
    fileprivate var hasPositions: Bool {
        switch node {
        case .term, .near: true
        case .any(let parts): parts.allSatisfy(\.hasPositions)
        case .all, .not, .filter: false
        }
    }
}

// MARK: - Operands

extension QueryParser {
    private mutating func parsePrimary() throws(QueryError) -> Expression {
        guard let token else { throw missingOperand() }
        switch token.kind {
        case .open: return try descend { (parser) throws(QueryError) in try parser.parseGroup() }
        case .field(let field): return try descend { (parser) throws(QueryError) in try parser.parseField(field) }
        case .raw: return try parseRaw()
        case .word, .phrase:
            index += 1
            return try operand(token)
        case .close, .and, .or, .near, .not: throw missingOperand()
        }
    }

    private func missingOperand() -> QueryError {
        let before = index > 0 ? tokens[index - 1] : nil
        guard let token else {
            let written = before.map { write($0.place) } ?? ""
            return text.error("Something is missing behind “\(written)”.", at: before?.place.lowerBound ?? 0)
        }
        if token.kind == .close {
            return before?.kind == .open
                ? text.error("This group is empty.", at: before?.place.lowerBound ?? 0)
                : text.error("Something is missing before this parenthesis.", at: token.place.lowerBound)
        }
        return text.error(
            "“\(write(token.place))” has nothing to join here.", at: token.place.lowerBound,
            suggestion: "Quote it to search for it as a word.")
    }

    private mutating func parseGroup() throws(QueryError) -> Expression {
        let open = tokens[index].place
        index += 1
        guard token != nil else { throw text.error("This parenthesis is not closed.", at: open.lowerBound) }
        let inside = try parseAny()
        guard let close = token, take(.close) else {
            throw text.error("This parenthesis is not closed.", at: open.lowerBound, suggestion: "Close it with ).")
        }
        return Expression(node: inside.node, place: open.lowerBound..<close.place.upperBound)
    }

    private mutating func parseField(_ field: Field) throws(QueryError) -> Expression {
        let name = tokens[index].place
        index += 1
        guard let token, token.isOperand else {
            throw text.error("“\(write(name))” has no value.", at: name.lowerBound)
        }
        let outer = target
        defer { target = outer }
        target = FieldSet(field).map(Target.fields) ?? .filter(field)
        let inside = try parsePrimary()
        return Expression(node: inside.node, place: name.lowerBound..<inside.place.upperBound)
    }

    private mutating func parseRaw() throws(QueryError) -> Expression {
        let name = tokens[index].place
        index += 1
        guard let token, case .fields(let fields) = target, let content = token.content else {
            throw text.error("raw: belongs before a word or a phrase.", at: name.lowerBound)
        }
        index += 1
        let term = try TermReader(text: text).raw(content, fields)
        return Expression(node: .term(term), place: name.lowerBound..<token.place.upperBound)
    }

    private mutating func operand(_ token: Token) throws(QueryError) -> Expression {
        switch target {
        case .filter(let field):
            let (value, place) = labelValue(token, field)
            return Expression(node: .filter(try FilterReader(text: text).read(field, value, at: place)), place: place)
        case .fields(let fields):
            var reader = TermReader(text: text)
            let term: Term
            if case .phrase(let content, let slop) = token.kind {
                term = try reader.phrase(content, slop, fields)
            } else {
                term = try reader.word(token.place, fields)
            }
            warnings += reader.warnings
            return Expression(node: .term(term), place: token.place)
        }
    }

    /// A filter's value; `label:team="web care"` is a word and a phrase with nothing between them.
    private mutating func labelValue(_ token: Token, _ field: Field) -> (String, Range<Int>) {
        let value = write(token.content ?? token.place)
        guard field == .label, value.hasSuffix("="), let next = self.token,
            next.place.lowerBound == token.place.upperBound,
            case .phrase(let content, _) = next.kind
        else { return (value, token.place) }
        index += 1
        return (value + write(content), token.place.lowerBound..<next.place.upperBound)
    }
}

extension Token {
    fileprivate var isOperand: Bool {
        switch kind {
        case .word, .phrase, .open, .raw, .field: true
        default: false
        }
    }

    /// What was typed, without quotes; `nil` for what is neither a word nor a phrase.
    fileprivate var content: Range<Int>? {
        switch kind {
        case .word: place
        case .phrase(let content, _): content
        default: nil
        }
    }
}
