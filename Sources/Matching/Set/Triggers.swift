// Which queries to look at for a document: a gate that nearly every word fails, then a table of the words that anchor a
// trigger. Immutable; what is hot here is the gate.

struct Triggers {
    /// Two bits per anchored word, in one of as many 64-bit blocks as make 32 to 64 bits a word: one other word in some
    /// two hundred passes by chance.
    private(set) var gate: [UInt64] = []
    private(set) var gateMask: UInt64 = 0
    /// The exact words of the lexicon that anchor something.
    private var anchored = HashTable()
    /// The literals that each word of the lexicon anchors.
    private(set) var literals: NumberLists
    /// The queries that each literal triggers.
    private(set) var queries: NumberLists
    /// The queries that nothing triggers: only filters, or a NOT beside an OR.
    let always: [Int]
    private(set) var wildcards = WildcardIndex()

    init(_ compiler: inout SetCompiler) {
        let chooser = TriggerChooser(&compiler)
        let program = compiler.program
        always = chooser.always
        queries = NumberLists(count: program.literals.count, chooser.pairs)
        var anchors: [(key: UInt32, value: UInt32)] = []
        for literal in program.literals.indices where !queries.range(literal).isEmpty {
            let entry = program.literals[literal]
            let word = program.literalWords[Int(entry.first) + Int(entry.anchor)].number
            anchors.append((UInt32(word), UInt32(literal)))
        }
        let words = program.lexicon.words
        literals = NumberLists(count: words.count, anchors)
        let used = words.indices.filter { !literals.range($0).isEmpty }
        fillTable(used.filter { words[$0].kind == .exact }, words)
        wildcards = WildcardIndex(used.filter { words[$0].kind == .wildcard }, program.lexicon)
    }

    private mutating func fillTable(_ used: [Int], _ words: [LexiconWord]) {
        let bits = UInt64(max(64, used.count * 32)).roundedUpToPowerOfTwo
        gate = Array(repeating: 0, count: Int(bits / 64))
        gateMask = bits / 64 - 1
        anchored = HashTable(capacity: used.count)
        for word in used {
            let hash = words[word].hash
            gate[Int(hash & gateMask)] |= Self.gateBits(hash)
            anchored.insert(hash, word)
        }
    }

    /// The two bits of a hash in its block; the block is chosen by the lowest bits, the table's slot by the highest.
    @inline(__always)
    static func gateBits(_ hash: UInt64) -> UInt64 {
        1 &<< (hash >> 32 & 63) | 1 &<< (hash >> 26 & 63)
    }

    /// The exact words with this hash, nearly always one or none.
    @inline(__always)
    func forEachWord(_ hash: UInt64, _ body: (Int) -> Void) { anchored.forEach(hash, body) }
}
