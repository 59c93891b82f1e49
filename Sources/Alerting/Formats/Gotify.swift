// Gotify (gotify.net/docs/pushmsg).

import Model

enum Gotify {
    /// Gotify names no limit; phones show no more.
    private static let title = TextLimit.units(250)
    private static let text = TextLimit.bytes(16_000)

    /// - Parameter url: the server's address.
    static func message(_ alert: Alert, to url: String, token: String) throws -> Message {
        let words = Wording(alert)
        var extras: [String: JSON] = ["client::display": ["contentType": "text/plain"]]
        if let link = words.items.first?.link {
            extras["client::notification"] = ["click": ["url": .string(link)]]
        }
        let message: JSON = [
            "title": .string(title.cut(words.title)),
            "message": .string(words.body(.plain, within: text).ifAny ?? words.title),
            "priority": alert.priority == .high ? 8 : 5, "extras": .object(extras),
        ]
        return try Message(url: url.adding(path: "message"), headers: [Header("X-Gotify-Key", token)], json: message)
    }
}
