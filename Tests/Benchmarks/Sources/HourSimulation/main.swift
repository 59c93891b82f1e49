// An hour in three minutes: the whole daemon with 20,000 sources that are asked every minute, on real servers of all
// manners at 1,100 addresses of 127.0.0.0/8. Every outcome is held to its source's manner, and memory is watched.
//
//     swift run -c release HourSimulation [SECONDS]

import Configuration
import Fetching
import Foundation
import Glibc
import Logging
import Monitoring
import Runtime
import TestSupport

let seconds = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 180
let folder = try TemporaryFolder()
let log = Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() }

/// What a source of each manner must have come to, as its status tells.
let manners: [(name: String, count: Int, outcomes: [String])] = [
    ("fast", 17_800, ["unchanged", "1 entries, 1 new, 0 mentions"]),
    ("slow", 600, ["unchanged", "1 entries, 1 new, 0 mentions"]),
    ("moved", 600, ["unchanged", "1 entries, 1 new, 0 mentions"]),
    ("throttled", 300, ["the server says that it is asked too often (429), and asks for 30 s of rest"]),
    ("broken", 300, ["the server answered 503"]),
    ("gone", 150, ["the server says that it is gone for good (410)"]),
    ("bomb", 100, ["the body is larger than 33554432 bytes"]),
    ("silent", 120, ["the server did not answer in time"]),
    ("badtls", 30, ["no secure connection"]),
]

/// The n-th address that nginx listens on, and one of those that nobody answers at.
func host(_ number: Int) -> String { "127.0.\(16 + number % 1_024 / 256).\(number % 256)" }
func silentHost(_ number: Int) -> String { "127.0.9.\(1 + number % 60)" }

func writeFiles() throws {
    try folder.write("feed.xml", "<rss version=\"2.0\"><channel><item><title>one</title></item></channel></rss>")
    try folder.write(
        "slow.xml",
        "<rss version=\"2.0\"><channel><item><title>one</title></item>"
            + String(repeating: "<!-- filling -->", count: 600) + "</channel></rss>")
    let zeros = try folder.write("bomb", String(repeating: "\0", count: 100 << 20))
    let gzip = try Process.run(URL(filePath: "/usr/bin/gzip"), arguments: ["-9", zeros])
    gzip.waitUntilExit()
}

/// nginx's locations, with an address of each host.
func locations(port: Int) -> String {
    let listens = (0..<1_024).map { "listen \(host($0)):\(port);" }.joined(separator: "\n")
    return """
        \(listens)
        location /fast/ { root \(folder.path); try_files /feed.xml =404; }
        location /slow/ { root \(folder.path); try_files /slow.xml =404; limit_rate 3k; }
        location /moved/ { return 301 /fast/feed; }
        location /throttled/ { add_header Retry-After 30 always; return 429; }
        location /broken/ { return 503; }
        location /gone/ { return 410; }
        location /badtls/ { return 200; }
        location /bomb/ { root \(folder.path); try_files /bomb.gz =404; add_header Content-Encoding gzip; }
        """
}

/// Sockets that take connections and never say a word.
func listenSilently(port: UInt16) -> [Int32] {
    (0..<60).map { number in
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        inet_pton(AF_INET, silentHost(number), &address.sin_addr)
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                guard bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 else { return }
                listen(descriptor, 512)
            }
        }
        return descriptor
    }
}

func writeConfiguration(port: Int, secure: UInt16) throws -> Settings {
    var addresses: [String] = []
    for manner in manners {
        for number in 0..<manner.count {
            switch manner.name {
            case "silent": addresses.append("http://\(silentHost(number)):\(port)/silent/\(number)")
            case "badtls": addresses.append("https://127.0.0.1:\(secure)/badtls/\(number)")
            default: addresses.append("http://\(host(addresses.count)):\(port)/\(manner.name)/\(number)")
            }
        }
    }
    try folder.write("feeds.txt", addresses.joined(separator: "\n"))
    let path = try folder.write(
        "earshot.yaml",
        """
        state: state
        polling: { interval: 1m, floor: 1m, allow_private_addresses: true }
        watches: [{ name: zeebank, query: zeebank }]
        sources: [{ list: feeds.txt }]
        """)
    return try Settings.load(path, environment: [:])
}

/// Outcomes that no source of that manner may have.
func check(_ daemon: Daemon) async throws -> Int {
    var wrong = 0
    for manner in manners {
        let listing = try await daemon.sources(matching: "/\(manner.name)/", limit: manner.count)
        let polled = listing.sources.filter { $0.outcome != nil }
        let others = polled.filter { source in !manner.outcomes.contains { source.outcome?.hasPrefix($0) == true } }
        let seen = Set(others.compactMap(\.outcome)).prefix(3).joined(separator: "; ")
        print("  \(manner.name): \(polled.count) of \(manner.count) polled, \(others.count) wrong \(seen)")
        wrong += others.count
    }
    return wrong
}

func resident() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let pages = status.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return (pages * 4_096) >> 20
}

func simulate(_ nginx: NginxServer, port: Int) async throws {
    let silent = listenSilently(port: UInt16(port))
    defer { for descriptor in silent { close(descriptor) } }
    let settings = try writeConfiguration(port: port, secure: nginx.securePort)
    let queues = Daemon.Queues()
    let transport = CountingTransport(CurlTransport(executor: queues.network))
    let daemon = try await Daemon(
        settings: settings, queues: queues, clock: SystemClock(), transport: transport, log: log)
    try await daemon.start(settings)
    var before = 0
    for second in stride(from: 20, through: seconds, by: 20) {
        try await Task.sleep(for: .seconds(20))
        let count = transport.count
        print("  \(second) s: \((count - before) / 20) requests a second, \(resident()) MB")
        before = count
    }
    let wrong = try await check(daemon)
    print("\(transport.count / seconds) requests a second over \(seconds) s, \(wrong) wrong outcomes")
    await daemon.stop(grace: 1)
    await transport.inner.shutdown()
}

try writeFiles()
let port = 18_080
try await NginxServer.serving(locations(port: port)) { try await simulate($0, port: port) }
