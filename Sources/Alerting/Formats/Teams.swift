// Microsoft Teams by a Workflows webhook: an Adaptive Card
// (learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors).

import Model

enum Teams {
    /// The whole message may have 28 KB by the documentation and 21 KB in practice; JSON writes no character of ours in
    /// more than six bytes, and hardly any in more than one.
    private static let title = TextLimit.bytes(1_000)
    private static let body = TextLimit.bytes(12_000)

    static func message(_ alert: Alert, to url: String) throws -> Message {
        let words = Wording(alert)
        let blocks: [JSON] = [
            [
                "type": "TextBlock", "text": .string(title.cut(words.title, escape: Markup.teams.escape)),
                "weight": "Bolder", "size": "Medium", "wrap": true,
            ],
            ["type": "TextBlock", "text": .string(words.body(.teams, within: body)), "wrap": true],
        ]
        let card: JSON = [
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard",
            "version": "1.2", "body": .array(blocks.filter { $0["text"] != "" }), "msteams": ["width": "full"],
        ]
        let attachment: JSON = [
            "contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": nil, "content": card,
        ]
        return try Message(url: url, json: ["type": "message", "attachments": [attachment]])
    }
}
