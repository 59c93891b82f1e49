// Where each word stands in the document at hand: built once a query is triggered, so that the others' literals are
// found without reading the document again.

struct WordIndex {
    private var slots: [UInt32] = []
    /// The next place of the same word, plus one.
    private var following: [UInt32] = []
    private var mask = 0
    private(set) var isBuilt = false

    mutating func invalidate() { isBuilt = false }

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
