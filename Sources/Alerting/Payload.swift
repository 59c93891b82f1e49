// The body of a webhook, in Earshot's own format.

package import FoundationEssentials
package import Model

/// `{"type":"mentions","timestamp":…,"data":{"alert":{…},"mentions":[…]}}`
package struct Payload: Sendable, Codable, Equatable {
    package var type = "mentions"
    /// When the alert was made; the same at every attempt.
    package var timestamp: Date
    package var data: Body

    package struct Body: Sendable, Codable, Equatable {
        package var alert: Head
        package var mentions: [Mention]
    }

    package struct Head: Sendable, Codable, Equatable {
        package var id: String
        package var receiver: String
        package var group: [String: String]
    }

    package init(_ alert: Alert, made: Date) {
        timestamp = made
        data = Body(
            alert: Head(id: alert.id, receiver: alert.receiver, group: alert.group), mentions: alert.mentions)
    }

    /// The exact bytes that are stored, signed and sent.
    package func encoded() throws -> [UInt8] {
        [UInt8](try JSONEncoder.earshot.encode(self))
    }
}

extension Delivery {
    /// An alert on its way into the outbox, due at once.
    package init(_ alert: Alert, made: Date) throws {
        self.init(id: alert.id, receiver: alert.receiver, body: try Payload(alert, made: made).encoded(), due: made)
    }
}
