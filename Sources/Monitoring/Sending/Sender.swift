// One attempt at one delivery, by whatever way its receiver is reached. It keeps no state and decides nothing: `Courier`
// says when, `Judgement` what the answer comes to.

import Alerting
import Fetching
import FoundationEssentials
import Model
import Runtime

/// The ways to a receiver.
struct Sender: Sendable {
    let transport: any Transport
    let clock: any Clock

    /// The most that is read of an answer; only a line of it is of any interest.
    static let answerBytes = 20_000

    /// Makes an attempt.
    ///
    /// - Returns: `nil` when it was called off.
    func attempt(_ delivery: Delivery, at receiver: Receiver, userAgent: String) async -> Answer? {
        do {
            switch receiver.target {
            case .webhook(let webhook): return try await post(delivery, to: webhook, userAgent)
            }
        } catch {
            return .refused(reason: "no message can be made of it: \(error)")
        }
    }

    private func post(_ delivery: Delivery, to webhook: Webhook, _ userAgent: String) async throws -> Answer? {
        let message = try webhook.message(for: delivery, at: clock.now)
        let limits = FetchLimits(
            total: webhook.timeout, stall: webhook.timeout, bodyBytes: Self.answerBytes, overflow: .cuts)
        let request = Request(
            url: message.url, method: message.method, headers: message.headers + [Header("User-Agent", userAgent)],
            body: message.body, limits: limits, allowsPrivateAddresses: webhook.allowsPrivateAddresses)
        switch await transport.send(request) {
        case .failed(.cancelled): return nil
        case .failed(let failure): return .busy(reason: "\(failure)")
        case .response(let response):
            return webhook.answer(
                status: response.status, header: response.header, body: response.body,
                retryAfter: response.retryAfter(now: clock.now))
        }
    }
}
