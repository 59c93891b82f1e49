// Hashes of entries: 64 bits of SHA-256, so that they are the same on every machine and after every upgrade, and no
// stranger can make two entries of one feed look like one by accident or by design.

internal import Crypto
internal import Model

/// A hash that is fed piece by piece. A piece's end counts: "ab" and "c" is not "a" and "bc".
struct Fingerprint {
    private var hash = SHA256()

    mutating func add(_ text: String?) {
        var text = text ?? ""
        text.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        // A byte that no UTF-8 holds.
        withUnsafeBytes(of: UInt8(0xFF)) { hash.update(bufferPointer: $0) }
    }

    mutating func add(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        withUnsafeBytes(of: UInt8(0xFF)) { hash.update(bufferPointer: $0) }
    }

    var value: UInt64 {
        hash.finalize().withUnsafeBytes { UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)) }
    }

    static func of(_ texts: String?...) -> UInt64 {
        var fingerprint = Fingerprint()
        for text in texts { fingerprint.add(text) }
        return fingerprint.value
    }
}
