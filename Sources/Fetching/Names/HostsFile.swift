// The names that the machine's owner has written down, as hosts(5) has them. Read off the network queue.

import FoundationEssentials

/// The contents of /etc/hosts.
struct HostsFile: Sendable, Equatable {
    private var addresses: [String: [IPAddress]] = [:]

    /// Block lists of a hundred thousand names are seen here; beyond that it is not a hosts file.
    private static let mostBytes = 16 << 20

    /// - Parameter path: a file that need not be there.
    init(path: String) {
        guard let bytes = FileManager.default.contents(atPath: path), bytes.count <= Self.mostBytes else { return }
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let words = line.prefix { $0 != UInt8(ascii: "#") }.split { $0 <= 0x20 }
            guard let first = words.first, let address = IPAddress(String(decoding: first, as: UTF8.self)) else {
                continue
            }
            for word in words.dropFirst() {
                addresses[String(decoding: word, as: UTF8.self).lowercased(), default: []].append(address)
            }
        }
    }

    /// - Parameter name: in lower case, without a dot at its end.
    subscript(name: String) -> [IPAddress]? {
        addresses[name]
    }
}
