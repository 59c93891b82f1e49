import Configuration
import Fetching
import Foundation
import Model
import Monitoring
import TestSupport
import Testing

/// When sources are asked after another configuration has come: what the user mended or hastened soon, and nobody
/// sooner than is polite.
@Suite struct ReloadTests {
    private let world: World
    private let start: Date
    private let log = Shared<[(time: TimeInterval, url: String)]>([])

    init() throws {
        world = try World()
        start = world.clock.now
        world.publish("1", "een")
        script { _ in nil }
    }

    private func script(_ script: @escaping @Sendable (Request) -> FetchOutcome?) {
        world.script { [world, log, start] request in
            log.withLock { $0.append((world.clock.now.timeIntervalSince(start), request.url)) }
            return script(request)
        }
    }

    private func times(_ part: String = "forum.example") -> [TimeInterval] {
        log.withLock { log in log.filter { $0.url.contains(part) }.map(\.time) }
    }

    private func source(_ settings: String) -> String { "  - { url: 'https://forum.example/feed', \(settings) }" }

    private func reload(_ sources: String, polling: String = World.quick, _ daemon: Daemon) async throws {
        let watches = "  - { name: zeebank, query: zeebank }"
        try await daemon.start(try world.settings(sources: sources, watches: watches, polling: polling))
        await daemon.settle()
    }

    private func status(_ daemon: Daemon) async throws -> SourceStatus {
        try #require(try await daemon.sources(matching: "forum.example", limit: 1).sources.first)
    }

    /// A server that answers 401 to whoever has no secret.
    private func wantAuthorization(_ failure: Response) {
        script { request in
            request.headers.contains { $0.isNamed("Authorization") } ? nil : .response(failure)
        }
    }

    // MARK: Hastened

    @Test func aShorterIntervalCountsFromTheLastPoll() async throws {
        try await world.run(sources: source("interval: 6h")) { (daemon, _) async throws in
            await world.pass(60, daemon)
            try await reload(source("interval: 5m"), daemon)
            #expect(try await status(daemon).due <= start + 316)
            await world.pass(900, inStepsOf: 5, daemon)
            #expect(times().count == 4)
            #expect(times().prefix(2).last ?? 0 <= 320)
        }
    }

    @Test func whoIsOverdueByTheShorterIntervalIsAskedAtOnce() async throws {
        try await world.run(sources: source("interval: 6h")) { (daemon, _) async throws in
            await world.pass(3_600, daemon)
            try await reload(source("interval: 5m"), daemon)
            #expect(times() == [0, 3_600])
        }
    }

    @Test func aShorterIntervalCountsAfterARestartToo() async throws {
        try await world.run(sources: source("interval: 6h"), endsScript: false) { daemon, _ in
            await world.pass(3_600, daemon)
        }
        try await world.run(sources: source("interval: 5m")) { _, _ in }
        #expect(times() == [0, 3_600])
    }

    @Test func aLongerIntervalCountsFromTheNextPollOn() async throws {
        try await world.run(sources: source("interval: 5m")) { (daemon, _) async throws in
            try await reload(source("interval: 6h"), daemon)
            await world.pass(6 * 3_600, inStepsOf: 60, daemon)
            #expect(times() == [0, 300])
        }
    }

    @Test func whatTheServerAsksForIsKeptWhateverTheInterval() async throws {
        script { [world] _ in world.feedResponse(200, [Header("Cache-Control", "max-age=7200")]) }
        try await world.run(sources: source("interval: 1h")) { (daemon, _) async throws in
            await world.pass(60, daemon)
            try await reload(source("interval: 5m"), daemon)
            await world.pass(7_000, inStepsOf: 60, daemon)
            #expect(times() == [0])
        }
    }

