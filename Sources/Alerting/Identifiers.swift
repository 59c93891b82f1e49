// How mentions and alerts get ids that never change: from what they are, not from when they were made.

import Crypto
package import FoundationEssentials
package import Model

package enum Identifiers {
    /// - Parameter address: the source's address without userinfo, so that a new password makes no new mentions.
    package static func mention(address: String, entry: Entry, watch: String) -> String {
        "m_" + digest([address, entry.identity, watch])
    }

    package static func alert(receiver: String, mentions: [Mention]) -> String {
        "a_" + digest([receiver] + mentions.map(\.id))
    }

    /// The ids of a test that was sent by hand: of its alert, and of the mention in it.
    package static func test(receiver: String, at now: Date, _ what: String) -> String {
        what.prefix(1) + "_" + digest(["test", receiver, "\(now.timeIntervalSince1970)", what])
    }

    /// 128 bits of SHA-256, in hex. Each part is preceded by its length, so that no two lists of parts read alike.
    private static func digest(_ parts: [String]) -> String {
        var hash = SHA256()
        for part in parts {
            withUnsafeBytes(of: UInt64(part.utf8.count).littleEndian) { hash.update(bufferPointer: $0) }
            hash.update(data: Array(part.utf8))
        }
        return hash.finalize().prefix(16).map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined()
    }
}
