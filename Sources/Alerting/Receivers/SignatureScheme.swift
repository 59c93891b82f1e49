// How a message shows that it is ours. Receivers that were written for another service's webhooks check its signature:
// they get it.

import Model

/// Which headers a signature is in, and what is signed.
package enum SignatureScheme: String, Sendable, CaseIterable {
    /// Standard Webhooks 1.0.0: `id.timestamp.body`.
    case standard
    /// GitHub's `X-Hub-Signature-256`, of the body alone.
    case github
    /// Stripe's `Stripe-Signature`, of `timestamp.body`.
    case stripe
    /// Slack's `X-Slack-Signature`, of `v0:timestamp:body`.
    case slack

    /// The headers of a message. Where the scheme has room for one signature, the newest key signs.
    func headers(id: String, timestamp: Int, body: [UInt8], _ secrets: [WebhookSecret]) -> [Header] {
        func code(_ start: String) -> String? { secrets.first?.code(of: Array(start.utf8) + body) }
        switch self {
        case .standard:
            guard !secrets.isEmpty else { return [] }
            let signatures = secrets.map { $0.signature(id: id, timestamp: timestamp, body: body) }
            return [Header("webhook-signature", signatures.joined(separator: " "))]
        case .github: return code("").map { [Header("X-Hub-Signature-256", "sha256=\($0)")] } ?? []
        case .stripe:
            let codes = secrets.map { $0.code(of: Array("\(timestamp).".utf8) + body) }
            let parts = ["t=\(timestamp)"] + codes.map { "v1=\($0)" }
            return codes.isEmpty ? [] : [Header("Stripe-Signature", parts.joined(separator: ","))]
        case .slack:
            return code("v0:\(timestamp):").map {
                [Header("X-Slack-Request-Timestamp", "\(timestamp)"), Header("X-Slack-Signature", "v0=\($0)")]
            } ?? []
        }
    }
}
