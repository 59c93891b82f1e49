// Hashes of entries: 64 bits of SHA-256, so that they are the same on every machine and after every upgrade, and no
// stranger can make two entries of one feed look like one by accident or by design.

internal import Crypto
internal import Model

/// Hashes what it is fed piece by piece. A piece's end counts: "ab" and "c" is not "a" and "bc". The pieces are gathered
/// and hashed at once, in room that serves every entry of a document: most hashes are of less than a block.
struct Fingerprint {
    private var bytes: [UInt8] = []

    mutating func add(_ text: String?) {
        text?.utf8.span.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
        bytes.append(Self.end)
    }

    mutating func add(link: String) {
        NormalLink.append(link.utf8.span, to: &bytes)
        bytes.append(Self.end)
    }

    /// A byte that no UTF-8 holds.
    private static let end: UInt8 = 0xFF

    /// The hash of what was added since the last one.
    mutating func finish() -> UInt64 {
        defer { bytes.removeAll(keepingCapacity: true) }
        var hash = SHA256()
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return hash.finalize().withUnsafeBytes { UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)) }
    }

    mutating func of(_ text: String) -> UInt64 {
        add(text)
        return finish()
    }
}
