// Zendesk's Tickets API (developer.zendesk.com/api-reference/ticketing/tickets/tickets): the idempotency key makes a
// second attempt no second ticket.

import FoundationEssentials
import Model

enum Zendesk {
    private static let subject = TextLimit.units(150)
    /// A comment may have 64 KiB.
    private static let text = TextLimit.bytes(60_000)

    /// - Parameter url: the account's address, `https://acme.zendesk.com`.
    static func message(_ alert: Alert, to url: String, user: String, token: String) throws -> Message {
        let words = Wording(alert)
        let ticket: JSON = [
            "subject": .string(subject.cut(words.title)),
            "comment": ["body": .string(words.body(.plain, within: text).ifAny ?? words.title)],
            "external_id": .string(alert.id), "tags": ["mention"],
            "priority": alert.priority == .high ? "urgent" : "normal",
        ]
        return try Message(
            url: url.adding(path: "api/v2/tickets.json"),
            headers: [authorization(user, token), Header("Idempotency-Key", alert.id)],
            json: ["ticket": ticket])
    }

    static func authorization(_ user: String, _ token: String) -> Header {
        .basicAuthorization("\(user)/token", token)
    }
}
