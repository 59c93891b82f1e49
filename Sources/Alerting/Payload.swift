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
        var json = JSONWriter(capacity: mentions.reduce(512) { $0 + $1.count + 1 })
        json.raw("{\"data\":{\"alert\":")
        data.alert.write(to: &json)
        if let copies = data.copies {
            json.raw(",\"copies\":")
            json.raw([UInt8](try JSONEncoder.earshot.encode(copies)))
        }
        json.raw(",\"mentions\":[")
        json.list(mentions) { $0.raw($1) }
        json.raw("]")
        if let sources = data.sources {
            json.raw(",\"sources\":")
            json.raw([UInt8](try JSONEncoder.earshot.encode(sources)))
        }
        if let spike = data.spike {
            json.raw(",\"spike\":")
            json.raw([UInt8](try JSONEncoder.earshot.encode(spike)))
        }
        json.raw("},\"timestamp\":")
        json.date(timestamp)
        json.raw(",\"type\":\"\(type.rawValue)\"}")
        return json.bytes
    }
}

extension Payload.Head {
    fileprivate func write(to json: inout JSONWriter) {
        json.raw("{\"count\":\(count)")
        if let episode {
            json.raw(",\"episode\":")
            json.text(episode)
        }
        json.raw(",\"group\":{")
        json.list(group.sorted { $0.key < $1.key }) { json, label in
            json.text(label.key)
            json.raw(":")
            json.text(label.value)
        }
        json.raw("},\"id\":")
        json.text(id)
        json.raw(",\"priority\":\"\(priority.rawValue)\",\"receiver\":")
        json.text(receiver)
        json.raw(",\"route\":")
        json.text(route)
        if let status { json.raw(",\"status\":\"\(status.rawValue)\"") }
        json.raw("}")
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
