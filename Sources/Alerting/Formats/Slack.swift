// Slack's incoming webhooks (docs.slack.dev/messaging/sending-messages-using-incoming-webhooks), Block Kit.

import Model

enum Slack {
    /// A header block's text, a section's, and the text that notifications show; Slack's limits for the first two are
    /// 150 and 3,000.
    private static let header = TextLimit.units(150)
    private static let section = TextLimit.units(3_000)
    private static let fallback = TextLimit.units(300)

    static func message(_ alert: Alert, to url: String) throws -> Message {
        let words = Wording(alert)
        let body = words.body(.slack, within: section)
        var blocks = [block("header", "plain_text", header.cut(words.title), ["emoji": false])]
        if !body.isEmpty { blocks.append(block("section", "mrkdwn", body, ["verbatim": true])) }
        let message: JSON = [
            "text": .string(fallback.cut(words.title, escape: Markup.slack.escape)),
            "blocks": .array(blocks),
            // No link of a stranger's is opened for a preview, and no name in the text calls anybody.
            "unfurl_links": false, "unfurl_media": false, "parse": "none", "link_names": false,
        ]
        return try Message(url: url, json: message)
    }

    private static func block(_ type: JSON, _ kind: JSON, _ text: String, _ options: [String: JSON]) -> JSON {
        let text: [String: JSON] = ["type": kind, "text": .string(text)]
        return ["type": type, "text": .object(text.merging(options) { text, _ in text })]
    }
}
