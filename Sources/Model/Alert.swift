// What is sent: what one receiver is told in one message. Formats turn it into whatever the receiver reads.

package import FoundationEssentials

/// What one receiver is told in one message, and why.
package struct Alert: Sendable, Equatable {
    /// Made from what the alert is about, so that a second copy has the same id.
    package var id: String
    package var kind: Kind
    /// The receiver's name.
    package var receiver: String
    /// The route that it came by, as its matchers from the root down; empty for the root itself and for what no
    /// route decides.
    package var route: String
    /// The labels that its mentions were grouped by.
    package var group: [String: String]
    package var priority: Priority
    /// When it was made; the same at every attempt.
    package var made: Date
    /// What it tells of, at most as much as a receiver can take; see `count`.
    package var mentions: [Mention]
    /// How many mentions it stands for: those told, those that a digest or summary only counts, and the copies that
    /// joined them.
    package var count: Int
    /// Where else the same text stood, by the id of the told mention that the copies joined.
    package var copies: [String: Copies]
    /// The figures of a spike, drop or silence.
    package var spike: Spike?
    /// Sources in trouble, at most as many as a receiver can take; how many there are is `count`.
    package var sources: [SourceTrouble]
    /// For what begins and ends (`spike`): whether it goes on.
    package var status: Status?
    /// The same for the alert that opens an episode and the one that closes it, and for nothing else.
    package var episode: String?

    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// Mentions that were found shortly before, or held until a window opened.
        case mentions
        /// The most telling mentions of a period, and how many there were.
        case digest
        /// What came beyond a receiver's rate limit, in one message.
        case overflow
        /// More mentions than there should be, or fewer; `spike` has the figures.
        case spike
        /// Sources that fail, are gone, or may have lost entries.
        case source
        /// Sent by hand, to see whether it arrives.
        case test
    }

    /// A high one passes hours and digests.
    package enum Priority: String, Sendable, Codable {
        case normal, high
    }

    package enum Status: String, Sendable, Codable {
        case firing, resolved
    }

    /// The other places of one text.
    package struct Copies: Sendable, Equatable, Codable {
        /// All of them.
        package var count: Int
        /// The first few.
        package var places: [Place]

        package init(count: Int = 0, places: [Place] = []) {
            self.count = count
            self.places = places
        }

        package struct Place: Sendable, Equatable, Codable {
            /// The source's name.
            package var source: String
            package var link: String?

            package init(source: String, link: String?) {
                self.source = source
                self.link = link
            }
        }
    }

    package init(
        id: String, kind: Kind = .mentions, receiver: String, route: String = "", group: [String: String] = [:],
        priority: Priority = .normal, made: Date, mentions: [Mention] = [], count: Int? = nil,
        copies: [String: Copies] = [:], spike: Spike? = nil, sources: [SourceTrouble] = [], status: Status? = nil,
        episode: String? = nil
    ) {
        self.id = id
        self.kind = kind
        self.receiver = receiver
        self.route = route
        self.group = group
        self.priority = priority
        self.made = made
        self.mentions = mentions
        self.count = count ?? mentions.count
        self.copies = copies
        self.spike = spike
        self.sources = sources
        self.status = status
        self.episode = episode
    }
}

/// How many mentions came, and how many should have.
package struct Spike: Sendable, Equatable, Codable {
    /// Counts are kept for this time each, in seconds.
    package static let bucket: TimeInterval = 900

    package enum Kind: String, Sendable, Codable {
        /// More than mean + k·σ.
        case spike
        /// Fewer than mean - k·σ.
        case drop
        /// None, where there always were some.
        case silence
    }

    package var kind: Kind
    /// Mentions in the window.
    package var count: Int
    /// In the same window of earlier days and weeks.
    package var mean: Double
    package var deviation: Double
    /// What the count had to pass.
    package var threshold: Double
    /// The window's end, and its length in seconds.
    package var end: Date
    package var window: TimeInterval
    /// When the episode began.
    package var since: Date

    package init(
        kind: Kind, count: Int, mean: Double, deviation: Double, threshold: Double, end: Date, window: TimeInterval,
        since: Date
    ) {
        self.kind = kind
        self.count = count
        self.mean = mean
        self.deviation = deviation
        self.threshold = threshold
        self.end = end
        self.window = window
        self.since = since
    }
}

/// What a person should know about a source.
package struct SourceTrouble: Sendable, Equatable, Codable {
    package enum State: String, Sendable, Codable {
        /// Several polls in a row failed; the reason is the last one's.
        case failing
        /// It has failed for three days, and goes on to.
        case lost
        /// A good poll after failed ones.
        case recovered
        /// The document's window has moved past all that was remembered: entries may have been missed.
        case gap
        /// Nothing has come for longer than its rhythm explains, and something came again.
        case silent, speaking
        /// A permanent redirect was seen for days; the source is asked at its new address.
        case moved
        /// The server says that the source is gone for good (410).
        case gone
    }

    package var name: String
    /// Without credentials.
    package var url: String
    package var state: State
    package var reason: String?

    package init(name: String, url: String, state: State, reason: String? = nil) {
        self.name = name
        self.url = url
        self.state = state
        self.reason = reason
    }
}
