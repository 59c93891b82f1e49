// Turns queries into a program: every literal once, anchored on its rarest word. Runs when a configuration is loaded,
// never while matching. `TriggerChooser` then says what each query is triggered by.

import Dispatch
import Synchronization

struct SetCompiler {
    private(set) var program = Program()
    /// By the words of a literal; single unsigned words are in `wordLiterals`.
    private var literals = HashTable()
    /// The literal of each single unsigned word plus one, by word number; 0 when there is none.
    private var wordLiterals: [UInt32] = []
    /// How many terms hold each word: what many queries ask for is common.
    private var uses: [UInt32] = []

    init(_ queries: [Query]) {
        program.nodes.reserveCapacity(queries.reduce(0) { $0 + $1.nodeCount })
        program.roots.reserveCapacity(queries.count)
        for start in stride(from: 0, to: queries.count, by: Self.blockSize) {
            for expression in Self.expressions(queries[start..<min(start + Self.blockSize, queries.count)]) {
                add(expression)
            }
        }
        chooseAnchors()
    }

    // MARK: - Trees

    /// How many trees are there at once: a few megabytes of them, which stay in the cores' caches.
    private static let blockSize = 512
    /// How many trees a core reads before it asks for more.
    private static let shareSize = 64

    /// The trees of queries, in order, read on all cores.
    private static func expressions(_ queries: ArraySlice<Query>) -> [Expression] {
        guard queries.count > shareSize else { return queries.map(\.expression) }
        let starts = Array(stride(from: queries.startIndex, to: queries.endIndex, by: shareSize))
        let shares = Mutex([[Expression]](repeating: [], count: starts.count))
        DispatchQueue.concurrentPerform(iterations: starts.count) { share in
            let end = min(starts[share] + shareSize, queries.endIndex)
            let read = queries[starts[share]..<end].map(\.expression)
            shares.withLock { $0[share] = read }
        }
        return shares.withLock { $0.flatMap { $0 } }
    }

    // MARK: - Program

    private mutating func add(_ expression: Expression) {
        let root = program.nodes.count
        program.roots.append(UInt32(root))
        for (index, node) in expression.nodes.enumerated() {
            var compiled = compiled(node, expression)
            compiled.end = UInt32(root + index) + node.size
            program.nodes.append(compiled)
        }
    }

    private mutating func compiled(_ node: Expression.Node, _ expression: Expression) -> ProgramNode {
        switch node.kind {
        case .all: return ProgramNode(operation: .all)
        case .any: return ProgramNode(operation: .any)
        case .not: return ProgramNode(operation: .not)
        case .near: return ProgramNode(operation: .near, operand: node.operand)
        case .orderedNear: return ProgramNode(operation: .orderedNear, operand: node.operand)
        case .filter:
            program.filters.append(expression.filter(node))
            return ProgramNode(operation: .filter, operand: UInt32(program.filters.count - 1))
        case .term: return compiled(expression.term(node), expression)
        }
    }

    private mutating func compiled(_ term: Expression.Term, _ expression: Expression) -> ProgramNode {
        program.fields.formUnion(term.fields)
        let literal = number(of: expression.words[term.words], in: expression.letters)
        switch term.kind {
        case .plain: return ProgramNode(operation: .literal, fields: term.fields, operand: literal)
        case .raw(let raw):
            program.raws.append((literal, expression.raws[raw]))
            return ProgramNode(operation: .raw, fields: term.fields, operand: UInt32(program.raws.count - 1))
        case .window(let slop):
            program.windows.append((literal, slop))
            return ProgramNode(operation: .window, fields: term.fields, operand: UInt32(program.windows.count - 1))
        }
    }

    // MARK: - Literals

    /// The literal of these words, the same for the same words.
    private mutating func number(of words: ArraySlice<Expression.Word>, in letters: [UInt8]) -> UInt32 {
        let first = program.literalWords.count
        for word in words {
            let number = program.lexicon.number(of: word, in: letters)
            if Int(number) == uses.count {
                uses.append(0)
                wordLiterals.append(0)
            }
            uses[Int(number)] += 1
            program.literalWords.append(LiteralWord(number: number, sign: word.sign))
        }
        return intern(from: first)
    }

    /// Makes a literal of the words that were added from `first` on, unless there is one.
    private mutating func intern(from first: Int) -> UInt32 {
        let count = program.literalWords.count - first
        let word = program.literalWords[first]
        let known = count == 1 && word.sign == .none ? wordLiteral(word) : longLiteral(first..<first + count)
        if let known {
            program.literalWords.removeLast(count)
            return known
        }
        program.literals.append(Literal(first: UInt32(first), count: UInt16(clamping: count), anchor: 0))
        return UInt32(program.literals.count - 1)
    }

    /// The literal of one word; when there is none, the next one is noted to be it.
    private mutating func wordLiteral(_ word: LiteralWord) -> UInt32? {
        let known = wordLiterals[word.number]
        if known > 0 { return known - 1 }
        wordLiterals[word.number] = UInt32(program.literals.count + 1)
        return nil
    }

    /// The literal of several words, or of one with a sign; when there is none, the next one is noted to be it.
    private mutating func longLiteral(_ range: Range<Int>) -> UInt32? {
        var state = WordHash.process.seed
        for index in range { state = WordHash.process.mix(state, UInt64(program.literalWords[index].bits) + 1) }
        let hash = WordHash.process.finish(state, 0, length: range.count)
        let known = literals.first(hash) {
            program.words(ofLiteral: $0).elementsEqual(program.literalWords[range])
        }
        if let known { return UInt32(known) }
        literals.insert(hash, program.literals.count)
        return nil
    }

    /// The literal of a literal's anchor alone.
    mutating func anchorLiteral(_ literal: UInt32) -> UInt32 {
        let entry = program.literals[Int(literal)]
        let first = program.literalWords.count
        program.literalWords.append(program.literalWords[Int(entry.first) + Int(entry.anchor)])
        return intern(from: first)
    }

    // MARK: - Rarity

    /// How often a word is expected, on no particular scale: guessed from how it looks.
    private func frequency(ofWord number: Int) -> Float {
        let word = program.lexicon.words[number]
        // A word of two letters is in more texts than one of ten, a prefix in more than a word; and what many queries
        // ask for is common.
        let length = Float(max(1, min(word.length, 12)))
        let shape = (word.kind == .wildcard ? 16 : 1) * 12 / length
        return (Float(uses[number]) + shape) * (word.isCommon ? 1000 : 1)
    }

    private mutating func chooseAnchors() {
        for index in program.literals.indices where program.literals[index].count > 1 {
            let words = program.words(ofLiteral: index)
            let rarest = words.indices.min {
                frequency(ofWord: words[$0].number) < frequency(ofWord: words[$1].number)
            }
            program.literals[index].anchor = UInt16((rarest ?? words.startIndex) - words.startIndex)
        }
    }

    /// How often each literal is expected; two words together are rarer than the rarer of them.
    func frequencies() -> [Float] {
        program.literals.map { literal in
            let anchor = program.literalWords[Int(literal.first) + Int(literal.anchor)]
            return frequency(ofWord: anchor.number) / (literal.count > 1 ? 2 : 1)
        }
    }

    /// Gives back what only compiling needs.
    mutating func seal() -> Program {
        (literals, wordLiterals, uses) = (HashTable(), [], [])
        program.seal()
        return program
    }
}
