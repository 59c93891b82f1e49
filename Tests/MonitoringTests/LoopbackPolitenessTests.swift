import Configuration
import Fetching
import Foundation
import Logging
import Model
import Monitoring
import TestSupport
import Testing

/// The same manners on real sockets: a daemon with its own transport and a server on loopback; only the time is ours.
@Suite struct LoopbackPolitenessTests {
    private let folder: TemporaryFolder
    private let clock = ManualClock()
    private static let feed = Array(
        "<rss version=\"2.0\"><channel><item><title>een</title></item></channel></rss>".utf8)

    init() throws {
        folder = try TemporaryFolder()
    }

    private func settings(_ addresses: [String]) throws -> Settings {
        let sources = addresses.map { "  - { url: '\($0)', interval: 1h }" }.joined(separator: "\n")
        let path = try folder.write(
            "earshot.yaml",
            """
            state: state
            polling: { allow_private_addresses: true, contact: 'https://example.org/bot' }
            watches: [{ name: zeebank, query: zeebank }]
            sources:
            \(sources)
            """)
        return try Settings.load(path, environment: [:])
    }

    /// Runs a daemon on these sources; `body` makes it later.
    private func run(_ addresses: [String], _ body: (Daemon) async throws -> Void) async throws {
        let settings = try settings(addresses)
        let queues = Daemon.Queues()
        let transport = CurlTransport(executor: queues.network)
        let daemon = try await Daemon(
            settings: settings, queues: queues, clock: clock, transport: transport,
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, dice: { 0 })
        try await daemon.start(settings)
        await daemon.settle()
        try await body(daemon)
        await daemon.stop(grace: 0)
        await transport.shutdown()
    }

    private func pass(_ seconds: TimeInterval, inStepsOf step: TimeInterval, _ daemon: Daemon) async {
        for _ in 0..<Int(seconds / step) {
            clock.advance(by: step)
            await daemon.settle()
        }
    }

    private func sent(_ name: String, _ request: Request?) -> String? {
        request?.headers.first { $0.isNamed(name) }?.value
    }

    @Test func validatorsGoBackVerbatimAndARequestSaysWhoAsksAndNothingElse() async throws {
        try await LoopbackServer.serving { request in
            let tag = request.headers.first { $0.isNamed("If-None-Match") }?.value
            if tag != nil { return Response(status: 304) }
            let headers = [Header("ETag", "W/\"a,b c\""), Header("Last-Modified", "Mon, 02 Mar 2026 07:00:00 GMT")]
            return Response(status: 200, headers: headers, body: Self.feed)
        } _: { (server) async throws in
            try await run([server.base + "/feed"]) { (daemon) async throws in
                await pass(7_200, inStepsOf: 3_600, daemon)
                let requests = server.requests
                #expect(requests.count == 3)
                #expect(requests.dropFirst().allSatisfy { sent("If-None-Match", $0) == "W/\"a,b c\"" })
                #expect(sent("If-Modified-Since", requests.last) == "Mon, 02 Mar 2026 07:00:00 GMT")
                #expect(sent("User-Agent", requests.first) == Product.userAgent(contact: "https://example.org/bot"))
                #expect(sent("Cookie", requests.last) == nil && sent("Referer", requests.last) == nil)
                #expect(requests.allSatisfy { !$0.url.contains("?") })
                let status = try #require(try await daemon.sources(matching: "", limit: 1).sources.first)
                #expect(status.status == 304)
                #expect(status.outcome == "unchanged")
                #expect(status.reason == .interval)
                #expect(status.due == clock.now + 3_600)
            }
        }
    }

    @Test func restIsGivenForAsLongAsADateSays() async throws {
        let until = clock.now + 10_000
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        let date = formatter.string(from: until)
        try await LoopbackServer.serving { _ in
            Response(status: 503, headers: [Header("Retry-After", date)])
        } _: { (server) async throws in
            try await run([server.base + "/feed"]) { (daemon) async throws in
                await pass(9_900, inStepsOf: 100, daemon)
                #expect(server.requests.count == 1)
                #expect(try await daemon.sources(matching: "", limit: 1).sources.first?.reason == .retryAfter)
                await pass(200, inStepsOf: 100, daemon)
                #expect(server.requests.count == 2)
            }
        }
    }

    @Test func aServerIsAskedOneThingAtATimeAndItsNeighbourOnTheUsersOwnMachineBesides() async throws {
        let answer: LoopbackServer.Answer = { _ in
            Response(status: 200, headers: [Header("ETag", "\"1\"")], body: Self.feed)
        }
        try await LoopbackServer.serving(answer) { (first) async throws in
            try await LoopbackServer.serving(answer) { (second) async throws in
                let addresses = [first.base + "/a", first.base + "/b", second.base + "/c"]
                try await run(addresses) { (daemon) async throws in
                    #expect(first.requests.count == 1 && second.requests.count == 1)
                    await pass(1, inStepsOf: 1, daemon)
                    #expect(first.requests.count == 2)
                    clock.advance(by: 3_600)
                    await daemon.settle()
                    #expect(first.requests.count == 3 && second.requests.count == 2)
                    let asked = first.requests.last?.url.hasSuffix("/a") == true ? "/b" : "/a"
                    let waits = try await daemon.sources(matching: asked, limit: 1).sources.first?.waiting
                    #expect(waits?.hasPrefix("its site was asked a moment ago") == true)
                    await pass(2, inStepsOf: 1, daemon)
                    #expect(first.requests.count == 4)
                }
            }
        }
    }

    @Test func aPermanentMoveIsFollowedEachTimeAndAdoptedInTheEnd() async throws {
        try await LoopbackServer.serving { request in
            guard request.url.hasSuffix("/old") else { return Response(status: 200, body: Self.feed) }
            return Response(status: 308, headers: [Header("Location", "/new")])
        } _: { (server) async throws in
            try await run([server.base + "/old"]) { (daemon) async throws in
                for _ in 0..<96 {
                    await pass(3_596, inStepsOf: 3_596, daemon)
                    // A poll's second request comes a pause after its first.
                    await pass(6, inStepsOf: 2, daemon)
                }
                let old = server.requests.count { $0.url.hasSuffix("/old") }
                #expect((72...74).contains(old))
                #expect(server.requests.last?.url.hasSuffix("/new") == true)
                let status = try await daemon.sources(matching: "/old", limit: 1).sources.first
                #expect(status?.moved == server.base + "/new")
            }
        }
    }

    @Test func whatIsNoFeedIsSaidAndWaitedFor() async throws {
        try await LoopbackServer.serving { _ in
            Response(status: 200, body: Array("<html><title>Inloggen</title></html>".utf8))
        } _: { (server) async throws in
            try await run([server.base + "/feed"]) { (daemon) async throws in
                await pass(86_400, inStepsOf: 3_600, daemon)
                #expect((5...6).contains(server.requests.count))
                let status = try #require(try await daemon.sources(matching: "", limit: 1).sources.first)
                #expect(status.reason == .backoff)
                #expect(status.failures == server.requests.count)
                #expect(status.outcome?.contains("Inloggen") == true)
            }
        }
    }
}
