// The compiled form of a set's queries: flat arrays, no pointers, each literal once. Made by `SetCompiler`, read by
// `Matcher`, never changed.

/// One node of a compiled query; children follow their parent, `end` is the index behind the last of them.
struct ProgramNode {
    enum Operation: UInt8 {
        case all, any, not
        /// `operand` words at most in between; two children.
        case near, orderedNear
        /// `operand` is a literal, to be found in `fields`.
        case literal
        /// `operand` indexes `Program.raws` or `Program.windows`.
        case raw, window
        /// `operand` indexes `Program.filters`.
        case filter
    }

    var operation: Operation
    var fields: FieldSet = []
    var operand: UInt32 = 0
    var end: UInt32 = 0
}

/// Words to be found one behind the other; most literals are one word.
struct Literal: Hashable {
    /// Where its words stand in `Program.literalWords`.
    var first: UInt32
    var count: UInt16
    /// Which of its words is looked for first: the rarest.
    var anchor: UInt16
}

/// A word in a literal: its number in the lexicon and its sign in 32 bits.
struct LiteralWord: Hashable {
    /// The sign in the upper two bits.
    let bits: UInt32

    init(number: UInt32, sign: Sign) {
        bits = number | UInt32(sign.rawValue) << 30
    }

    var number: Int { Int(bits & 0x3FFF_FFFF) }
    var sign: Sign { Sign(rawValue: UInt8(bits >> 30)) ?? .none }
}

/// Everything a set's queries look for.
struct Program {
    var lexicon = Lexicon()
    var literalWords: [LiteralWord] = []
    var literals: [Literal] = []
    var raws: [(literal: UInt32, raw: Raw)] = []
    var windows: [(literal: UInt32, slop: Int)] = []
    var filters: [Filter] = []
    var nodes: [ProgramNode] = []
    /// The index of each query's first node.
    var roots: [UInt32] = []
    /// Which fields' words any query looks at.
    var fields: FieldSet = []

    func words(ofLiteral number: Int) -> ArraySlice<LiteralWord> {
        let literal = literals[number]
        return literalWords[Int(literal.first)..<Int(literal.first) + Int(literal.count)]
    }

    /// Gives back the room that growing has left, and what only compiling needs.
    mutating func seal() {
        lexicon.seal()
        literalWords.trim()
        literals.trim()
        nodes.trim()
    }
}

/// Lists of numbers by number, in two flat arrays.
struct NumberLists {
    private var starts: [UInt32]
    private var values: [UInt32]

    /// - Parameter pairs: a key below `count` and a value each; the values of a key keep their order.
    init(count: Int, _ pairs: [(key: UInt32, value: UInt32)]) {
        starts = Array(repeating: 0, count: count + 1)
        values = Array(repeating: 0, count: pairs.count)
        for pair in pairs { starts[Int(pair.key) + 1] += 1 }
        for key in 0..<count { starts[key + 1] += starts[key] }
        var next = starts
        for pair in pairs {
            values[Int(next[Int(pair.key)])] = pair.value
            next[Int(pair.key)] += 1
        }
    }

    /// Indexes into `values` for a key.
    @inline(__always)
    func range(_ key: Int) -> Range<Int> { Int(starts[key])..<Int(starts[key + 1]) }

    @inline(__always)
    func value(_ index: Int) -> Int { Int(values[index]) }
}
