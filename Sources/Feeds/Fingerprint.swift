// Hashes of texts: 64 bits of SHA-256 where the hash becomes part of an identity, which is the same on every machine
// and after every upgrade; a keyed hash for what only this installation remembers.

internal import Crypto

/// A hash that is fed piece by piece.
protocol TextHash {
    mutating func add(_ bytes: Span<UInt8>)
    mutating func add(_ byte: UInt8)
    /// The hash of what was added since the last one.
    mutating func finish() -> UInt64
}

extension TextHash {
    /// Adds a text and its end: "ab" and "c" is not "a" and "bc".
    mutating func add(_ text: String?) {
        if let text { add(text.utf8.span) }
        add(0xFF)  // A byte that no UTF-8 holds.
    }

    mutating func of(_ text: String) -> UInt64 {
        add(text)
        return finish()
    }
}

/// SHA-256, cut to 64 bits.
struct Fingerprint: TextHash {
    private var bytes: [UInt8] = []

    mutating func add(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBufferPointer { self.bytes.append(contentsOf: $0) }
    }

    mutating func add(_ byte: UInt8) {
        bytes.append(byte)
    }

    mutating func finish() -> UInt64 {
        defer { bytes.removeAll(keepingCapacity: true) }
        var hash = SHA256()
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return hash.finalize().withUnsafeBytes { UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)) }
    }
}

extension [UInt64] {
    /// Those that are there more than once. By sorting, because hashes of one document are few and seldom meet.
    var repeated: Set<UInt64> {
        let sorted = self.sorted()
        var repeated: Set<UInt64> = []
        for index in sorted.indices.dropFirst() where sorted[index] == sorted[index - 1] {
            repeated.insert(sorted[index])
        }
        return repeated
    }
}
