// PagerDuty's Events API v2 (developer.pagerduty.com/docs/events-api-v2-overview).

import FoundationEssentials
import Model

enum PagerDuty {
    private static let summary = TextLimit.units(1_024)
    /// The event may have 512 KB; nobody reads more than this of it.
    private static let details = TextLimit.bytes(32_000)

    static func message(_ alert: Alert, to url: String, key: String) throws -> Message {
        let words = Wording(alert)
        let event: JSON = [
            "summary": .string(summary.cut(words.title)),
            "source": .string(alert.mentions.first?.source.name.onOneLine ?? "Earshot"),
            "severity": alert.priority == .high ? "critical" : "warning",
            "timestamp": .string(alert.made.formatted(.iso8601)),
            "custom_details": ["text": .string(words.body(.plain, within: details))],
        ]
        let message: JSON = [
            "routing_key": .string(key),
            "event_action": alert.status == .resolved ? "resolve" : "trigger",
            // What ends an episode has the key of what began it.
            "dedup_key": .string(alert.episode ?? alert.id),
            "payload": event,
            "links": .array(words.items.compactMap(link)),
        ]
        return try Message(url: url, json: message)
    }

    private static func link(_ item: Wording.Item) -> JSON? {
        item.link.map { ["href": .string($0), "text": .string(item.headline)] }
    }
}
