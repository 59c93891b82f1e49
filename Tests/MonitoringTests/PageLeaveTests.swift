import Configuration
import Fetching
import Foundation
import Model
import Monitoring
import TestSupport
import Testing

/// What becomes of pages whose site cannot say whether it lets them be read: that is no refusal.
@Suite struct PageLeaveTests {
    private let world: World
    private let robots = Shared<FetchOutcome?>(nil)
    private let log = Shared<[(time: TimeInterval, url: String)]>([])

    init() throws {
        world = try World()
        world.publish("1", "een")
    }

    /// A web of pages and feeds, out of which `isDown` takes everybody for a time.
    private func serve(_ isDown: @escaping @Sendable (TimeInterval) -> FetchFailure? = { _ in nil }) {
        let start = world.clock.now
        world.script { [world, robots, log] request in
            let time = world.clock.now.timeIntervalSince(start)
            log.withLock { $0.append((time, request.url)) }
            if let failure = isDown(time) { return .failed(failure) }
            if request.url.hasSuffix("/robots.txt") {
                return robots.withLock { $0 } ?? .response(Response(status: 404, address: request.url))
            }
            guard request.url.contains("page") else { return nil }
            let body = Array("<body><h1>News</h1><p>Zeebank opens.</p></body>".utf8)
            return .response(Response(status: 200, body: body, address: request.url))
        }
    }

    private func times(_ part: String) -> [TimeInterval] {
        log.withLock { log in log.filter { $0.url.contains(part) }.map(\.time) }
    }

    private func page(_ number: Int = 1) -> String {
        "  - { url: 'https://page\(number).example/list', kind: page, watch: text, interval: 15m }"
    }

    private func feed(_ number: Int = 1) -> String {
        "  - { url: 'https://feed\(number).example/feed', interval: 15m }"
    }

    private func status(_ name: String, _ daemon: Daemon) async throws -> SourceStatus {
        try #require(try await daemon.sources(matching: name, limit: 1).sources.first)
    }

    @Test func aPageIsReadAsSoonAsAFeedOnceTheNetworkIsUp() async throws {
        serve { $0 < 120 ? .nameServer("it does not answer") : nil }
        try await world.run(sources: page() + "\n" + feed()) { (daemon, _) async throws in
            #expect(try await status("page1", daemon).reason == .offline)
            await world.pass(330, inStepsOf: 10, daemon)
            #expect(times("feed1").dropFirst().first == 300)
            #expect(times("page1.example/list").count == 1)
        }
    }

    @Test func aNetworkThatIsGoneIsNoFaultOfPages() async throws {
        serve { $0 < 6 * 3_600 ? .nameNotFound : nil }
        let sources = (1...5).map { page($0) + "\n" + feed($0) }.joined(separator: "\n")
        try await world.run(sources: sources) { (daemon, _) async throws in
            await world.pass(6 * 3_600 - 60, inStepsOf: 60, daemon)
            let all = try await daemon.sources(matching: "", limit: 10).sources
            #expect(all.map(\.reason) == Array(repeating: .offline, count: 10))
            #expect(all.allSatisfy { $0.failures <= 1 })
            #expect(try world.troubles().isEmpty)
            await world.pass(420, inStepsOf: 10, daemon)
            #expect((1...5).allSatisfy { times("page\($0).example/list").count == 1 })
        }
    }

