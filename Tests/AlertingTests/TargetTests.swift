import Alerting
import Dispatch
import Fetching
import Foundation
import Model
import Runtime
import TestSupport
import Testing

/// Every format against a server on loopback that judges like the real one.
@Suite struct TargetTests {
    private static let transport = CurlTransport(executor: QueueExecutor(label: "test.network"))
    private let now = Date(timeIntervalSince1970: 1_772_438_400)

    /// Sends alerts one after the other; returns what the server said, and what it was sent.
    private func send(
        _ alerts: [Alert], to target: Target, answering: (@Sendable (Request) -> Response?)? = nil
    ) async throws -> [(answer: Answer, request: Request, complaint: String)] {
        try await LoopbackServer.serving { request in
            if let response = answering?(request) { return response }
            do {
                return try target.judge(request)
            } catch let refusal as Refusal {
                return Response(status: refusal.status, body: Array(refusal.reason.utf8))
            } catch {
                return Response(status: 500, body: Array("\(error)".utf8))
            }
        } _: { server in
            var webhook = target.webhook(server.base)
            webhook.allowsPrivateAddresses = true
            var results: [(Answer, Request, String)] = []
            for alert in alerts {
                let message = try webhook.message(for: Delivery(alert), at: now)
                let request = Request(
                    url: message.url, method: message.method, headers: message.headers, body: message.body,
                    allowsPrivateAddresses: true)
                guard case .response(let response) = await Self.transport.send(request) else { continue }
                let answer = webhook.answer(
                    status: response.status, header: response.header, body: response.body,
                    retryAfter: response.retryAfter(now: now))
                let complaint = String(decoding: response.body, as: UTF8.self)
                results.append((answer, try #require(server.requests.last), complaint))
            }
            return results
        }
    }

    @Test(arguments: Target.all)
    func everyKindOfAlertIsTaken(_ target: Target) async throws {
        let alerts = Alert.ofEveryKind
        let results = try await send(alerts, to: target)
        #expect(results.count == alerts.count)
        for (alert, result) in zip(alerts, results) {
            #expect(result.answer == .accepted(), "\(alert.kind): \(result.complaint)")
        }
    }

    @Test(arguments: Target.all)
    func whatIsLongIsCutToFit(_ target: Target) async throws {
        for result in try await send(Alert.tooLong, to: target) {
            #expect(result.answer == .accepted(), "\(result.complaint)")
            let text = try target.reading(result.request).text
            #expect(!text.contains("\u{FFFD}"))
            #expect(!text.contains("👨\u{200D}👩\u{200D}…"), "a family was torn apart")
        }
    }

    @Test(arguments: Target.all)
    func aStrangersTextIsOnlyText(_ target: Target) async throws {
        let result = try #require(try await send([.hostile], to: target).first)
        #expect(result.answer == .accepted(), "\(result.complaint)")
        let reading = try target.reading(result.request)
        #expect(reading.pings.isEmpty)
        #expect(Set(reading.links).isSubset(of: Alert.honestLinks), "\(reading.links)")
        // Nothing was taken away either, but for what is not for the eye.
        for text in Alert.hostileTexts {
            #expect(reading.text.contains(text), "\(text) is missing in \(reading.text)")
        }
    }

    @Test(arguments: Target.all, [Alert.manySources, .matchInAName])
    func aHostsNameIsNoLinkWhereverItIsCut(_ target: Target, _ alert: Alert) async throws {
        let result = try #require(try await send([alert], to: target).first)
        #expect(result.answer == .accepted(), "\(result.complaint)")
        let reading = try target.reading(result.request)
        #expect(Set(reading.links).isSubset(of: Alert.honestLinks), "\(reading.links)")
    }

    @Test func factsForWhichThereIsNoRoomAreCounted() async throws {
        let result = try #require(try await send([.manySources], to: .telegram).first)
        let lines = try Target.telegram.reading(result.request).text.split(separator: "\n")
        let rest = try #require(lines.last?.split(separator: " ").dropFirst().first.flatMap { Int($0) })
        let facts = lines.dropFirst().dropLast()
        #expect(lines.last == "and \(rest) more; the journal has them all")
        #expect(facts.count > 8 && facts.count + rest == 42)
        for (number, fact) in facts.enumerated() {
            #expect(fact.hasPrefix("evil.example no. \(number + 1). has moved: to https://evil.example/p"))
            #expect(fact.hasSuffix("(https://evil.example/\(number + 1))"))
        }
    }

    @Test(arguments: Target.all)
    func everyAttemptSendsTheSameMessage(_ target: Target) throws {
        let webhook = target.webhook("https://target.example")
        let delivery = try Delivery(Alert.hostile)
        let first = try webhook.message(for: delivery, at: now)
        let second = try webhook.message(for: delivery, at: now + 3_600)
        #expect(first.body == second.body)
        #expect(first.url == second.url && first.method == second.method)
        func lasting(_ headers: [Header]) -> [Header] {
            headers.filter { !["webhook-timestamp", "webhook-signature"].contains($0.name) }
        }
        #expect(lasting(first.headers) == lasting(second.headers))
    }

    @Test(arguments: Target.all)
    func aRateLimitIsHeeded(_ target: Target) async throws {
        let limited = Response(status: 429, headers: [Header("Retry-After", "17")], body: Array("slow down".utf8))
        let result = try #require(try await send([.ofEveryKind[0]], to: target) { _ in limited }.first)
        #expect(result.answer == .busy(reason: "answered 429: slow down", pause: 17))
    }

    @Test func headersOfTheUsersOwnComeFirstAndReplaceOurs() throws {
        let webhook = Webhook(
            url: "https://ntfy.example/alerts", format: .ntfy(token: "tk_1"),
            headers: [Header("authorization", "Basic eDp5"), Header("X-Team", "pr")])
        let headers = try webhook.message(for: Delivery(Alert.hostile), at: now).headers
        #expect(headers.prefix(2) == [Header("authorization", "Basic eDp5"), Header("X-Team", "pr")])
        #expect(headers.count { $0.name.lowercased() == "authorization" } == 1)
    }
}
