// Chance that is the same in every run and on every machine, so that what it brought about can be seen again.

/// SplitMix64 (Steele, Lea and Flood, 2014).
package struct Dice: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// In 0..<1.
    package mutating func share() -> Double {
        Double(next() >> 11) / Double(1 << 53)
    }

    /// In 0..<sides.
    package mutating func roll(_ sides: Int) -> Int { Int.random(in: 0..<sides, using: &self) }

    /// - Parameter items: at least one.
    package mutating func pick<Item>(_ items: [Item]) -> Item { items[roll(items.count)] }
}
