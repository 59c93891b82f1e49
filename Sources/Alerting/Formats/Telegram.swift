// Telegram's Bot API (core.telegram.org/bots/api#sendmessage).

import Model

enum Telegram {
    /// 4,096 characters once the markup has been read; counted with it, so that there is always room.
    private static let text = TextLimit.units(4_096)

    /// - Parameter url: the API's address, without the token.
    static func message(_ alert: Alert, to url: String, chat: String, token: String) throws -> Message {
        let message: JSON = [
            "chat_id": Int(chat).map(JSON.int) ?? .string(chat),
            "text": .string(Wording(alert).text(.telegram, within: text)),
            "parse_mode": "HTML", "link_preview_options": ["is_disabled": true],
        ]
        return try Message(url: url.adding(path: "bot\(token)/sendMessage"), json: message)
    }
}
