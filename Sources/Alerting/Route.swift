// Where mentions go. For now one receiver gets all of them.

package import FoundationEssentials
package import Model

/// Decides which alerts a poll's mentions become.
package struct Route: Sendable, Equatable {
    /// The receiver's name; `nil` when mentions go to the journal alone.
    package var receiver: String?

    /// One message holds at most this many mentions, and this much of their text, in bytes (Standard Webhooks advises
    /// bodies under 20 kB): a first poll with a look-back may find hundreds.
    private static let most = 10
    private static let mostText = 16_384

    package init(receiver: String? = nil) {
        self.receiver = receiver
    }

    /// The alerts for the mentions of one poll, in their order.
    package func alerts(for mentions: [Mention], at now: Date) -> [Alert] {
        guard let receiver else { return [] }
        return Self.batches(mentions).map { batch in
            Alert(
                id: Identifiers.alert(receiver: receiver, mentions: batch), receiver: receiver, made: now,
                mentions: batch)
        }
    }

    private static func batches(_ mentions: [Mention]) -> [[Mention]] {
        var batches: [[Mention]] = []
        var text = 0
        for mention in mentions {
            text += mention.entry.text.utf8.count
            if let last = batches.last, last.count < most, text <= mostText {
                batches[batches.count - 1].append(mention)
            } else {
                batches.append([mention])
                text = mention.entry.text.utf8.count
            }
        }
        return batches
    }
}
