// How mentions and alerts get ids that never change: from what they are, not from when they were made.

import Crypto
package import FoundationEssentials
package import Model

package enum Identifiers {
    /// - Parameter address: the source's address without userinfo, so that a new password makes no new mentions.
    package static func mention(address: String, entry: Entry, watch: String) -> String {
        "m_" + digest([address, entry.identity, watch])
    }

    /// - Parameters:
    ///   - route: the route's id: two routes to one receiver tell of a mention each for itself.
    ///   - parts: what the alert is about.
    package static func alert(receiver: String, route: String, parts: [String]) -> String {
        "a_" + digest([receiver, route] + parts)
    }

    package static func episode(_ parts: [String]) -> String {
        "e_" + digest(parts)
    }

    package static func silence(_ parts: [String]) -> String {
        "q_" + digest(parts).prefix(12)
    }

    package static func tally(route: String, labels: [String: String]) -> String {
        "t_" + digest([route] + labels.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] })
    }

    package static func route(_ parts: [String]) -> String {
        "r_" + digest(parts)
    }

    package static func group(
        _ kind: Alert.Kind, route: String, receiver: String, labels: [String: String],
        _ priority: Alert.Priority = .normal
    ) -> String {
        let labels = labels.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
        return "g_" + digest([kind.rawValue, route, receiver, priority.rawValue] + labels)
    }

    /// A story is named after its first mention.
    package static func story(first mention: String) -> String {
        "s_" + mention.dropFirst(2)
    }

    /// Where a story is told once: 64 bits, as one database holds few stories and each few scopes.
    package static func scope(route: String, watch: String) -> Int64 {
        var hash = SHA256()
        hash.update(data: Array(route.utf8) + [0] + Array(watch.utf8))
        return Int64(bitPattern: hash.finalize().prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    /// The ids of a test that was sent by hand: of its alert, and of the mention in it.
    package static func test(receiver: String, at now: Date, _ what: String) -> String {
        what.prefix(1) + "_" + digest(["test", receiver, "\(now.timeIntervalSince1970)", what])
    }

    /// 64 bits in hex, made from another id.
    static func fingerprint(_ id: String) -> String {
        String(digest([id]).prefix(16))
    }

    /// 128 bits of SHA-256, in hex. Each part is preceded by its length, so that no two lists of parts read alike.
    private static func digest(_ parts: [String]) -> String {
        var hash = SHA256()
        for part in parts {
            withUnsafeBytes(of: UInt64(part.utf8.count).littleEndian) { hash.update(bufferPointer: $0) }
            hash.update(data: Array(part.utf8))
        }
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: hash.finalize().prefix(16).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self
        )
    }
}
