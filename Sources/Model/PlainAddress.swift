// The addresses that nearly all sources have, taken apart without a general parser: a configuration may name a million,
// and Foundation takes some microseconds for each.

/// An http or https address without anything in it that needs care: no credentials, no percent sign or capital letter
/// in the host, nothing outside printable ASCII. For such an address this reads what `Address.parse` would.
package struct PlainAddress: Sendable {
    package let isSecure: Bool
    /// In lower case; a full name's dot at the end is no longer there.
    package let host: Substring
    /// The scheme's where the address has none.
    package let port: Int

    /// `nil` for an address that is not plain; it may be right all the same.
    package init?(_ text: String) {
        guard text.utf8.count <= Address.maximumLength else { return nil }
        let secure = text.utf8.starts(with: "https://".utf8)
        guard secure || text.utf8.starts(with: "http://".utf8) else { return nil }
        let start = text.utf8.index(text.startIndex, offsetBy: secure ? 8 : 7)
        let rest = text.utf8[start...]
        let end = rest.firstIndex { $0 == UInt8(ascii: "/") } ?? rest.endIndex
        guard rest[end...].allSatisfy(Self.isPlain), let (host, port) = Self.divided(text[start..<end]) else {
            return nil
        }
        isSecure = secure
        self.host = host
        self.port = port ?? (secure ? 443 : 80)
    }

    private static func divided(_ authority: Substring) -> (Substring, Int?)? {
        let bytes = authority.utf8
        let colon = bytes.lastIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
        var host = authority[..<colon]
        guard let first = host.utf8.first, first != UInt8(ascii: "."), host.utf8.allSatisfy(isOfHost) else {
            return nil
        }
        if host.utf8.last == UInt8(ascii: ".") { host.removeLast() }
        guard colon < bytes.endIndex else { return (host, nil) }
        let digits = authority[bytes.index(after: colon)...]
        guard let port = Int(digits), (1...65_535).contains(port), digits.utf8.allSatisfy(isDigit) else { return nil }
        return (host, port)
    }

    private static func isOfHost(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || isDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte)
    }

    /// What stands in paths and queries without needing to be encoded (RFC 3986 §2), and no fragment.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x61...0x7A, 0x41...0x5A, 0x30...0x39: true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"): true
        case UInt8(ascii: "?"), UInt8(ascii: "="), UInt8(ascii: "&"), UInt8(ascii: "+"), UInt8(ascii: ","): true
        case UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "!"), UInt8(ascii: "*"), UInt8(ascii: ";"): true
        default: false
        }
    }
}
