// Freshdesk's ticket API (developers.freshdesk.com/api/#create_ticket), whose descriptions are HTML.

import FoundationEssentials
import Model

enum Freshdesk {
    private static let subject = TextLimit.units(255)
    private static let text = TextLimit.bytes(60_000)

    /// - Parameter url: the account's address, `https://acme.freshdesk.com`.
    static func message(_ alert: Alert, to url: String, requester: String, token: String) throws -> Message {
        let words = Wording(alert)
        let ticket: JSON = [
            "subject": .string(subject.cut(words.title)),
            "description": .string("<p>" + words.text(.html, within: text) + "</p>"),
            "email": .string(requester),
            // Open; low or urgent.
            "status": 2, "priority": alert.priority == .high ? 4 : 1, "tags": ["mention"],
        ]
        return try Message(url: url.adding(path: "api/v2/tickets"), headers: [authorization(token)], json: ticket)
    }

    /// The key is the user's name, the password is of no account.
    static func authorization(_ token: String) -> Header {
        .basicAuthorization(token, "X")
    }
}