    @Test func aServerThatCannotSayForAMinuteIsAskedAgainWithinTheHour() async throws {
        serve()
        robots.withLock { $0 = .response(Response(status: 503)) }
        try await world.run(sources: page()) { (daemon, _) async throws in
            let first = try await status("page1", daemon)
            #expect(first.reason == .backoff && first.failures == 1)
            #expect(
                first.outcome
                    == "the site's robots.txt cannot be had, without which no page is read: the server answered 503")
            robots.withLock { $0 = nil }
            await world.pass(3_600, inStepsOf: 60, daemon)
            #expect(try await status("page1", daemon).failures == 0)
            #expect(try world.troubles().isEmpty)
            // And once more, a day later.
            await world.pass(82_000, inStepsOf: 60, daemon)
            robots.withLock { $0 = .response(Response(status: 503)) }
            while times("robots.txt").count < 3 { await world.pass(10, daemon) }
            robots.withLock { $0 = nil }
            let polls = times("page1.example/list").count
            await world.pass(3_600, inStepsOf: 60, daemon)
            #expect(times("page1.example/list").count > polls)
        }
    }

    @Test func aServerThatNeverSaysIsLeftAloneMoreAndMoreAndTold() async throws {
        serve()
        robots.withLock { $0 = .response(Response(status: 500)) }
        try await world.run(sources: page()) { (daemon, _) async throws in
            await world.pass(2 * 86_400, inStepsOf: 300, daemon)
            #expect(try world.troubles() == [.failing])
            #expect(times("page1.example/list").isEmpty)
            #expect((5...10).contains(times("robots.txt").count))
        }
    }

    @Test func aPageOnAPrivateNetworkIsToldThatAndNotOfRobots() async throws {
        serve { _ in .privateAddress("10.0.0.8 (private use)") }
        try await world.run(sources: page()) { (daemon, _) async throws in
            let status = try await status("page1", daemon)
            #expect(status.outcome == "\(FetchFailure.privateAddress("10.0.0.8 (private use)"))")
            #expect(status.reason == .backoff)
        }
    }

    // MARK: Redirects

    /// A web in which `page1` leads to `elsewhere`, whose rules are these.
    private func redirect(to path: String, under rules: String) {
        world.script { [world, log] request in
            log.withLock { $0.append((0, request.url)) }
            let answer = { (status: Int, headers: [Header], body: String) -> FetchOutcome in
                .response(Response(status: status, headers: headers, body: Array(body.utf8), address: request.url))
            }
            if request.url.hasSuffix("/robots.txt") {
                return request.url.contains("elsewhere") ? answer(200, [], rules) : answer(404, [], "")
            }
            if request.url.hasSuffix("/feed") { return world.feedResponse() }
            guard request.url.contains("elsewhere") else {
                return answer(302, [Header("Location", "https://elsewhere.example\(path)")], "")
            }
            return answer(200, [], "<body><article><h1>News</h1><p>It begins, and Zeebank opens.</p></article></body>")
        }
    }

    @Test(arguments: ["kind: page, watch: text", "kind: auto, watch: text"])
    func aPageIsNotReadWhereItIsRedirectedToASiteThatForbidsIt(_ kind: String) async throws {
        redirect(to: "/closed", under: "User-agent: *\nDisallow: /closed")
        let source = "  - { url: 'https://page1.example/list', interval: 15m, lookback: 30d, \(kind) }"
        try await world.run(sources: source) { (daemon, _) async throws in
            await world.pass(10, inStepsOf: 1, daemon)
            #expect(try await status("page1", daemon).reason == .disallowed)
            #expect(try world.journaledMentions().isEmpty)
            // What turns out to be a page only once it is there has been asked for by then.
            #expect(times("elsewhere.example/closed").count == (kind.contains("auto") ? 1 : 0))
        }
    }

    @Test(arguments: ["kind: page, watch: text", "kind: auto, watch: text"])
    func aPageIsReadWhereItIsRedirectedToASiteThatAllowsIt(_ kind: String) async throws {
        redirect(to: "/open", under: "User-agent: *\nDisallow: /closed")
        let source = "  - { url: 'https://page1.example/list', interval: 15m, lookback: 30d, \(kind) }"
        try await world.run(sources: source) { (daemon, _) async throws in
            await world.pass(10, inStepsOf: 1, daemon)
            #expect(try world.journaledMentions().map(\.entry.text) == ["It begins, and Zeebank opens."])
        }
    }

    @Test func aSiteThatAPageIsRedirectedToAndThatCannotSayIsNoRefusal() async throws {
        redirect(to: "/open", under: "")
        let script = world.answer.current
        world.script { request in
            request.url.contains("elsewhere") && request.url.hasSuffix("/robots.txt")
                ? .response(Response(status: 503, address: request.url)) : script(request)
        }
        try await world.run(sources: page()) { (daemon, _) async throws in
            await world.pass(10, inStepsOf: 1, daemon)
            let page = try await status("page1", daemon)
            #expect(page.reason == .backoff && page.outcome?.contains("answered 503") == true)
            #expect(times("elsewhere.example/open").isEmpty)
        }
    }

    @Test(arguments: zip(["/closed", "/open"], [[], ["2"]]))
    func soAreThePagesThatEntriesLeadTo(_ path: String, _ told: [String]) async throws {
        redirect(to: path, under: "User-agent: *\nDisallow: /closed")
        let source = "  - { url: 'https://forum.example/feed', interval: 15m, follow: true }"
        try await world.run(sources: source) { (daemon, _) async throws in
            world.publish("2", "It begins…")
            await world.pass(940, daemon)
            await world.pass(20, inStepsOf: 1, daemon)
            #expect(try world.journaledMentions().map(\.entry.id) == told)
            #expect(times("elsewhere.example\(path)").count == told.count)
            let findings = try await status("forum", daemon).findings
            #expect((findings?.contains("1 closed pages") == true) == told.isEmpty)
        }
    }
}
