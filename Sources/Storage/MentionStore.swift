// The third seam: what must survive. A second engine would come in here; nothing outside this module knows SQLite.

package import FoundationEssentials
package import Model

/// Sources' states, mentions, the outbox, and the journal lines that are not in the journal yet.
package protocol MentionStore: Sendable {
    /// Takes over a configuration's sources and returns what is known of each, in their order; unknown ones are
    /// entered, due now. A source that is configured no longer keeps its state for thirty days.
    func enrol(_ sources: Sources, at now: Date) async throws(StoreError) -> [SourceOutline]

    /// A source's whole state.
    func state(of source: Int64) async throws(StoreError) -> SourceState

    /// Forgets mentions that were found before `date`. Their ids stay what they are: one that came again would be
    /// stored, and sent, under the same.
    func forgetMentions(before date: Date) async throws(StoreError)

    /// Which of these mentions are not stored yet.
    func unknown(among mentions: [String]) async throws(StoreError) -> Set<String>

    /// Writes a change whole or not at all; returns once it would survive a power cut. Changes that wait at the same
    /// time share one transaction, and one that fails costs the others nothing.
    func commit(_ change: Change) async throws(StoreError)

    /// A receiver's queued deliveries behind `place`, besides those that are `known`, the earliest due first, whether
    /// due or not: as many as `limit`, or until their bodies come to so many bytes.
    func outbox(
        of receiver: String, after place: OutboxPlace, besides known: Set<String>, limit: Int, bytes: Int
    ) async throws(StoreError) -> OutboxPart

    /// Queued and parked deliveries of every receiver that has any.
    func backlog() async throws(StoreError) -> [Backlog]

    /// Parked deliveries, the longest parked first.
    func parked(_ filter: ParkedFilter, limit: Int) async throws(StoreError) -> [ParkedDelivery]

    /// One of them with its alert; `nil` when none of that id is parked.
    func parkedDelivery(_ id: String) async throws(StoreError) -> Delivery?

    /// Groups that are due, the earliest first.
    func dueGroups(at now: Date, limit: Int) async throws(StoreError) -> [Group]

    /// When the next group falls due; `nil` when nothing waits.
    func nextGroupDue() async throws(StoreError) -> Date?

    /// Every group that something waits in or that falls due, by its key: those behind `key`.
    func waitingGroups(after key: String, limit: Int) async throws(StoreError) -> [Group]

    /// The stories that were first told at `since` or later, the newest `limit` of them, the oldest first.
    func stories(since: Date, limit: Int) async throws(StoreError) -> [Story]

    /// Forgets what nothing will be compared with any more: stories from before `stories` and beyond the newest
    /// `limit`, groups that are empty and were told before `groups`, tallies and silences from before `tallies`.
    func forget(
        storiesBefore stories: Date, beyond limit: Int, groupsBefore groups: Date, talliesBefore tallies: Date
    ) async throws(StoreError)

    /// Of the receivers that have a rate limit, how much of it was used.
    func allowances() async throws(StoreError) -> [Allowance]

    /// Silences that end after `time`, the latest made last.
    func silences(endingAfter time: Date) async throws(StoreError) -> [Silence]

    /// Numbers lines from above `sequence` on: the journal may be older than the store, after that was lost.
    func numberLines(above sequence: Int64) async throws(StoreError)

    /// Committed lines that are numbered above `sequence`, in order.
    func journalLines(after sequence: Int64, limit: Int) async throws(StoreError) -> [JournalLine]

    /// Says that the journal durably holds all lines up to `sequence`, so that the next change may forget them.
    func journalHolds(upTo sequence: Int64) async
}

/// All that one transaction holds.
package struct Change: Sendable {
    /// Sources' states after a poll; without a reading, the stored one stays.
    package var visits: [SourceState] = []
    /// Mentions to remember by id. One that is stored already is left as it was.
    package var mentions: [MentionKey] = []
    package var deliveries: [Delivery] = []
    package var attempts: [Attempt] = []
    /// Receivers whose queued deliveries are all due at once, and since when: they are well again.
    package var revived: [(receiver: String, at: Date)] = []
    /// Silences that are new, or end at another time.
    package var silences: [Silence] = []
    /// What becomes of parked deliveries, and of those that come to be parked without an attempt, by the alert's id.
    package var parked: [String: ParkedFate] = [:]
    /// Journal lines without their number: JSON objects on one line each.
    package var lines: [[UInt8]] = []
    /// What is decided in the transaction itself, after all of the above was written. It changes nothing but the
    /// ledger: it is asked again if that transaction fails.
    package var decide: (@Sendable (any Ledger) throws -> Void)?

    package init() {}

    package struct MentionKey: Sendable {
        package var id: String
        package var found: Date

        package init(id: String, found: Date) {
            self.id = id
            self.found = found
        }
    }

    /// An attempt at a delivery and its verdict. It says nothing of a delivery that has gone to another receiver since.
    package struct Attempt: Sendable {
        package var delivery: String
        package var receiver: String
        package var made: Date
        package var verdict: Verdict

        package init(delivery: String, receiver: String, made: Date, verdict: Verdict) {
            self.delivery = delivery
            self.receiver = receiver
            self.made = made
            self.verdict = verdict
        }
    }
}

/// A part of a receiver's outbox, in order.
package struct OutboxPart: Sendable, Equatable {
    package var deliveries: [Delivery]
    /// Where it was cut short, if something may be left behind it.
    package var end: OutboxPlace?

    package init(_ deliveries: [Delivery], end: OutboxPlace? = nil) {
        self.deliveries = deliveries
        self.end = end
    }
}

/// A place in the order of a receiver's outbox. It stays where it is while deliveries come and go on both sides; one
/// that comes may come before it.
package struct OutboxPlace: Sendable, Equatable {
    /// When the delivery there is due, in seconds since 1970.
    var due: Double
    /// The delivery's row, which tells those apart that are due together.
    var row: Int64

    /// Before every delivery.
    package static let start = OutboxPlace(due: -.infinity, row: 0)
}

/// A committed journal line on its way into the journal.
package struct JournalLine: Sendable, Equatable {
    /// Counts up from 1, never reused.
    package var sequence: Int64
    /// A JSON object without its number.
    package var event: [UInt8]

    package init(sequence: Int64, event: [UInt8]) {
        self.sequence = sequence
        self.event = event
    }
}

/// What waits for one receiver.
package struct Backlog: Sendable, Equatable {
    package var receiver: String
    package var queued: Int
    package var parked: Int

    package init(receiver: String, queued: Int, parked: Int) {
        self.receiver = receiver
        self.queued = queued
        self.parked = parked
    }
}

/// How many alerts a receiver with a rate limit got since when.
package struct Allowance: Sendable, Equatable, Codable {
    package var receiver: String
    package var since: Date
    package var alerts: Int

    package init(receiver: String, since: Date, alerts: Int) {
        self.receiver = receiver
        self.since = since
        self.alerts = alerts
    }
}

/// Why the store could not do what was asked; nothing of it was written.
package struct StoreError: Error, Sendable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) {
        self.description = description
    }
}
