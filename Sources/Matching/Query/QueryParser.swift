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
    private var expression = Expression()

    init(_ text: QueryText) throws(QueryError) {
        guard !text.isTooLong else {
            throw QueryError(
                line: 1, column: 1, message: "A query holds at most \(QueryText.limit) characters.",
                suggestion: "Make two watches of it.", text: "")
        }
        var lexer = QueryLexer(text)
        try lexer.run()
        self.text = text
        tokens = lexer.tokens
        warnings = lexer.warnings
    }

    mutating func parse() throws(QueryError) -> Expression {
        guard !tokens.isEmpty else {
            throw text.error("The query is empty.", at: 0, suggestion: "Type a name, or \"a name of several words\".")
        }
        // Every second token is an operator or a parenthesis, mostly.
        expression.nodes.reserveCapacity(tokens.count / 2 + 4)
        expression.words.reserveCapacity(tokens.count / 2 + 4)
        expression.terms.reserveCapacity(tokens.count / 2 + 4)
        expression.letters.reserveCapacity(text.bytes.count * 2)
        try parseAny()
        if let token {
            throw text.error(
                "Nothing was opened that this closes.", at: token.place.lowerBound,
                suggestion: "Leave it out, or open what it closes with (.")
        }
        guard !expression.isPureNegation(0) else {
            throw text.error(
                "This only says what must not be there.", at: expression.nodes[0].place.lowerBound,
                suggestion: "Put something to look for before NOT.")
        }
        return expression
    }

    private var token: Token? { index < tokens.count ? tokens[index] : nil }
    private var end: Int { text.bytes.count }
    /// Where the next node will stand.
    private var top: Int { expression.nodes.count }

    private mutating func take(_ kind: Token.Kind) -> Bool {
        guard token?.kind == kind else { return false }
        index += 1
        return true
    }

    private func write(_ range: Range<Int>) -> String { text.string(range) }

    private mutating func descend(_ body: (inout QueryParser) throws(QueryError) -> Void) throws(QueryError) {
        guard depth < Self.depthLimit else {
            throw text.error(
                "This is nested more than \(Self.depthLimit) deep.", at: token?.place.lowerBound ?? end,
                suggestion: "Leave out parentheses that change nothing.")
        }
        depth += 1
        defer { depth -= 1 }
        try body(&self)
    }
}

// MARK: - Operators

extension QueryParser {
    private mutating func parseAny() throws(QueryError) {
        let (start, root) = (index, top)
        try parseAll()
        guard token?.kind == .or else { return }
        while take(.or) { try parseAll() }
        warnOfMixing(from: start)
        expression.wrap(.any, from: root)
    }

    private mutating func parseAll() throws(QueryError) {
        let root = top
        try parseNot()
        guard token?.kind == .and || startsOperand else { return }
        while take(.and) || startsOperand { try parseNot() }
        expression.wrap(.all, from: root)
    }

    private var startsOperand: Bool {
        switch token?.kind {
        case .open, .not, .field, .raw, .word, .phrase: true
        default: false
        }
    }

    private mutating func parseNot() throws(QueryError) {
        let root = top
        guard let token, take(.not) else { return try parseNear() }
        expression.nodes.append(Expression.Node(kind: .not, place: token.place))
        try descend { (parser) throws(QueryError) in try parser.parseNot() }
        expression.close(root)
    }

    private mutating func parseNear() throws(QueryError) {
        let left = top
        try parsePrimary()
        var length = 1
        while let token, case .near(let distance, let ordered) = token.kind {
            index += 1
            length += 1
            guard length <= Self.depthLimit else {
                throw text.error(
                    "More than \(Self.depthLimit) NEARs follow each other.", at: token.place.lowerBound,
                    suggestion: "Join some of the words with AND.")
            }
            let right = top
            try parsePrimary()
            let kind: Expression.Node.Kind = ordered ? .orderedNear : .near
            if expression.hasPositions(expression.nodes[left...]) {
                expression.wrap(kind, from: left, operand: UInt32(distance))
            } else {
                try distribute(kind, UInt32(distance), left, right, at: token.place)
            }
        }
    }

