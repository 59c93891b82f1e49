// Google Chat's incoming webhooks (developers.google.com/workspace/chat/quickstart/webhooks).

import Model

enum GoogleChat {
    /// A message may have 32,000 bytes; the text alone was cut at 4,096 characters in earlier versions.
    private static let text = TextLimit.units(4_096)

    static func message(_ alert: Alert, to url: String) throws -> Message {
        // A second request with the same id creates nothing. What is grouped together makes one thread.
        let query = [
            ("requestId", alert.id), ("messageReplyOption", "REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD"),
        ]
        let message: JSON = [
            "text": .string(Wording(alert).text(.googleChat, within: text)),
            "thread": ["threadKey": .string(alert.thread)],
        ]
        return try Message(url: url.adding(query: query), json: message)
    }
}
