// Whose server it is: what a pause or a cool-down counts for. The public suffix list, which says where a registrable
// domain ends, is Debian's (package publicsuffix), read by libpsl.

import LibPSL
import Model

/// The party that one address belongs to: a registrable domain, or a host of its own.
package struct Site: Sendable, Hashable {
    /// `example.co.uk`, or for a private host its name with the port.
    package let name: String
    /// Whether it is a host that no registry knows: an IP address, a name without a dot, a name of a local network.
    /// What one of these does says nothing of another.
    package let isPrivate: Bool

    /// The site of an http or https address; anything else is a site of its own.
    package init(_ address: String) {
        if let plain = PlainAddress(address) {
            self.init(host: String(plain.host), port: plain.port)
        } else if let host = Address.host(address) {
            let port = Address.origin(address)?.split(separator: ":").last.flatMap { Int($0) }
            self.init(host: host, port: port ?? 0)
        } else {
            self.init(name: address, isPrivate: true)
        }
    }

    private init(host: String, port: Int) {
        if let domain = Self.registrableDomain(of: host) {
            self.init(name: domain, isPrivate: false)
        } else {
            self.init(name: "\(host):\(port)", isPrivate: true)
        }
    }

    private init(name: String, isPrivate: Bool) {
        self.name = name
        self.isPrivate = isPrivate
    }

    /// The label below the public suffix, with it; `nil` for a private host.
    ///
    /// Only the suffixes of registries count: the list also has those of hosters (`github.io`, `blogspot.com`), whose
    /// thousands of sites stand on servers of one owner.
    private static func registrableDomain(of host: String) -> String? {
        guard !host.utf8.contains(UInt8(ascii: ":")) else { return nil }
        return host.withCString { name in
            var (end, labels) = (host.utf8.count, 0)
            while end > 0 {
                var start = end
                while start > 0, name[start - 1] != CChar(UInt8(ascii: ".")) { start -= 1 }
                labels += 1
                if labels == 1 {
                    let last = UnsafeRawBufferPointer(start: name + start, count: end - start)
                    if isLocal(String(decoding: last, as: UTF8.self)) { return nil }
                } else if psl_is_public_suffix2(list, name + start, PSL_TYPE_ICANN) == 0 {
                    return String(cString: name + start)
                }
                end = start - 1
            }
            // The host is a public suffix itself, as the city of a registry may be.
            return labels > 1 ? host : nil
        }
    }

    /// The last labels of names that are never delegated (RFC 6761, RFC 6762, RFC 8375, ICANN's .internal), of those
    /// that routers use, and of IPv4 addresses, which end in a number (WHATWG URL).
    private static func isLocal(_ label: String) -> Bool {
        local.contains(label) || label.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static let local: Set = ["local", "localhost", "internal", "test", "invalid", "lan", "home", "arpa"]

    /// Read once and never changed or freed; libpsl only reads it (its functions take it `const`), so that any thread
    /// may. Without Debian's file it is the list that libpsl was built with.
    nonisolated(unsafe) private static let list: OpaquePointer? = psl_latest(nil)
}
