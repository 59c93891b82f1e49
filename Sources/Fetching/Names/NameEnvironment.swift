// What the machine says about names: the hosts file, whether /etc/resolv.conf is still the same, which families of
// addresses lead anywhere. It reads files, and so runs off the network queue but for the very first time.

import CNet
import FoundationEssentials
import Glibc

/// A snapshot of what looking names up depends on.
struct NameEnvironment: Sendable, Equatable {
    let hosts: HostsFile
    let resolver: FileStamp
    /// What may be meant by a name without a dot, at most six (resolv.conf(5)).
    let domains: [String]
    /// AF_INET or AF_INET6 if only that family has a route to the internet, otherwise AF_UNSPEC.
    let family: Int32
    private let hostsStamp: FileStamp

    /// - Parameter before: what was read last; a hosts file that has not changed since is not read again.
    init(_ paths: NameSettings, before: NameEnvironment? = nil) {
        hostsStamp = FileStamp(path: paths.hosts)
        if let before, before.hostsStamp == hostsStamp {
            hosts = before.hosts
        } else {
            hosts = HostsFile(path: paths.hosts)
        }
        resolver = FileStamp(path: paths.resolver)
        if let before, before.resolver == resolver {
            domains = before.domains
        } else {
            domains = Self.domains(paths.resolver)
        }
        family = Self.onlyFamily()
    }

    /// The last `search` or `domain` counts.
    private static func domains(_ path: String) -> [String] {
        guard let bytes = FileManager.default.contents(atPath: path) else { return [] }
        let lines = bytes.prefix(64 << 10).split(separator: UInt8(ascii: "\n")).map { line in
            line.split { $0 <= 0x20 }.map { String(decoding: $0, as: UTF8.self).lowercased() }
        }
        let last = lines.last { $0.first == "search" || $0.first == "domain" }
        return last.map { $0.dropFirst().prefix(6).filter { $0 != "." } } ?? []
    }

    private static func onlyFamily() -> Int32 {
        // Any global address will do: connecting a datagram socket sends nothing, it only asks for a route.
        var four = sockaddr_in()
        four.sin_family = sa_family_t(AF_INET)
        four.sin_port = in_port_t(53).bigEndian
        four.sin_addr.s_addr = UInt32(0x0808_0808).bigEndian
        var six = sockaddr_in6()
        six.sin6_family = sa_family_t(AF_INET6)
        six.sin6_port = in_port_t(53).bigEndian
        six.sin6_addr.__in6_u.__u6_addr16.0 = in_port_t(0x2001).bigEndian
        six.sin6_addr.__in6_u.__u6_addr16.1 = in_port_t(0x4860).bigEndian
        switch (hasRoute(AF_INET, &four), hasRoute(AF_INET6, &six)) {
        case (true, false): return AF_INET
        case (false, true): return AF_INET6
        default: return AF_UNSPEC
        }
    }

    private static func hasRoute<Address>(_ family: Int32, _ address: inout Address) -> Bool {
        let descriptor = socket(family, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return withUnsafeBytes(of: &address) { bytes in
            guard let start = bytes.assumingMemoryBound(to: sockaddr.self).baseAddress else { return false }
            return connect(descriptor, start, socklen_t(bytes.count)) == 0
        }
    }
}

/// Tells whether a file has changed.
struct FileStamp: Sendable, Equatable {
    private var inode: UInt64 = 0
    private var size = 0
    private var seconds = 0
    private var nanoseconds = 0

    init(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        inode = UInt64(status.st_ino)
        size = status.st_size
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
    }
}
