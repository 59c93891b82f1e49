// Discord's webhooks (discord.com/developers/docs/resources/webhook#execute-webhook): one embed.

import FoundationEssentials
import Model

enum Discord {
    /// An embed's limits. Together they stay below the 6,000 of all embeds of a message.
    private static let title = TextLimit.units(256)
    private static let description = TextLimit.units(4_096)

    static func message(_ alert: Alert, to url: String) throws -> Message {
        let words = Wording(alert)
        let embed: JSON = [
            "title": .string(title.cut(words.title, escape: Markup.discord.escape)),
            "url": JSON(words.items.count == 1 ? words.items[0].link : nil),
            "description": JSON(words.body(.discord, within: description).ifAny),
            "timestamp": .string(alert.made.formatted(.iso8601)),
            "footer": ["text": .string(alert.id)],
            "color": alert.priority == .high ? 0xC6_2828 : 0x1565_C0,
        ]
        // `wait` makes Discord say whether the message was saved; `parse: []` makes every ping a plain word.
        return try Message(
            url: url.adding(query: [("wait", "true")]),
            json: ["embeds": [embed.withoutNulls], "allowed_mentions": ["parse": []]])
    }
}
