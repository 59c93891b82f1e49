// The demo's webhook: it checks every signature as a receiver should, and shows what arrives.

import Alerting
import FlyingFox
import Foundation
import Model
import Synchronization

final class DemoReceiver: Sendable {
    struct Tally {
        var messages = 0
        var mentions = 0
        var refused = 0
    }

    /// The key that the daemon signs with, as its file holds it.
    let secret = WebhookSecret.random()
    private let counts = Mutex(Tally())
    private let server: DemoServer

    init() throws {
        server = try DemoServer(host: "127.0.0.1")
    }

    var tally: Tally { counts.withLock { $0 } }

    /// Begins to receive; returns the webhook's address.
    func serve() async throws -> String {
        let key = try WebhookSecret(secret)
        let base = try await server.start()
        await server.answer("POST /mentions") { [self] request in
            try await receive(request, key)
        }
        return base + "/mentions"
    }

    func stop() async {
        await server.stop()
    }

    private func receive(_ request: HTTPRequest, _ key: WebhookSecret) async throws -> HTTPResponse {
        let body = [UInt8](try await request.bodyData)
        guard let message = Self.verified(request, body, key) else {
            counts.withLock { $0.refused += 1 }
            try? StandardOutput.write(Style().bad("a message with a bad signature was refused"))
            return HTTPResponse(statusCode: .unauthorized)
        }
        counts.withLock {
            $0.messages += 1
            $0.mentions += message.data.mentions.count
        }
        let style = Style()
        let journal = JournalText(style: style)
        let head = "\(message.data.alert.id) to \(message.data.alert.receiver)"
        let mentions = message.data.mentions.map { "    " + journal.text(of: $0) }
        let lines = [style.good("✓ signature holds") + "  " + style.faint(head)] + mentions
        try? StandardOutput.write(lines.joined(separator: "\n"))
        return HTTPResponse(statusCode: .noContent)
    }

    private static func verified(_ request: HTTPRequest, _ body: [UInt8], _ key: WebhookSecret) -> Payload? {
        guard let id = request.headers[HTTPHeader("webhook-id")],
            let timestamp = request.headers[HTTPHeader("webhook-timestamp")].flatMap({ Int($0) }),
            let signatures = request.headers[HTTPHeader("webhook-signature")],
            key.verifies(signatures: signatures, id: id, timestamp: timestamp, body: body)
        else { return nil }
        return try? JSONDecoder.earshot.decode(Payload.self, from: Data(body))
    }
}
