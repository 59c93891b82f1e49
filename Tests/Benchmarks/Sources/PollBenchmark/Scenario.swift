// One kind of answer, asked for in turns by a daemon that polls and by nobody but the transport.

import Configuration
import Fetching
import Foundation
import Logging
import Measuring
import Model
import Monitoring
import TestSupport

/// Feeds that all give the same answer to whoever knows them.
struct Scenario {
    let name: String
    let path: String
    let status: Int
    let server: NginxServer

    /// What a poll may cost at most, its request being 1.
    private static let limit = 1.3
    private static let rounds = 7
    /// The schedule begins a hundred late sources a second, and so do the bare requests.
    private static let burst = 100
    private static let bursts = 4

    /// - Returns: whether the limit was kept.
    func run() async throws -> Bool {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let (clock, queues) = (ManualClock(), Daemon.Queues())
        let curl = CurlTransport(executor: queues.network, settings: CurlSettings(authorities: server.certificate))
        let transport = CountingTransport(curl)
        let settings = try settings(in: folder)
        let daemon = try await Daemon(
            settings: settings, queues: queues, clock: clock, transport: transport,
            log: log, dice: { 0 })
        try await daemon.start(settings)
        await pollAll(daemon, clock)
        let request = try await bareRequest(curl)

        var (polls, requests): ([Double], [Double]) = ([], [])
        // The first round of each warms up.
        for round in 0..<Self.rounds {
            let bare = try await cost { try await ask(request, curl) }
            let whole = await cost {
                clock.advance(by: 7_200)
                let before = transport.count(of: status)
                await pollAll(daemon, clock)
                return transport.count(of: status) - before
            }
            if round > 0 {
                polls.append(whole)
                requests.append(bare)
            }
        }
        let polled = transport.count(of: status)
        guard polled >= Self.rounds * urls.count else { throw Failure.polls(polled, of: Self.rounds * urls.count) }
        await daemon.stop(grace: 0)
        await curl.shutdown()
        return judge(polls, requests)
    }

    private enum Failure: Error {
        case noAnswer
        case polls(Int, of: Int)
    }

    /// Says on standard error what goes wrong.
    private var log: Logger {
        var log = Logger(label: "benchmark")
        log.logLevel = .notice
        return log
    }

    private func judge(_ polls: [Double], _ requests: [Double]) -> Bool {
        let ratio = median(zip(polls, requests).map { $0 / $1 })
        print("  \(name): the request \(rounded(median(requests), 10)) µs, the poll \(rounded(median(polls), 10)) µs")
        print("  \(ratio <= Self.limit ? "kept  " : "BROKEN") ×\(rounded(ratio)) (limit ×\(Self.limit))")
        return ratio <= Self.limit
    }

    /// Every host has a source, so that none has to wait for another.
    private var urls: [String] {
        (0..<Self.burst * Self.bursts).map { "https://s\($0).bench.localhost:\(server.securePort)\(path)" }
    }

    private func settings(in folder: TemporaryFolder) throws -> Settings {
        let path = try folder.write(
            "earshot.yaml",
            """
            state: state
            polling: { allow_private_addresses: true }
            watches: [{ name: zeebank, query: zeebank }]
            sources:
            \(urls.map { "  - { url: '\($0)', interval: 1h }\n" }.joined())
            """)
        return try Settings.load(path, environment: [:])
    }

    // MARK: The poll

    /// Has every source be polled that is late, and what they learned be written, which happens every five seconds.
    private func pollAll(_ daemon: Daemon, _ clock: ManualClock) async {
        for _ in 0..<Self.bursts + 10 {
            clock.advance(by: 1)
            await daemon.settle()
        }
        // Whatever is on its way into the store by now is there when this returns.
        for _ in 0..<2 { _ = await daemon.pulse() }
    }

    // MARK: The request

    /// What the daemon sends once it knows a feed.
    private func bareRequest(_ curl: CurlTransport) async throws -> Request {
        var request = Request(
            url: urls[0],
            headers: [Header("User-Agent", Product.userAgent(contact: nil)), Header("Accept", "application/rss+xml")],
            limits: FetchLimits(bodyBytes: 32 << 20), allowsPrivateAddresses: true)
        guard case .response(let response) = await curl.send(request) else { throw Failure.noAnswer }
        for (name, validator) in [("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")] {
            if let value = response.header(validator) { request.headers.append(Header(name, value)) }
        }
        return request
    }

    private func ask(_ request: Request, _ curl: CurlTransport) async throws -> Int {
        for burst in 0..<Self.bursts {
            let answered = await withTaskGroup(of: Bool.self) { group in
                for url in urls[burst * Self.burst..<(burst + 1) * Self.burst] {
                    group.addTask {
                        var request = request
                        request.url = url
                        guard case .response(let response) = await curl.send(request) else { return false }
                        return response.status == status
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            guard answered == Self.burst else { throw Failure.noAnswer }
        }
        return urls.count
    }
}
