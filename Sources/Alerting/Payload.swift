// The body of a webhook, in Earshot's own format. The outbox keeps every alert in it; other formats are made of it.

package import FoundationEssentials
package import Model

/// `{"type":"mentions","timestamp":…,"data":{"alert":{…},"mentions":[…]}}`, with `copies`, `spike` and `sources` in
/// `data` where there are any.
package struct Payload: Sendable, Codable, Equatable {
    /// The alert's kind.
    package var type: Alert.Kind
    /// When the alert was made; the same at every attempt.
    package var timestamp: Date
    package var data: Body

    package struct Body: Sendable, Codable, Equatable {
        package var alert: Head
        package var mentions: [Mention]
        package var copies: [String: Alert.Copies]?
        package var spike: Spike?
        package var sources: [SourceTrouble]?
    }

    package struct Head: Sendable, Codable, Equatable {
        package var id: String
        package var receiver: String
        package var route: String
        package var group: [String: String]
        package var priority: Alert.Priority
        package var count: Int
        package var status: Alert.Status?
        package var episode: String?
    }

    package init(_ alert: Alert) {
        type = alert.kind
        timestamp = alert.made
        data = Body(
            alert: Head(
                id: alert.id, receiver: alert.receiver, route: alert.route, group: alert.group,
                priority: alert.priority, count: alert.count, status: alert.status, episode: alert.episode),
            mentions: alert.mentions, copies: alert.copies.isEmpty ? nil : alert.copies, spike: alert.spike,
            sources: alert.sources.isEmpty ? nil : alert.sources)
    }

    /// The alert that was written.
    package var alert: Alert {
        let head = data.alert
        return Alert(
            id: head.id, kind: type, receiver: head.receiver, route: head.route, group: head.group,
            priority: head.priority, made: timestamp, mentions: data.mentions, count: head.count,
            copies: data.copies ?? [:], spike: data.spike, sources: data.sources ?? [], status: head.status,
            episode: head.episode)
    }

    /// The exact bytes that are stored, signed and sent.
    package func encoded() throws -> [UInt8] {
        try encoded(mentions: data.mentions.map(\.json))
    }

    /// The same, of mentions that are JSON already: they are most of it, and were written once before.
    package func encoded(mentions: [[UInt8]]) throws -> [UInt8] {
        var frame = self
        frame.data.mentions = []
        let bytes = [UInt8](try JSONEncoder.earshot.encode(frame))
        // It stands there once: within a text its quotes would be escaped.
        guard let place = bytes.firstRange(of: Array("\"mentions\":[]".utf8)) else { return bytes }
        let middle = place.upperBound - 1
        return Array(bytes[..<middle]) + mentions.joined(separator: [UInt8(ascii: ",")]) + bytes[middle...]
    }
}

extension Delivery {
    /// An alert on its way into the outbox, due at once.
    package init(_ alert: Alert) throws {
        self.init(id: alert.id, receiver: alert.receiver, body: try Payload(alert).encoded(), due: alert.made)
    }

    /// The same, of an alert whose mentions are JSON already.
    package init(_ alert: Alert, mentions: [[UInt8]]) throws {
        let body = try Payload(alert).encoded(mentions: mentions)
        self.init(id: alert.id, receiver: alert.receiver, body: body, due: alert.made)
    }

    /// The alert in it.
    package func alert() throws -> Alert {
        try Payload(self).alert
    }
}

extension Payload {
    /// What a delivery holds.
    package init(_ delivery: Delivery) throws {
        self = try JSONDecoder.earshot.decode(Payload.self, from: Data(delivery.body))
    }
}
