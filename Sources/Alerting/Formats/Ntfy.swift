// ntfy (docs.ntfy.sh/publish/#publish-as-json): JSON goes to the server's root and names the topic.

import Model

enum Ntfy {
    /// A longer message becomes an attachment.
    private static let text = TextLimit.bytes(4_096)
    private static let title = TextLimit.bytes(250)

    /// - Parameter url: the topic's address, as in a browser.
    static func message(_ alert: Alert, to url: String, token: String?) throws -> Message {
        let words = Wording(alert)
        let (root, topic) = url.partedAtLastSlash
        let message: JSON = [
            "topic": .string(topic),
            "title": .string(title.cut(words.title)),
            "message": .string(words.body(.plain, within: text).ifAny ?? words.title),
            "priority": alert.priority == .high ? 5 : 3,
            "click": JSON(words.items.first?.link),
            "tags": ["mega"],
        ]
        let headers = token.map { [Header("Authorization", "Bearer \($0)")] } ?? []
        return try Message(url: root, headers: headers, json: message.withoutNulls)
    }
}