    /// NEAR between AND groups is every pairing of their parts: `a NEAR/5 (b AND c)` is `a NEAR/5 b AND a NEAR/5 c`.
    private mutating func distribute(
        _ kind: Expression.Node.Kind, _ distance: UInt32, _ left: Int, _ right: Int, at place: Range<Int>
    ) throws(QueryError) {
        let sides = (expression.nodes[left..<right], expression.nodes[right...])
        expression.nodes.removeSubrange(left...)
        var budget = Self.nearLimit
        try join(sides.0, sides.1, at: place, &budget) { nodes, whole in
            Expression.Node(kind: kind, operand: distance, size: UInt32(nodes + 1), place: whole)
        }
    }

    private mutating func join(
        _ left: ArraySlice<Expression.Node>, _ right: ArraySlice<Expression.Node>, at place: Range<Int>,
        _ budget: inout Int, _ near: (_ nodes: Int, _ place: Range<Int>) -> Expression.Node
    ) throws(QueryError) {
        budget -= 1
        guard budget >= 0, top <= QueryText.limit else {
            throw text.error(
                "These groups are too large for NEAR.", at: place.lowerBound,
                suggestion: "Join fewer words, or join the groups with AND.")
        }
        let (first, second) = (left[left.startIndex], right[right.startIndex])
        let whole = first.place.lowerBound..<max(first.place.upperBound, second.place.upperBound)
        for (side, isLeft) in [(left, true), (right, false)] {
            let head = side[side.startIndex]
            switch head.kind {
            case .all: break
            case .any where !expression.hasPositions(side): break
            case .not, .filter:
                throw text.error(
                    "NEAR joins words, phrases and groups of them.", at: head.place.lowerBound,
                    suggestion: "Put NOT and fields like lang: outside, for instance (a NEAR/5 b) NOT c.")
            default: continue
            }
            let root = top
            expression.nodes.append(Expression.Node(kind: head.kind, place: whole))
            var part = side.startIndex + 1
            while part < side.endIndex {
                let one = side[part..<part + Int(side[part].size)]
                try join(isLeft ? one : left, isLeft ? right : one, at: place, &budget, near)
                part = one.endIndex
            }
            expression.close(root)
            return
        }
        expression.nodes.append(near(left.count + right.count, whole))
        expression.nodes += left
        expression.nodes += right
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
}

extension Expression {
    /// Whether these nodes are places in a text: what NEAR can measure from.
    fileprivate func hasPositions(_ nodes: ArraySlice<Node>) -> Bool {
        nodes.allSatisfy { node in
            switch node.kind {
            case .term, .any, .near, .orderedNear: true
            case .all, .not, .filter: false
            }
        }
    }
}

// MARK: - Operands

extension QueryParser {
    private mutating func parsePrimary() throws(QueryError) {
        guard let token else { throw missingOperand() }
        switch token.kind {
        case .open: try descend { (parser) throws(QueryError) in try parser.parseGroup() }
        case .field(let field): try descend { (parser) throws(QueryError) in try parser.parseField(field) }
        case .raw: try parseRaw()
        case .word, .phrase:
            index += 1
            try addOperand(token)
        case .close, .and, .or, .near, .not: throw missingOperand()
        }
    }

    private func missingOperand() -> QueryError {
        let before = index > 0 ? tokens[index - 1] : nil
        guard let token else {
            let written = before.map { write($0.place) } ?? ""
            return text.error(
                "Something is missing behind “\(written)”.", at: before?.place.lowerBound ?? 0,
                suggestion: "Add what belongs there, or leave it out.")
        }
        if token.kind == .close {
            return before?.kind == .open
                ? text.error(
                    "This group is empty.", at: before?.place.lowerBound ?? 0,
                    suggestion: "Put something between the parentheses, or leave them out.")
                : text.error(
                    "Something is missing before this parenthesis.", at: token.place.lowerBound,
                    suggestion: "Add what belongs there, or leave “\(before.map { write($0.place) } ?? "")” out.")
        }
        return text.error(
            "“\(write(token.place))” has nothing to join here.", at: token.place.lowerBound,
            suggestion: "Quote it to search for it as a word.")
    }

