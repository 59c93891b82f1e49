// How many mentions travel in one message.

import FoundationEssentials
package import Model

/// A mention that is told, and the other places of its text.
package struct Told: Sendable, Equatable {
    package var mention: Mention
    /// The mention as JSON.
    package var body: [UInt8]
    package var copies = Alert.Copies()

    package init(_ mention: Mention, body: [UInt8]) {
        self.mention = mention
        self.body = body
    }

    /// Notes another place of the text. Of many, the first few are told.
    package mutating func join(_ copy: Mention) {
        copies.count += 1
        guard copies.places.count < Self.places else { return }
        copies.places.append(Alert.Copies.Place(source: copy.source.name, link: copy.entry.link))
    }

    /// How many other places are told.
    package static let places = 10
}

extension [Told] {
    /// One message holds at most this many mentions, and this much of their JSON, in bytes, which leaves some for what
    /// stands around them (Standard Webhooks advises bodies under 20 kB): a first poll with a look-back may find
    /// hundreds. A mention that is larger travels alone.
    private static let most = 10
    private static let mostBytes = 19_000

    /// The messages that these mentions fill, in their order.
    package var batches: [[Told]] {
        var batches: [[Told]] = []
        var bytes = 0
        for told in self {
            bytes += told.body.count
            if let last = batches.last, last.count < Self.most, bytes <= Self.mostBytes {
                batches[batches.count - 1].append(told)
            } else {
                batches.append([told])
                bytes = told.body.count
            }
        }
        return batches
    }
}

extension Mention {
    /// How telling a mention is, for the top of a digest: what signals say, then a bad rating, then the newer.
    package var rank: Double {
        Double(signals.count) * 10 + (entry.rating.map { $0 <= 2 ? 5 : 0 } ?? 0)
    }
}
