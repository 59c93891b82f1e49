// SipHash-1-3 (Aumasson and Bernstein, 2012; one round a word and three at the end, as Swift's and Rust's own tables
// use it): four times as fast as SHA-256, and who does not know the key can say nothing about what it makes of a text.

internal import Model

/// Hashes what it is fed piece by piece; where one piece ends and the next begins makes no difference.
struct SipHash: TextHash {
    private let key: MarkKey
    private var v0, v1, v2, v3: UInt64
    /// The bytes that do not fill a word yet, the first in the lowest place.
    private var tail: UInt64 = 0
    private var count = 0

    init(_ key: MarkKey) {
        self.key = key
        v0 = key.low ^ 0x736F_6D65_7073_6575
        v1 = key.high ^ 0x646F_7261_6E64_6F6D
        v2 = key.low ^ 0x6C79_6765_6E65_7261
        v3 = key.high ^ 0x7465_6462_7974_6573
    }

    mutating func add(_ bytes: Span<UInt8>) {
        // A copy, which stays in registers.
        var hash = self
        bytes.withUnsafeBytes { hash.add($0) }
        self = hash
    }

    @inline(__always)
    private mutating func add(_ bytes: UnsafeRawBufferPointer) {
        // It stays what it is over whole words.
        let filled = UInt64(8 * (count % 8))
        var index = 0
        while bytes.count - index >= 8 {
            let word = Self.word(bytes, at: index)
            mix(tail | word &<< filled)
            // In two steps, because a shift by 64 is none.
            tail = (word &>> 1) &>> (63 - filled)
            index += 8
        }
        count += index
        let rest = bytes.count - index
        guard rest > 0 else { return }
        add(Self.end(of: bytes, rest), bytes: rest)
    }

    @inline(__always)
    private static func word(_ bytes: UnsafeRawBufferPointer, at index: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
    }

    /// The last `rest` bytes, 1 to 7 of them.
    @inline(__always)
    private static func end(of bytes: UnsafeRawBufferPointer, _ rest: Int) -> UInt64 {
        if bytes.count >= 8 { return word(bytes, at: bytes.count - 8) &>> UInt64(64 - 8 * rest) }
        var word: UInt64 = 0
        for place in 0..<rest { word |= UInt64(bytes[place]) &<< UInt64(8 * place) }
        return word
    }

    mutating func add(_ byte: UInt8) {
        add(UInt64(byte), bytes: 1)
    }

    /// The hash of what was added since the last one.
    mutating func finish() -> UInt64 {
        mix(tail | UInt64(truncatingIfNeeded: count) << 56)
        v2 ^= 0xFF
        for _ in 0..<3 { round() }
        defer { self = SipHash(key) }
        return v0 ^ v1 ^ v2 ^ v3
    }

    /// Adds the lowest bytes of a word, at most 7, of which the others are 0.
    @inline(__always)
    private mutating func add(_ word: UInt64, bytes: Int) {
        let filled = 8 * (count % 8)
        tail |= word &<< UInt64(filled)
        count += bytes
        guard filled + 8 * bytes >= 64 else { return }
        mix(tail)
        // Fewer than 8 bytes filled the word, so that some were there before.
        tail = word &>> UInt64(64 - filled)
    }

    @inline(__always)
    private mutating func mix(_ word: UInt64) {
        v3 ^= word
        round()
        v0 ^= word
    }

    @inline(__always)
    private mutating func round() {
        v0 &+= v1
        v1 = (v1 << 13 | v1 >> 51) ^ v0
        v0 = v0 << 32 | v0 >> 32
        v2 &+= v3
        v3 = (v3 << 16 | v3 >> 48) ^ v2
        v0 &+= v3
        v3 = (v3 << 21 | v3 >> 43) ^ v0
        v2 &+= v1
        v1 = (v1 << 17 | v1 >> 47) ^ v2
        v2 = v2 << 32 | v2 >> 32
    }
}
