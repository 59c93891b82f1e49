// What the journal tells, as the JSON it tells it in. Fields are added, never renamed.

package import FoundationEssentials
package import Model

/// One line of the journal, but for its number.
package struct JournalEvent: Sendable, Equatable, Codable {
    package var time: Date
    package var happening: Happening

    /// The kinds of event. A reader skips those it does not know.
    package enum Happening: Sendable, Equatable {
        /// A watch hit.
        case mention(Mention)
        /// An attempt at a delivery, and its verdict.
        case delivery(DeliveryReport)
        /// Something that a person should know about a source.
        case source(SourceTrouble)
        /// An alert was made; its delivery follows.
        case alert(AlertReport)
        /// A mention is told to nobody at a route.
        case withheld(WithheldReport)
        /// A silence was made, or ended before its time.
        case silence(SilenceReport)
    }

    package struct DeliveryReport: Sendable, Equatable, Codable {
        package var id: String
        package var receiver: String
        /// Whom it was parked for, of one that was redelivered to another.
        package var from: String?
        /// 1 for the first; of a parked one how many there were.
        package var attempt: Int
        /// `delivered`, `retry`, `parked` or `receiver gone`; of a parked one, `redelivered` or `dropped`, which a
        /// person decided; of a test that was sent by hand, `test delivered` or `test failed`.
        package var verdict: String
        package var reason: String?
        /// When the next attempt is due.
        package var due: Date?

        package init(
            id: String, receiver: String, attempt: Int, verdict: String, reason: String? = nil, from: String? = nil
        ) {
            self.id = id
            self.receiver = receiver
            self.from = from
            self.attempt = attempt
            self.verdict = verdict
            self.reason = reason
        }

        package init(_ delivery: Delivery, verdict: Verdict) {
            id = delivery.id
            receiver = delivery.receiver
            attempt = delivery.attempts + 1
            switch verdict {
            case .delivered: self.verdict = "delivered"
            case .retry(let reason, let due):
                self.verdict = "retry"
                self.reason = reason
                self.due = due
            case .parked(let reason):
                self.verdict = "parked"
                self.reason = reason
            case .receiverGone: self.verdict = "receiver gone"
            }
        }
    }

    /// What an alert stands for. One of very many mentions takes several lines with the same id.
    package struct AlertReport: Sendable, Equatable, Codable {
        package var id: String
        package var kind: Alert.Kind
        package var receiver: String
        /// The matchers of the route it came by.
        package var route: String
        /// Ids of mentions, those that are only counted included.
        package var mentions: [String]
        package var status: Alert.Status?
        package var spike: Spike?

        package init(_ alert: Alert, mentions: [String]) {
            id = alert.id
            kind = alert.kind
            receiver = alert.receiver
            route = alert.route
            self.mentions = mentions
            status = alert.status
            spike = alert.spike
        }
    }

    package struct WithheldReport: Sendable, Equatable, Codable {
        /// Its id.
        package var mention: String
        package var receiver: String
        /// Its matchers; empty for the root, and for one that went with a reload.
        package var route: String
        /// `copy`, `hours`, `silence`, `spike` or `reload`.
        package var reason: String
        /// The id of the mention that it is a copy of, or of the silence.
        package var of: String?

        package init(mention: String, receiver: String, route: String, reason: String, of: String?) {
            self.mention = mention
            self.receiver = receiver
            self.route = route
            self.reason = reason
            self.of = of
        }
    }

    package struct SilenceReport: Sendable, Equatable, Codable {
        package enum Change: String, Sendable, Codable {
            case added, expired
        }

        package var change: Change
        package var silence: Silence

        package init(_ silence: Silence, change: Change) {
            self.silence = silence
            self.change = change
        }
    }

    package init(_ happening: Happening, at time: Date) {
        self.happening = happening
        self.time = time
    }
}

extension JournalEvent {
    private enum Key: String, CodingKey {
        case time, event, mention, delivery, source, alert, withheld, silence
    }

    package init(from decoder: any Decoder) throws {
        let line = try decoder.container(keyedBy: Key.self)
        time = try line.decode(Date.self, forKey: .time)
        switch try line.decode(String.self, forKey: .event) {
        case "mention": happening = .mention(try line.decode(Mention.self, forKey: .mention))
        case "delivery": happening = .delivery(try line.decode(DeliveryReport.self, forKey: .delivery))
        case "source": happening = .source(try line.decode(SourceTrouble.self, forKey: .source))
        case "alert": happening = .alert(try line.decode(AlertReport.self, forKey: .alert))
        case "withheld": happening = .withheld(try line.decode(WithheldReport.self, forKey: .withheld))
        case "silence": happening = .silence(try line.decode(SilenceReport.self, forKey: .silence))
        case let other:
            throw DecodingError.dataCorruptedError(
                forKey: .event, in: line, debugDescription: "an event of the unknown kind \(other)")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var line = encoder.container(keyedBy: Key.self)
        try line.encode(time, forKey: .time)
        switch happening {
        case .mention(let mention):
            try line.encode("mention", forKey: .event)
            try line.encode(mention, forKey: .mention)
        case .delivery(let report):
            try line.encode("delivery", forKey: .event)
            try line.encode(report, forKey: .delivery)
        case .source(let report):
            try line.encode("source", forKey: .event)
            try line.encode(report, forKey: .source)
        case .alert(let report):
            try line.encode("alert", forKey: .event)
            try line.encode(report, forKey: .alert)
        case .withheld(let report):
            try line.encode("withheld", forKey: .event)
            try line.encode(report, forKey: .withheld)
        case .silence(let report):
            try line.encode("silence", forKey: .event)
            try line.encode(report, forKey: .silence)
        }
    }
}
