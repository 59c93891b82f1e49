// Version 4 of Alertmanager's webhook (prometheus.io/docs/alerting/latest/configuration/#webhook_config): a mention is
// an alert that fires and never resolves.

import FoundationEssentials
import Model

enum Alertmanager {
    static func message(_ alert: Alert, to url: String) throws -> Message {
        let status = (alert.status ?? .firing).rawValue
        let members = members(alert, status)
        let common = members.dropFirst().reduce(members[0].labels) { common, member in
            common.filter { member.labels[$0.key] == $0.value }
        }
        let message: JSON = [
            "version": "4", "groupKey": .string(alert.thread), "status": .string(status),
            "truncatedAlerts": .int(max(0, alert.count - alert.mentions.count)),
            "receiver": .string(alert.receiver), "groupLabels": .object(labels(alert.group)),
            "commonLabels": .object(common), "commonAnnotations": [:], "externalURL": "",
            "alerts": .array(members.map(\.json)),
        ]
        return try Message(url: url, json: message)
    }

    private struct Member {
        var labels: [String: JSON]
        var json: JSON
    }

    /// One for each mention; one for the alert itself when it has none.
    private static func members(_ alert: Alert, _ status: String) -> [Member] {
        guard !alert.mentions.isEmpty else {
            let words = Wording(alert)
            var labels = labels(alert.group)
            labels["alertname"] = .string("Earshot \(alert.kind.rawValue)")
            let annotations: [String: JSON] = [
                "summary": .string(words.title), "description": .string(words.factLines().joined(separator: "\n")),
            ]
            let start = alert.spike?.since ?? alert.made
            let end = alert.status == .resolved ? alert.made : nil
            return [member(alert.episode ?? alert.id, status, labels, annotations, start, end, link: nil)]
        }
        return alert.mentions.map { mention in
            let item = Wording.Item(mention, copies: alert.copies[mention.id])
            var labels = labels(mention.labels)
            labels["alertname"] = .string(mention.watch)
            labels["source"] = .string(mention.source.name)
            labels["severity"] = alert.priority == .high ? "critical" : "warning"
            let annotations: [String: JSON] = [
                "summary": .string(item.headline),
                "description": .string(item.lines(.plain, detail: Wording.Item.mostDetail).joined(separator: "\n")),
            ]
            let start = mention.entry.published ?? mention.found
            return member(mention.id, status, labels, annotations, start, link: item.link)
        }
    }

    private static func member(
        _ id: String, _ status: String, _ labels: [String: JSON], _ annotations: [String: JSON], _ start: Date,
        _ end: Date? = nil, link: String?
    ) -> Member {
        let json: JSON = [
            "status": .string(status), "labels": .object(labels), "annotations": .object(annotations),
            "startsAt": .string(start.formatted(.iso8601)),
            // What has not ended has the zero of Go's times.
            "endsAt": .string(end?.formatted(.iso8601) ?? "0001-01-01T00:00:00Z"),
            "generatorURL": .string(link ?? ""),
            // 64 bits in hex, as Prometheus writes them; ours come from the id, which never changes.
            "fingerprint": .string(Identifiers.fingerprint(id)),
        ]
        return Member(labels: labels, json: json)
    }

    /// Names as Prometheus allows them: letters, digits and underscores, no digit first.
    private static func labels(_ labels: [String: String]) -> [String: JSON] {
        let named = labels.sorted { $0.key < $1.key }.map { name, value in
            let legal = String(name.unicodeScalars.map { $0.isWord ? Character($0) : "_" })
            return (legal.first?.isNumber ?? true ? "_" + legal : legal, JSON.string(value))
        }
        return Dictionary(named) { first, _ in first }
    }
}

extension Unicode.Scalar {
    fileprivate var isWord: Bool {
        switch self {
        case "a"..."z", "A"..."Z", "0"..."9", "_": true
        default: false
        }
    }
}
