// Where each word stands in the document at hand, so that literals are found without reading the document again: a gate
// that turns away most of what is not there, built once a query is triggered, and a table, built when more is asked
// for.

struct WordIndex {
    private var slots: [UInt32] = []
    /// The next place of the same word, plus one.
    private var following: [UInt32] = []
    private var mask = 0
    private(set) var isBuilt = false

    /// A bit for each word, by its hash: in a post of 250 words one in sixteen that are not there passes.
    private var gate: [UInt64] = Array(repeating: 0, count: 64)
    private var isGateBuilt = false

    mutating func invalidate() {
        isBuilt = false
        isGateBuilt = false
    }

    /// Whether a word with this hash may be in the document.
    mutating func mayHold(_ hash: UInt64, _ words: [Word], count: Int) -> Bool {
        if !isGateBuilt {
            for index in gate.indices { gate[index] = 0 }
            let words = words.span
            for index in 0..<count { gate[Int(words[index].hash & 63)] |= 1 &<< (words[index].hash >> 6 & 63) }
            isGateBuilt = true
        }
        return gate[Int(hash & 63)] >> (hash >> 6 & 63) & 1 == 1
    }

    mutating func build(_ words: [Word], count: Int) {
        let size = Int(UInt64(max(16, count * 2)).roundedUpToPowerOfTwo)
        slots.removeAll(keepingCapacity: true)
        slots.append(contentsOf: repeatElement(0, count: size))
        following.removeAll(keepingCapacity: true)
        following.append(contentsOf: repeatElement(0, count: count))
        mask = size - 1
        for word in stride(from: count - 1, through: 0, by: -1) {
            let hash = words[word].hash
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot] != 0, words[Int(slots[slot]) - 1].hash != hash { slot = (slot + 1) & mask }
            following[word] = slots[slot]
            slots[slot] = UInt32(word + 1)
        }
        isBuilt = true
    }

    /// The first word with this hash.
    func first(_ hash: UInt64, _ words: [Word]) -> Int? {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 {
            let word = Int(slots[slot]) - 1
            if words[word].hash == hash { return word }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// The next word with the same hash.
    func next(after word: Int) -> Int? {
        following[word] == 0 ? nil : Int(following[word]) - 1
    }
}
