// Which IP addresses belong to the public internet. A pure value, asked about the address really connected to, so that
// no way of writing an address and no answer of a name server gets around it. It never looks a name up.

/// Tells public addresses from those a stranger must not make us connect to.
///
/// The ranges are the special-purpose registries of RFC 6890 and its updates; ranges that carry an IPv4 address inside
/// (v4-mapped, 6to4, Teredo, NAT64) are refused whole.
package enum AddressPolicy {
    /// Why the IPv4 address (host byte order) may not be connected to, or `nil` if it is public.
    package static func refusal(v4 address: UInt32) -> String? {
        v4Ranges.first { address >> (32 - $0.length) == $0.prefix >> (32 - $0.length) }?.name
    }

    /// Why the IPv6 address (host byte order) may not be connected to, or `nil` if it is public.
    package static func refusal(v6 address: UInt128) -> String? {
        if let range = v6Ranges.first(where: { address >> (128 - $0.length) == $0.prefix >> (128 - $0.length) }) {
            return range.name
        }
        // Only 2000::/3 is given out for the internet (RFC 4291 §2.4, IANA's registry).
        return address >> 125 == 1 ? nil : "reserved"
    }

    /// The same for the bytes of a `sockaddr_in` or `sockaddr_in6`; anything else is refused.
    ///
    /// - Returns: the address as text with its kind, `127.0.0.1 (loopback)`, or `nil` if it is public.
    package static func refusal(socketAddress bytes: [UInt8]) -> String? {
        refusal(bytes.withUnsafeBytes(IPAddress.init(socketAddress:)))
    }

    /// The same for an address as libcurl writes it, `192.0.2.1` or `2001:db8::1`.
    package static func refusal(text: String) -> String? {
        refusal(IPAddress(text))
    }

    /// The same for an address that was read from somewhere; `nil` is one of another family, and refused.
    static func refusal(_ address: IPAddress?) -> String? {
        let kind: String? =
            switch address {
            case .v4(let bits)?: refusal(v4: bits)
            case .v6(let bits)?: refusal(v6: bits)
            case nil: ""
            }
        guard let kind else { return nil }
        return address.map { "\($0) (\(kind))" } ?? "an address of an unknown family"
    }

    private struct Range<Value: FixedWidthInteger & Sendable>: Sendable {
        var prefix: Value
        var length: Int
        var name: String

        init(_ prefix: Value, _ length: Int, _ name: String) {
            self.prefix = prefix
            self.length = length
            self.name = name
        }
    }

    private static let v4Ranges: [Range<UInt32>] = [
        Range(0x0000_0000, 8, "this network"),
        Range(0x0A00_0000, 8, "private"),
        Range(0x6440_0000, 10, "carrier-grade NAT"),
        Range(0x7F00_0000, 8, "loopback"),
        Range(0xA9FE_0000, 16, "link-local"),
        Range(0xAC10_0000, 12, "private"),
        Range(0xC000_0000, 24, "protocol assignments"),
        Range(0xC000_0200, 24, "documentation"),
        Range(0xC058_6300, 24, "6to4 relay"),
        Range(0xC0A8_0000, 16, "private"),
        Range(0xC612_0000, 15, "benchmarking"),
        Range(0xC633_6400, 24, "documentation"),
        Range(0xCB00_7100, 24, "documentation"),
        Range(0xE000_0000, 4, "multicast"),
        Range(0xF000_0000, 4, "reserved"),
    ]

    private static let v6Ranges: [Range<UInt128>] = [
        Range(1, 128, "loopback"),
        Range(0, 128, "unspecified"),
        Range(0xFFFF << 32, 96, "v4-mapped"),
        Range(0, 96, "v4-compatible"),
        Range(0x0064_FF9B << 96, 96, "NAT64"),
        Range(0x0064_FF9B_0001 << 80, 48, "NAT64"),
        Range(0x0100 << 112, 64, "discard"),
        Range(0x2001_0000 << 96, 32, "Teredo"),
        Range(0x2001_0002 << 96, 48, "benchmarking"),
        Range(0x2001 << 112, 23, "protocol assignments"),
        Range(0x2001_0DB8 << 96, 32, "documentation"),
        Range(0x2002 << 112, 16, "6to4"),
        Range(0x3FFF << 112, 20, "documentation"),
        Range(0xFC00 << 112, 7, "unique-local"),
        Range(0xFE80 << 112, 10, "link-local"),
        Range(0xFEC0 << 112, 10, "site-local"),
        Range(0xFF00 << 112, 8, "multicast"),
    ]
}
