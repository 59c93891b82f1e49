// The 64-bit hash of a word, eight bytes at a time, and the test that tells eight bytes of words from separators. This
// is the innermost loop of matching: everything here is inlined and works on bytes that the caller has padded.

/// Reads eight bytes; the first in memory is the lowest.
///
/// A bounds-checked load of a type that any eight bytes make, so nothing here depends on the caller being right.
@inline(__always)
func load8(_ bytes: borrowing RawSpan, _ offset: Int) -> UInt64 {
    UInt64(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
}

/// Keeps the first `count` bytes (1–8) of eight.
@inline(__always)
func firstBytes(_ chunk: UInt64, _ count: Int) -> UInt64 {
    chunk & (UInt64.max &>> UInt64(truncatingIfNeeded: (8 &- count) &* 8))
}

/// Folds ASCII word characters: letters to lower case, digits to themselves, the underscore to 0x7F.
let asciiFold: UInt64 = 0x2020_2020_2020_2020

/// The top bit of each of eight bytes.
let topBits: UInt64 = 0x8080_8080_8080_8080

/// Marks, with its top bit, each of eight bytes that is an ASCII letter, digit or underscore.
@inline(__always)
func asciiWordMask(_ chunk: UInt64) -> UInt64 {
    let low = chunk & ~topBits
    let folded = low | asciiFold
    // A byte of at most 0x7F plus (0x80 - x) carries into its top bit exactly when it is at least x.
    let letters = (folded &+ 0x1F1F_1F1F_1F1F_1F1F) & ~(folded &+ 0x0505_0505_0505_0505)
    let digits = (low &+ 0x5050_5050_5050_5050) & ~(low &+ 0x4646_4646_4646_4646)
    let underscores = topBits &- (low ^ 0x5F5F_5F5F_5F5F_5F5F)
    return (letters | digits | underscores) & ~chunk & topBits
}

@inline(__always)
func isASCIIWordByte(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x5F
}

/// The hash of words: fast, seeded, of no cryptographic strength. A hit is always followed by comparing bytes.
struct WordHash {
    /// For what lives in one process: a stranger cannot prepare words that collide.
    static let process = WordHash(seed: .random(in: .min ... .max))
    /// For what outlives the process.
    static let stable = WordHash(seed: 0x9E37_79B9_7F4A_7C15)

    let seed: UInt64

    @inline(__always)
    func mix(_ state: UInt64, _ chunk: UInt64) -> UInt64 {
        let product = (state ^ chunk).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        return product.high ^ product.low
    }

    /// The last step: up to eight bytes, and the length of the whole.
    @inline(__always)
    func finish(_ state: UInt64, _ chunk: UInt64, length: Int) -> UInt64 {
        let product = (state ^ chunk).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        return (product.high ^ product.low ^ UInt64(truncatingIfNeeded: length)) &* 0x9FB2_1C65_1E98_DF25
    }

    /// Of folded bytes that eight more bytes follow.
    @inline(__always)
    func callAsFunction(_ bytes: borrowing RawSpan, from offset: Int, length: Int) -> UInt64 {
        var state = seed
        var offset = offset
        var left = length
        while left > 8 {
            state = mix(state, load8(bytes, offset))
            offset &+= 8
            left &-= 8
        }
        return finish(state, firstBytes(load8(bytes, offset), left), length: length)
    }
}
