import Fetching
import Foundation
import Model
import TestSupport
import Testing

@testable import Monitoring

/// What is kept of sites' robots.txt.
@Suite struct RobotsGateTests {
    /// Whoever wants to ask may.
    private static let free = PoliteFetcher.Turns(wait: { _, _ in }, rest: { _ in nil })

    @Test func sitesWithEndlessRulesFillABoundedPlaceAndAreAskedAgain() async throws {
        // 500 KiB of rules of one letter take 4 MB in memory.
        let rules = Array(("User-agent: *\n" + String(repeating: "Allow: /\n", count: 57_000)).utf8)
        let web = ScriptedTransport { request, _ in
            .response(Response(status: 200, body: rules, address: request.url))
        }
        let gate = RobotsGate(userAgent: "test", allowsPrivateAddresses: false)
        let fetcher = PoliteFetcher(Fetcher(transport: web), Self.free)
        let now = Date(timeIntervalSince1970: 1_772_438_400)
        func ask(_ site: Int) async throws {
            let answer = try await gate.answer(for: "https://n\(site).example/page", fetcher, at: now)
            #expect(answer.leave == .yes)
        }
        try await ask(1)
        try await ask(1)
        #expect(web.requests.count == 1)
        for site in 2...12 { try await ask(site) }
        #expect(await gate.size <= RobotsGate.most)
        try await ask(12)
        #expect(web.requests.count == 12)
    }

    @Test func ofAllWhoWaitForASitesRulesTheFirstAsks() async throws {
        let web = ScriptedTransport { request, _ in .response(Response(status: 404, address: request.url)) }
        let gate = RobotsGate(userAgent: "test", allowsPrivateAddresses: false)
        let now = Date(timeIntervalSince1970: 1_772_438_400)
        let page = "https://forum.example/page"
        let first = PoliteFetcher(Fetcher(transport: web), Self.free)
        // While this one waits for its turn, the first has its own.
        let second = PoliteFetcher(
            Fetcher(transport: web),
            PoliteFetcher.Turns(
                wait: { (_, _) async throws(NoTurn) in _ = try await gate.answer(for: page, first, at: now) },
                rest: { _ in nil }))
        _ = try await second.fetch(Request(url: "https://forum.example/feed"))
        #expect(try await gate.answer(for: page, second, at: now).leave == .yes)
        #expect(web.requests.map(\.url) == ["https://forum.example/feed", "https://forum.example:443/robots.txt"])
    }

    @Test(arguments: [
        (FetchOutcome.response(Response(status: 503)), 600.0), (.failed(.badEncoding), 600),
        (.failed(.nameNotFound), 60),
        (.failed(.privateAddress("10.0.0.8")), 60),
    ])
    func whyASiteCannotSayIsKeptForASpell(_ outcome: FetchOutcome, _ spell: TimeInterval) async throws {
        let web = ScriptedTransport { _, _ in outcome }
        let gate = RobotsGate(userAgent: "test", allowsPrivateAddresses: false)
        let fetcher = PoliteFetcher(Fetcher(transport: web), Self.free)
        let now = Date(timeIntervalSince1970: 1_772_438_400)
        for (time, requests) in [(0, 1), (spell - 1, 1), (spell, 2)] {
            let answer = try await gate.answer(for: "https://n.example/page", fetcher, at: now + time)
            guard case .unknown(let failure) = answer.leave else {
                Issue.record("\(answer.leave)")
                return
            }
            switch outcome {
            case .failed(let reason) where spell == 60: #expect("\(failure)" == "\(reason)")
            default: #expect("\(failure)".contains("robots.txt cannot be had"))
            }
            #expect(web.requests.count == requests)
        }
    }
}