    @Test func aPollThatIsUnderWayIsFollowedByTheNewInterval() async throws {
        script { request in
            if request.url.hasSuffix("/robots.txt") { return .response(Response(status: 404, address: request.url)) }
            let body = Array("<body><h1>News</h1><p>Zeebank opens.</p></body>".utf8)
            return .response(Response(status: 200, body: body, address: request.url))
        }
        try await world.run(sources: source("kind: page, watch: text, interval: 6h")) { (daemon, _) async throws in
            // The page waits for its turn after the robots.txt.
            #expect(times() == [0])
            try await reload(source("kind: page, watch: text, interval: 5m"), daemon)
            await world.pass(330, inStepsOf: 1, daemon)
            #expect(times("/feed").count == 2)
        }
    }

    // MARK: Mended

    @Test func aSourceThatFailedIsAskedAtOnceWithWhatItLacked() async throws {
        wantAuthorization(Response(status: 401))
        try await world.run(sources: source("interval: 15m"), endsScript: false) { (daemon, _) async throws in
            await world.pass(2 * 86_400, inStepsOf: 600, daemon)
            let asked = times().count
            try await reload(source("interval: 15m, headers: { Authorization: 'Bearer x' }"), daemon)
            #expect(times().dropFirst(asked) == [2 * 86_400])
            #expect(try await status(daemon).failures == 0)
        }
    }

    @Test func aSourceThatFailsAndIsAsItWasWaitsOn() async throws {
        wantAuthorization(Response(status: 401))
        // Another page source before it takes the first place among the settings of pages.
        let page = source("interval: 15m, kind: json, engine: discourse")
        try await world.run(sources: page) { (daemon, _) async throws in
            await world.pass(2 * 86_400, inStepsOf: 600, daemon)
            let asked = times().count
            try await reload("  - { url: 'https://a.example/', kind: page, watch: text }\n" + page, daemon)
            await world.pass(600, inStepsOf: 60, daemon)
            #expect(times().count == asked)
            try await reload(page.replacing("discourse", with: "flarum"), daemon)
            #expect(times().count == asked + 1)
        }
    }

    @Test func aSourceOnAPrivateNetworkIsAskedAtOnceWhenItMayBe() async throws {
        script { $0.allowsPrivateAddresses ? nil : .failed(.privateAddress("10.0.0.8")) }
        let source = source("interval: 15m")
        try await world.run(sources: source) { (daemon, _) async throws in
            await world.pass(2 * 86_400, inStepsOf: 600, daemon)
            try await reload(source, polling: "{ floor: 1m, allow_private_addresses: true }", daemon)
            #expect(try await status(daemon).failures == 0)
        }
    }

    @Test func noRestIsCutShortWhateverWasMended() async throws {
        wantAuthorization(Response(status: 429, headers: [Header("Retry-After", "7200")]))
        try await world.run(sources: source("interval: 15m"), endsScript: false) { (daemon, _) async throws in
            try await reload(source("interval: 15m, headers: { Authorization: 'Bearer x' }"), daemon)
            await world.pass(7_100, inStepsOf: 60, daemon)
            #expect(times() == [0])
            await world.pass(200, inStepsOf: 60, daemon)
            #expect(times().count == 2)
        }
    }

    @Test func aPollThatFailsAsItWasConfiguredBeforeIsMadeAgain() async throws {
        script { request in
            if request.url.hasSuffix("/robots.txt") { return .response(Response(status: 404, address: request.url)) }
            guard request.headers.contains(where: { $0.isNamed("Authorization") }) else {
                return .response(Response(status: 401, address: request.url))
            }
            let body = Array("<body><h1>News</h1><p>Zeebank opens.</p></body>".utf8)
            return .response(Response(status: 200, body: body, address: request.url))
        }
        let page = "kind: page, watch: text, interval: 1h"
        try await world.run(sources: source(page)) { (daemon, _) async throws in
            #expect(times() == [0])
            try await reload(source(page + ", headers: { Authorization: 'Bearer x' }"), daemon)
            await world.pass(30, inStepsOf: 1, daemon)
            #expect(times("/feed").count == 2)
            #expect(try await status(daemon).failures == 0)
        }
    }
}