    private mutating func parseGroup() throws(QueryError) {
        let (open, root) = (tokens[index].place, top)
        index += 1
        if token != nil { try parseAny() }
        guard let close = token, take(.close) else {
            throw text.error("This parenthesis is not closed.", at: open.lowerBound, suggestion: "Close it with ).")
        }
        expression.nodes[root].place = open.lowerBound..<close.place.upperBound
    }

    private mutating func parseField(_ field: Field) throws(QueryError) {
        let (name, root) = (tokens[index].place, top)
        index += 1
        guard let token, token.isOperand else {
            throw text.error(
                "“\(write(name))” has no value.", at: name.lowerBound, suggestion: "Put it directly behind the colon.")
        }
        let outer = target
        defer { target = outer }
        target = FieldSet(field).map(Target.fields) ?? .filter(field)
        try parsePrimary()
        expression.nodes[root].place = name.lowerBound..<expression.nodes[root].place.upperBound
    }

    private mutating func parseRaw() throws(QueryError) {
        let name = tokens[index].place
        index += 1
        guard let token, case .fields(let fields) = target, let content = token.content else {
            throw text.error(
                "raw: belongs before a word or a phrase.", at: name.lowerBound,
                suggestion: "For instance raw:\"AT&T\", or title:raw:Apple.")
        }
        if case .phrase(_, _?) = token.kind {
            let tilde = text.bytes[token.place].lastIndex(of: UInt8(ascii: "~")) ?? token.place.lowerBound
            throw text.error(
                "raw: is letter by letter, with nothing in between.", at: tilde,
                suggestion: "Leave out either raw: or the number.")
        }
        index += 1
        try TermReader(text: text).addRaw(content, fields, to: &expression)
        add(.term, expression.terms.count, at: name.lowerBound..<token.place.upperBound)
    }

    /// Adds a node for the last of `count` terms or filters.
    private mutating func add(_ kind: Expression.Node.Kind, _ count: Int, at place: Range<Int>) {
        expression.nodes.append(Expression.Node(kind: kind, operand: UInt32(count - 1), place: place))
    }

    private mutating func addOperand(_ token: Token) throws(QueryError) {
        switch target {
        case .filter(let field):
            let (value, place) = filterValue(token, field)
            let reader = FilterReader(text: text)
            expression.filters.append(try reader.read(field, value, at: place))
            if let warning = reader.warning(field, value, at: place) { warnings.append(warning) }
            add(.filter, expression.filters.count, at: place)
        case .fields(let fields):
            let reader = TermReader(text: text)
            if case .phrase(let content, let slop) = token.kind {
                try reader.addPhrase(content, slop, fields, to: &expression)
            } else {
                try reader.addWord(token.place, fields, to: &expression)
            }
            add(.term, expression.terms.count, at: token.place)
        }
    }

    /// A filter's value. `label:team="web care"` is a word and a phrase with nothing between them, `rating:<= 2` two
    /// words.
    private mutating func filterValue(_ token: Token, _ field: Field) -> (String, Range<Int>) {
        let value = write(token.content ?? token.place)
        guard let next = self.token, let content = next.content, isFirstHalf(value, of: field, before: next) else {
            return (value, token.place)
        }
        index += 1
        return (value + write(content), token.place.lowerBound..<next.place.upperBound)
    }

    private func isFirstHalf(_ value: String, of field: Field, before next: Token) -> Bool {
        switch field {
        case .label: value.hasSuffix("=") && next.isPhrase && text.bytes[next.place.lowerBound - 1] == UInt8(ascii: "=")
        case .rating: !next.isPhrase && value.allSatisfy { "<=>".contains($0) }
        default: false
        }
    }
}

extension Token {
    fileprivate var isOperand: Bool {
        switch kind {
        case .word, .phrase, .open, .raw, .field: true
        default: false
        }
    }

    fileprivate var isPhrase: Bool {
        guard case .phrase = kind else { return false }
        return true
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
