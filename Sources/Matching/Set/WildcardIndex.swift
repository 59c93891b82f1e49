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
        /// Keys by their hash, and the patterns of each.
        private var keys: [UInt64] = []
        private var table = HashTable()
        private var patterns = NumberLists(count: 0, [])

        var isEmpty: Bool { keys.isEmpty }

        init() {}

        /// - Parameter entries: the bytes nearest the end, the outermost lowest; how many there are; the pattern.
        init(_ entries: [(key: UInt64, length: Int, pattern: Int)]) {
            var pairs: [(key: UInt32, value: UInt32)] = []
            for entry in entries {
                let length = min(entry.length, 8)
                if !lengths.contains(length) { lengths.append(length) }
                pairs.append((UInt32(number(of: firstBytes(entry.key, length), length)), UInt32(entry.pattern)))
            }
            lengths.sort()
            keys.trim()
            patterns = NumberLists(count: keys.count, pairs)
            gateLength = min(4, lengths.first ?? 8)
            let bits = UInt64(max(4096, keys.count * 32)).roundedUpToPowerOfTwo
            gate = Array(repeating: 0, count: Int(bits / 64))
            for entry in entries {
                let bit = gateBit(entry.key)
                gate[bit >> 6] |= 1 << UInt64(bit & 63)
            }
        }

        private mutating func number(of key: UInt64, _ length: Int) -> Int {
            // Folded bytes are never zero, so that a key tells its length.
            let hash = Self.mix(key, length)
            if let known = table.first(hash, where: { keys[$0] == key }) { return known }
            table.insert(hash, keys.count)
            keys.append(key)
            return keys.count - 1
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
                let key = firstBytes(key, keyLength)
                guard let number = table.first(Self.mix(key, keyLength), where: { keys[$0] == key }) else { continue }
                for index in patterns.range(number) { body(patterns.value(index)) }
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
        var (fronts, backs): ([(UInt64, Int, Int)], [(UInt64, Int, Int)]) = ([], [])
        for pattern in patterns {
            let word = lexicon.words[pattern]
            let bytes = lexicon.bytes[Int(word.offset)..<Int(word.offset) + Int(word.length)]
            let runs = bytes.split(maxSplits: .max, omittingEmptySubsequences: false) { $0 <= ScalarReader.anyLetter }
            if let first = runs.first, first.count >= 2 {
                fronts.append((Self.key(first), first.count, pattern))
            } else if let last = runs.last, last.count >= 2 {
                backs.append((Self.key(last.reversed()), last.count, pattern))
            } else if let longest = runs.max(by: { $0.count < $1.count }), longest.count >= 2 {
                pairs[UInt16(Self.key(longest) & 0xFFFF), default: []].append(pattern)
            } else {
                loose.append(pattern)
            }
        }
        front = End(fronts)
        back = End(backs)
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
