// A real web for the real program: a feed that grows at every request, and a receiver that checks what it gets.

import Alerting
import Fetching
import Foundation
import Model
import TestSupport

/// What the feed shows and what the receiver got.
final class Site: Sendable {
    static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    /// How many entries the feed has shown; each request shows this many new ones.
    private let published = Shared(0)
    private let messages = Shared<[Payload]>([])
    private let step: Int
    private let last: Int
    /// Called before a request is answered: "feed" or "hook", and which one of its kind it is.
    private let onRequest: @Sendable (String, Int) async -> Void
    private let counts = Shared(["feed": 0, "hook": 0])

    init(step: Int, last: Int, onRequest: @escaping @Sendable (String, Int) async -> Void = { _, _ in }) {
        self.step = step
        self.last = last
        self.onRequest = onRequest
    }

    /// Every mention the receiver was sent, copies included.
    var mentions: [Mention] { messages.withLock { $0.flatMap(\.data.mentions) } }

    func answer(_ request: Request) async -> Response {
        let kind = request.method == "POST" ? "hook" : "feed"
        let number = counts.withLock { counts in
            counts[kind, default: 0] += 1
            return counts[kind, default: 0]
        }
        let response = kind == "hook" ? receive(request) : feed()
        await onRequest(kind, number)
        return response
    }

    private func feed() -> Response {
        let count = published.withLock { count in
            count = min(count + step, last)
            return count
        }
        let items = (1...count).reversed().map { "<item><guid>\($0)</guid><title>Zeebank \($0)</title></item>" }
        let body = "<rss version=\"2.0\"><channel><title>Site</title>\(items.joined())</channel></rss>"
        return Response(status: 200, headers: [Header("Content-Type", "application/rss+xml")], body: Array(body.utf8))
    }

    private func receive(_ request: Request) -> Response {
        func header(_ name: String) -> String { request.headers.first { $0.isNamed(name) }?.value ?? "" }
        guard let secret = try? WebhookSecret(Self.secret),
            secret.verifies(
                signatures: header("webhook-signature"), id: header("webhook-id"),
                timestamp: Int(header("webhook-timestamp")) ?? 0, body: request.body),
            let payload = try? JSONDecoder.earshot.decode(Payload.self, from: Data(request.body))
        else { return Response(status: 401) }
        messages.withLock { $0.append(payload) }
        return Response(status: 204)
    }

    /// A configuration that watches this site.
    static func configuration(base: String, in folder: TemporaryFolder, lookback: String = "1d") throws -> String {
        try folder.write("webcare.secret", secret)
        return try folder.write(
            "earshot.yaml",
            """
            state: state
            polling: { interval: 1s, floor: 1s, allow_private_addresses: true }
            watches: [{ name: zeebank, query: zeebank }]
            sources: [{ url: "\(base)/feed", lookback: \(lookback) }]
            receivers:
              - name: webcare
                webhook: { url: "\(base)/hook", secret_file: webcare.secret, allow_private_addresses: true }
            route: { receiver: webcare }
            """)
    }
}
