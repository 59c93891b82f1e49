// Which queries to look at for a document: a gate that nearly every word fails, then a table of the words that anchor a
// trigger. Immutable; what is hot here is the gate.

struct Triggers {
    /// Two bits per anchored word, in one of as many 64-bit blocks as make 32 to 64 bits a word: one other word in some
    /// two hundred passes by chance.
    private(set) var gate: [UInt64] = []
    private(set) var gateMask: UInt64 = 0
    private var slots: [Slot] = []
    private var slotShift: UInt64 = 0
    /// The literals that each word of the lexicon anchors.
    private(set) var literals: NumberLists
    /// The queries that each literal triggers.
    private(set) var queries: NumberLists
    /// The queries that nothing triggers: only filters, or a NOT beside an OR.
    let always: [Int]
    private(set) var wildcards = WildcardIndex()

    /// An exact word of the lexicon; `word` is its number plus one, 0 for a free slot.
    private struct Slot {
        var hash: UInt64
        var word: UInt32
    }

    init(_ compiler: inout SetCompiler) {
        let (pairs, always) = compiler.triggers()
        let program = compiler.program
        self.always = always
        queries = NumberLists(count: program.literals.count, pairs)
        var anchors: [(key: UInt32, value: UInt32)] = []
        for literal in program.literals.indices where !queries.range(literal).isEmpty {
            let entry = program.literals[literal]
            let word = program.literalWords[Int(entry.first) + Int(entry.anchor)].number
            anchors.append((UInt32(word), UInt32(literal)))
        }
        let words = program.lexicon.words
        literals = NumberLists(count: words.count, anchors)
        let anchored = words.indices.filter { !literals.range($0).isEmpty }
        fillTable(anchored.filter { words[$0].kind == .exact }, program.lexicon)
        wildcards = WildcardIndex(anchored.filter { words[$0].kind == .wildcard }, program.lexicon)
    }

    private mutating func fillTable(_ anchored: [Int], _ lexicon: Lexicon) {
        let bits = UInt64(max(64, anchored.count * 32)).roundedUpToPowerOfTwo
        gate = Array(repeating: 0, count: Int(bits / 64))
        gateMask = bits / 64 - 1
        let size = UInt64(max(4, anchored.count * 2)).roundedUpToPowerOfTwo
        slotShift = UInt64(64 - size.trailingZeroBitCount)
        slots = Array(repeating: Slot(hash: 0, word: 0), count: Int(size))
        for word in anchored {
            let hash = lexicon.words[word].hash
            gate[Int(hash & gateMask)] |= Self.gateBits(hash)
            var index = Int(hash >> slotShift)
            while slots[index].word != 0 { index = (index + 1) & (slots.count - 1) }
            slots[index] = Slot(hash: hash, word: UInt32(word + 1))
        }
    }

    /// The two bits of a hash in its block; the block is chosen by the lowest bits, the table's slot by the highest.
    @inline(__always)
    static func gateBits(_ hash: UInt64) -> UInt64 {
        1 &<< (hash >> 32 & 63) | 1 &<< (hash >> 26 & 63)
    }

    /// The exact words with this hash, nearly always one or none.
    @inline(__always)
    func forEachWord(_ hash: UInt64, _ body: (Int) -> Void) {
        var index = Int(hash >> slotShift)
        while slots[index].word != 0 {
            if slots[index].hash == hash { body(Int(slots[index].word) - 1) }
            index = (index + 1) & (slots.count - 1)
        }
    }
}

extension UInt64 {
    var roundedUpToPowerOfTwo: UInt64 {
        self <= 1 ? 1 : 1 << UInt64(64 - (self - 1).leadingZeroBitCount)
    }
}
