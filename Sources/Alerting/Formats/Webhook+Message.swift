// From a delivery to the request that is sent: the one place where formats are chosen. An alert makes the same message
// at every attempt, but for the time in its signature.

package import FoundationEssentials
package import Model

extension Webhook {
    /// The request for one attempt.
    ///
    /// - Parameter now: the attempt's time, which is signed.
    /// - Throws: when the delivery cannot be read, or a template makes no JSON of it.
    package func message(for delivery: Delivery, at now: Date) throws -> Message {
        var message = try unsigned(delivery)
        if format.isSigned { message.headers += signature(delivery, message.body, at: now) }
        guard !headers.isEmpty else { return message }
        let own = Set(headers.map { $0.name.lowercased() })
        message.headers = headers + message.headers.filter { !own.contains($0.name.lowercased()) }
        return message
    }

    private func unsigned(_ delivery: Delivery) throws -> Message {
        func alert() throws -> Alert { try Payload(delivery).alert }
        switch format {
        // The stored bytes as they are: the outbox holds Earshot's own format.
        case .standard:
            return Message(url: url, headers: [Header("Content-Type", "application/json")], body: delivery.body)
        case .cloudEvents(let events): return try events.message(Payload(delivery), to: url)
        case .alertmanager: return try Alertmanager.message(alert(), to: url)
        case .slack: return try Slack.message(alert(), to: url)
        case .discord: return try Discord.message(alert(), to: url)
        case .teams: return try Teams.message(alert(), to: url)
        case .mattermost: return try Mattermost.message(alert(), to: url)
        case .googleChat: return try GoogleChat.message(alert(), to: url)
        case .ntfy(let token): return try Ntfy.message(alert(), to: url, token: token)
        case .gotify(let token): return try Gotify.message(alert(), to: url, token: token)
        case .matrix(let room, let token): return try Matrix.message(alert(), to: url, room: room, token: token)
        case .telegram(let chat, let token): return try Telegram.message(alert(), to: url, chat: chat, token: token)
        case .pagerDuty(let key): return try PagerDuty.message(alert(), to: url, key: key)
        case .opsgenie(let key): return try Opsgenie.message(alert(), to: url, key: key)
        case .zendesk(let user, let token): return try Zendesk.message(alert(), to: url, user: user, token: token)
        case .freshdesk(let requester, let token):
            return try Freshdesk.message(alert(), to: url, requester: requester, token: token)
        case .template(let template): return try template.message(Payload(delivery), to: url)
        }
    }

    /// The id says that a copy is one, also to receivers that share no key with us.
    private func signature(_ delivery: Delivery, _ body: [UInt8], at now: Date) -> [Header] {
        let timestamp = Int(now.timeIntervalSince1970)
        let id = [Header("webhook-id", delivery.id), Header("webhook-timestamp", String(timestamp))]
        return id + scheme.headers(id: delivery.id, timestamp: timestamp, body: body, secrets)
    }
}
