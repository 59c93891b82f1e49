// The servers of 20,000 sources: one nginx and one mute listener on all of 127.0.0.0/8, so that every source has a
// host and an IP address of its own.

import Foundation
import Glibc
import TestSupport

/// How a source's server behaves, and what its polls must come to, as its status tells.
struct Manner {
    let name: String
    let count: Int
    let outcomes: [String]
}

/// One entry, read once and unchanged from then on.
private let healthy = ["unchanged", "1 entries, 1 new, 0 mentions"]

let manners = [
    Manner(name: "fast", count: 17_800, outcomes: healthy),
    Manner(name: "slow", count: 600, outcomes: healthy),
    Manner(name: "moved", count: 600, outcomes: healthy),
    Manner(
        name: "throttled", count: 300,
        outcomes: ["the server says that it is asked too often (429), and asks for 30 s of rest"]),
    Manner(name: "broken", count: 300, outcomes: ["the server answered 503"]),
    Manner(name: "gone", count: 150, outcomes: ["the server says that it is gone for good (410)"]),
    Manner(name: "bomb", count: 100, outcomes: ["the body is larger than 33554432 bytes"]),
    Manner(name: "silent", count: 120, outcomes: ["the server did not answer in time"]),
    Manner(name: "badtls", count: 30, outcomes: ["no secure connection"]),
]

/// Where the sources are, and what nginx answers there.
struct SimulatedServers {
    let folder: TemporaryFolder
    let port = 18_080
    let securePort = 18_443
    let mutePort = 18_081

    /// The address of the n-th source: 127.20.0.1, 127.20.0.2 …
    private func host(_ number: Int) -> String { "127.20.\(number / 250).\(1 + number % 250)" }

    /// One for each source, in the order of their manners.
    var addresses: [String] {
        let names = manners.flatMap { manner in Array(repeating: manner.name, count: manner.count) }
        return names.enumerated().map { number, name in
            switch name {
            case "silent": "http://\(host(number)):\(mutePort)/silent/\(number)"
            case "badtls": "https://\(host(number)):\(securePort)/badtls/\(number)"
            default: "http://\(host(number)):\(port)/\(name)/\(number)"
            }
        }
    }

    func writeFiles() throws {
        let item = "<item><title>one</title></item>"
        let filling = String(repeating: "<!-- filling -->", count: 600)
        try folder.write("feed.xml", "<rss version=\"2.0\"><channel>\(item)</channel></rss>")
        try folder.write("slow.xml", "<rss version=\"2.0\"><channel>\(item)\(filling)</channel></rss>")
        let zeros = try folder.write("bomb", String(repeating: "\0", count: 100 << 20))
        try Process.run(URL(filePath: "/usr/bin/gzip"), arguments: ["-9", zeros]).waitUntilExit()
    }

    /// nginx's locations. A moved source's feed is answered as others' are; `/target/` is a redirect's second request.
    var locations: String {
        """
        listen 0.0.0.0:\(port) backlog=4096;
        listen 0.0.0.0:\(securePort) ssl;
        location /fast/ { root \(folder.path); try_files /feed.xml =404; }
        location /target/ { root \(folder.path); try_files /feed.xml =404; }
        location /slow/ { root \(folder.path); try_files /slow.xml =404; limit_rate 3k; }
        location /moved/ { return 301 /target/feed; }
        location /throttled/ { add_header Retry-After 30 always; return 429; }
        location /broken/ { return 503; }
        location /gone/ { return 410; }
        location /badtls/ { return 200; }
        location /bomb/ { root \(folder.path); try_files /bomb.gz =404; add_header Content-Encoding gzip; }
        """
    }

    /// A socket that takes connections and never says a word.
    func listenSilently() -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(mutePort).bigEndian
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                guard bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 else { return }
                listen(descriptor, 4_096)
            }
        }
        return descriptor
    }
}
