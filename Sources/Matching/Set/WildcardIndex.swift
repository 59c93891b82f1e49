// Which wildcard words a document's word could match: by its first letters, its last letters, or a pair of letters
// inside it. Only narrows down; `Wildcard.matches` decides. Immutable.

struct WildcardIndex {
    /// Patterns by literal letters at one end of the word.
    struct End {
        /// How many bytes the keys have, 2–8, each length that is in use.
        private(set) var lengths: [Int] = []
        private var gate: [UInt64] = Array(repeating: 0, count: 64)
        /// How many bytes the gate looks at: the shortest key's.
        private var gateLength = 8
        private var patterns: [UInt64: [Int]] = [:]

        var isEmpty: Bool { lengths.isEmpty }

        /// - Parameter key: the bytes nearest the end, the outermost lowest.
        mutating func add(_ key: UInt64, _ length: Int, _ pattern: Int) {
            let length = min(length, 8)
            if !lengths.contains(length) { lengths = (lengths + [length]).sorted() }
            patterns[Self.mix(firstBytes(key, length), length), default: []].append(pattern)
        }

        mutating func seal() {
            gateLength = min(4, lengths.first ?? 8)
            let bits = UInt64(max(4096, patterns.count * 32)).roundedUpToPowerOfTwo
            gate = Array(repeating: 0, count: Int(bits / 64))
        }

        mutating func open(_ key: UInt64) {
            let bit = gateBit(key)
            gate[bit >> 6] |= 1 << UInt64(bit & 63)
        }

        private func gateBit(_ key: UInt64) -> Int {
            Int(truncatingIfNeeded: Self.mix(firstBytes(key, gateLength), 0)) & (gate.count * 64 - 1)
        }

        private static func mix(_ key: UInt64, _ length: Int) -> UInt64 {
            let product = (key ^ UInt64(length)).multipliedFullWidth(by: 0x9FB2_1C65_1E98_DF25)
            return product.high ^ product.low
        }

        @inline(__always)
        func forEach(_ key: UInt64, _ length: Int, _ body: (Int) -> Void) {
            let bit = gateBit(key)
            guard gate[bit >> 6] >> UInt64(bit & 63) & 1 == 1 else { return }
            for keyLength in lengths where keyLength <= length {
                for pattern in patterns[Self.mix(firstBytes(key, keyLength), keyLength)] ?? [] { body(pattern) }
            }
        }
    }

    private(set) var front = End()
    private(set) var back = End()
    /// A bit per pair of bytes that starts a run inside a word, and the patterns of each.
    private(set) var pairGate: [UInt64] = []
    private var pairs: [UInt16: [Int]] = [:]
    /// Patterns with no two literal letters together: `a?b`.
    private(set) var loose: [Int] = []

    var isEmpty: Bool { front.isEmpty && back.isEmpty && pairs.isEmpty && loose.isEmpty }

    init() {}

    init(_ patterns: [Int], _ lexicon: Lexicon) {
        var keys: [(isFront: Bool, key: UInt64)] = []
        for pattern in patterns {
            let word = lexicon.words[pattern]
            let bytes = lexicon.bytes[Int(word.offset)..<Int(word.offset) + Int(word.length)]
            let runs = bytes.split(maxSplits: .max, omittingEmptySubsequences: false) { $0 <= ScalarReader.anyLetter }
            if let first = runs.first, first.count >= 2 {
                keys.append((true, Self.key(first)))
                front.add(Self.key(first), first.count, pattern)
            } else if let last = runs.last, last.count >= 2 {
                keys.append((false, Self.key(last.reversed())))
                back.add(Self.key(last.reversed()), last.count, pattern)
            } else if let longest = runs.max(by: { $0.count < $1.count }), longest.count >= 2 {
                pairs[UInt16(Self.key(longest) & 0xFFFF), default: []].append(pattern)
            } else {
                loose.append(pattern)
            }
        }
        front.seal()
        back.seal()
        for (isFront, key) in keys { if isFront { front.open(key) } else { back.open(key) } }
        guard !pairs.isEmpty else { return }
        pairGate = Array(repeating: 0, count: 1024)
        for pair in pairs.keys { pairGate[Int(pair >> 6)] |= 1 << UInt64(pair & 63) }
    }

    func patterns(ofPair pair: UInt16) -> [Int] { pairs[pair] ?? [] }

    private static func key(_ bytes: some Collection<UInt8>) -> UInt64 {
        var key: UInt64 = 0
        for (index, byte) in bytes.prefix(8).enumerated() { key |= UInt64(byte) << UInt64(index * 8) }
        return key
    }
}
