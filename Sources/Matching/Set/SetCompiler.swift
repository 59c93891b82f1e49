// Turns parsed queries into a program and its triggers: every literal once, each query triggered by the group of
// literals it cannot do without that is the rarest. Runs when a configuration is loaded, never while matching.

struct SetCompiler {
    private(set) var program = Program()
    private var literalNumbers: [[LiteralWord]: UInt32] = [:]
    /// The literal of each single unsigned word, by word number.
    private var wordLiterals: [UInt32: UInt32] = [:]
    /// How many terms hold each word: what many queries ask for is common.
    private var uses: [UInt32] = []
    private let frequencies: WordFrequencies?

    init(_ queries: [Query], _ frequencies: WordFrequencies?) {
        self.frequencies = frequencies
        for query in queries { add(query.root) }
        chooseAnchors()
        program.lexicon.seal()
    }

    // MARK: - Program

    private mutating func add(_ root: Expression) {
        program.roots.append(UInt32(program.nodes.count))
        addNode(root)
    }

    private mutating func addNode(_ expression: Expression) {
        let index = program.nodes.count
        switch expression.node {
        case .all(let parts): addNode(.all, children: parts)
        case .any(let parts): addNode(.any, children: parts)
        case .not(let part): addNode(.not, children: [part])
        case .near(let left, let right, let distance, let ordered):
            addNode(ordered ? .orderedNear : .near, children: [left, right], operand: UInt32(distance))
        case .filter(let filter):
            program.nodes.append(ProgramNode(operation: .filter, operand: UInt32(program.filters.count)))
            program.filters.append(filter)
        case .term(let term): addTerm(term)
        }
        program.nodes[index].end = UInt32(program.nodes.count)
    }

    private mutating func addNode(
        _ operation: ProgramNode.Operation, children: [Expression], operand: UInt32 = 0
    ) {
        program.nodes.append(ProgramNode(operation: operation, operand: operand))
        for child in children { addNode(child) }
    }

    private mutating func addTerm(_ term: Term) {
        program.fields.formUnion(term.fields)
        let literal = number(of: term.words)
        var node = ProgramNode(operation: .literal, fields: term.fields, operand: literal)
        if let raw = term.raw {
            node.operation = .raw
            node.operand = UInt32(program.raws.count)
            program.raws.append((literal, raw))
        } else if let slop = term.slop {
            node.operation = .window
            node.operand = UInt32(program.windows.count)
            program.windows.append((literal, slop))
        }
        program.nodes.append(node)
    }

    private mutating func number(of patterns: [WordPattern]) -> UInt32 {
        if patterns.count == 1, patterns[0].sign == .none {
            let word = wordNumber(patterns[0])
            if let number = wordLiterals[word] { return number }
            let number = addLiteral([LiteralWord(number: word, sign: .none)])
            wordLiterals[word] = number
            return number
        }
        let words = patterns.map { LiteralWord(number: wordNumber($0), sign: $0.sign) }
        if let number = literalNumbers[words] { return number }
        let number = addLiteral(words)
        literalNumbers[words] = number
        return number
    }

    private mutating func wordNumber(_ pattern: WordPattern) -> UInt32 {
        let number = program.lexicon.number(of: pattern)
        if Int(number) == uses.count { uses.append(0) }
        uses[Int(number)] += 1
        return number
    }

    private mutating func addLiteral(_ words: [LiteralWord]) -> UInt32 {
        program.literals.append(
            Literal(first: UInt32(program.literalWords.count), count: UInt16(clamping: words.count), anchor: 0))
        program.literalWords += words
        return UInt32(program.literals.count - 1)
    }

    // MARK: - Rarity

    /// How often a word is expected among 100,000, roughly: as learned, or guessed from how it looks.
    func frequency(ofWord number: Int) -> Double {
        let word = program.lexicon.words[number]
        // A word of two letters is in more texts than one of ten, a prefix in more than a word; and what many queries
        // ask for is common.
        let length = Double(max(1, min(word.length, 12)))
        let shape = (word.kind == .wildcard ? 16 : 1) * 12 / length
        let guess = (Double(uses[number]) + shape) * (word.isCommon ? 1000 : 1)
        guard word.kind == .exact else { return guess }
        return frequencies?.perHundredThousand(hash: word.hash, guess: guess) ?? guess
    }

    private mutating func chooseAnchors() {
        for index in program.literals.indices where program.literals[index].count > 1 {
            let literal = program.literals[index]
            let rarest = (0..<Int(literal.count)).min {
                frequency(ofWord: program.literalWords[Int(literal.first) + $0].number)
                    < frequency(ofWord: program.literalWords[Int(literal.first) + $1].number)
            }
            program.literals[index].anchor = UInt16(rarest ?? 0)
        }
    }

    private func frequency(ofLiteral number: UInt32) -> Double {
        let literal = program.literals[Int(number)]
        let anchor = frequency(ofWord: program.literalWords[Int(literal.first) + Int(literal.anchor)].number)
        return literal.count > 1 ? anchor / 2 : anchor
    }

    // MARK: - Triggers

    /// A group of literals one of which must be there for the query to match.
    private struct Group {
        var literals: [UInt32]
        var frequency: Double
    }

    /// The triggers of every query: pairs of a literal and a query, and the queries that nothing triggers.
    mutating func triggers() -> (pairs: [(key: UInt32, value: UInt32)], always: [Int]) {
        var pairs: [(key: UInt32, value: UInt32)] = []
        var always: [Int] = []
        for query in program.roots.indices {
            if let group = group(Int(program.roots[query])) {
                for literal in group.literals { pairs.append((literal, UInt32(query))) }
            } else {
                always.append(query)
            }
        }
        return (pairs, always)
    }

    /// The rarest group that the node at `index` cannot match without; `nil` when it can match without any literal.
    private mutating func group(_ index: Int) -> Group? {
        let node = program.nodes[index]
        switch node.operation {
        case .literal: return Group(literals: [node.operand], frequency: frequency(ofLiteral: node.operand))
        case .raw:
            let literal = program.raws[Int(node.operand)].literal
            return Group(literals: [literal], frequency: frequency(ofLiteral: literal))
        case .window: return windowGroup(program.windows[Int(node.operand)].literal)
        case .not, .filter: return nil
        case .all, .near, .orderedNear:
            return children(of: index).compactMap { group($0) }.min { $0.frequency < $1.frequency }
        case .any:
            var whole = Group(literals: [], frequency: 0)
            for child in children(of: index) {
                guard let part = group(child) else { return nil }
                whole.literals += part.literals
                whole.frequency += part.frequency
            }
            return whole
        }
    }

    private mutating func windowGroup(_ number: UInt32) -> Group {
        let literal = program.literals[Int(number)]
        let anchor = program.literalWords[Int(literal.first) + Int(literal.anchor)]
        let single = [anchor]
        let trigger = literalNumbers[single] ?? addLiteral(single)
        literalNumbers[single] = trigger
        return Group(literals: [trigger], frequency: frequency(ofLiteral: trigger))
    }

    private func children(of index: Int) -> [Int] {
        var children: [Int] = []
        var child = index + 1
        while child < Int(program.nodes[index].end) {
            children.append(child)
            child = Int(program.nodes[child].end)
        }
        return children
    }
}
