// SipHash-1-3 (Aumasson and Bernstein, 2012; one round a word and three at the end, as Swift's and Rust's own tables use
// it): four times as fast as SHA-256, and who does not know the key can say nothing about what it makes of a text.

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
        bytes.withUnsafeBytes { bytes in
            var index = 0
            while bytes.count - index >= 8 {
                hash.add(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)), bytes: 8)
                index += 8
            }
            var rest: UInt64 = 0
            for place in index..<bytes.count { rest |= UInt64(bytes[place]) << (8 * (place - index)) }
            hash.add(rest, bytes: bytes.count - index)
        }
        self = hash
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

    /// Adds the lowest bytes of a word, of which the others are 0.
    @inline(__always)
    private mutating func add(_ word: UInt64, bytes: Int) {
        let filled = 8 * (count % 8)
        tail |= word << filled
        count += bytes
        guard filled + 8 * bytes >= 64 else { return }
        mix(tail)
        // Swift shifts everything out where nothing was filled.
        tail = word >> (64 - filled)
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
