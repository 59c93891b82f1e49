// An address of either family, as a value.

import Glibc

/// An IPv4 or IPv6 address, in host byte order.
enum IPAddress: Hashable, Sendable {
    case v4(UInt32)
    case v6(UInt128)

    /// `192.0.2.1` or `2001:db8::1`, and nothing else: no shorter form, no zone.
    init?(_ text: String) {
        guard let address = text.withCString(Self.init(cString:)) else { return nil }
        self = address
    }

    init?(cString text: UnsafePointer<CChar>) {
        var (four, six) = (in_addr(), UInt128(0))
        if inet_pton(AF_INET, text, &four) == 1 {
            self = .v4(UInt32(bigEndian: four.s_addr))
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            self = .v6(UInt128(bigEndian: six))
        } else {
            return nil
        }
    }

    /// The bytes of a `sockaddr_in` or `sockaddr_in6`.
    init?(socketAddress bytes: UnsafeRawBufferPointer) {
        let family = bytes.count >= 2 ? Int32(bytes.loadUnaligned(as: sa_family_t.self)) : AF_UNSPEC
        if family == AF_INET, bytes.count >= 8 {
            self = .v4(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
        } else if family == AF_INET6, bytes.count >= 24 {
            self = .v6(UInt128(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt128.self)))
        } else {
            return nil
        }
    }

    static let loopback: [IPAddress] = [.v4(0x7F00_0001), .v6(1)]
}

extension IPAddress: CustomStringConvertible {
    var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        switch self {
        case .v4(let address):
            var four = in_addr(s_addr: address.bigEndian)
            inet_ntop(AF_INET, &four, &text, socklen_t(text.count))
        case .v6(let address):
            var six = address.bigEndian
            inet_ntop(AF_INET6, &six, &text, socklen_t(text.count))
        }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
