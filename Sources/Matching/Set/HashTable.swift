// Numbers found by the hash of what they stand for: an open-addressed table of eight bytes a slot. Whoever asks
// compares what the numbers stand for.

struct HashTable {
    /// The upper half of the hash, then the number plus one; 0 is a free slot.
    private var slots: [UInt64]
    /// A hash's slot is its upper bits.
    private var shift: UInt64
    private(set) var count = 0

    /// - Parameter capacity: how many numbers it takes before it grows.
    init(capacity: Int = 0) {
        let size = UInt64(max(4, capacity * 2)).roundedUpToPowerOfTwo
        slots = Array(repeating: 0, count: Int(size))
        shift = UInt64(64 - size.trailingZeroBitCount)
    }

    /// Calls `body` with the numbers whose hashes have the same upper half: nearly always one or none.
    @inline(__always)
    func forEach(_ hash: UInt64, _ body: (Int) -> Void) {
        let slots = slots.span
        var index = Int(truncatingIfNeeded: hash &>> shift)
        while slots[index] != 0 {
            if slots[index] >> 32 == hash >> 32 { body(Int(slots[index] & 0xFFFF_FFFF) - 1) }
            index = (index + 1) & (slots.count - 1)
        }
    }

    /// The number with this hash that stands for the same.
    @inline(__always)
    func first(_ hash: UInt64, where isSame: (Int) -> Bool) -> Int? {
        let slots = slots.span
        var index = Int(truncatingIfNeeded: hash &>> shift)
        while slots[index] != 0 {
            let number = Int(slots[index] & 0xFFFF_FFFF) - 1
            if slots[index] >> 32 == hash >> 32, isSame(number) { return number }
            index = (index + 1) & (slots.count - 1)
        }
        return nil
    }

    /// - Parameter number: below 2³² - 1.
    mutating func insert(_ hash: UInt64, _ number: Int) {
        if count * 4 >= slots.count * 3 { grow() }
        place(hash & ~0xFFFF_FFFF | UInt64(number + 1))
        count += 1
    }

    private mutating func place(_ slot: UInt64) {
        var index = Int(truncatingIfNeeded: slot &>> shift)
        while slots[index] != 0 { index = (index + 1) & (slots.count - 1) }
        slots[index] = slot
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: 0, count: old.count * 2)
        shift -= 1
        for slot in old where slot != 0 { place(slot) }
    }
}

extension UInt64 {
    var roundedUpToPowerOfTwo: UInt64 {
        self <= 1 ? 1 : 1 << UInt64(64 - (self - 1).leadingZeroBitCount)
    }
}
