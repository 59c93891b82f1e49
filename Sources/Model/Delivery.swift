// The sending side's nouns: an alert on its way, and what an attempt at it came to.

package import FoundationEssentials

/// An alert in the outbox, and how far that has come.
package struct Delivery: Sendable, Equatable {
    /// The alert's id; the same at every attempt.
    package var id: String
    package var receiver: String
    /// The alert as `Payload` writes it. A receiver with another format gets what is made of it at each attempt, which
    /// comes out the same each time.
    package var body: [UInt8]
    /// Attempts made so far.
    package var attempts: Int
    /// When the next attempt may be made.
    package var due: Date

    package init(id: String, receiver: String, body: [UInt8], attempts: Int = 0, due: Date) {
        self.id = id
        self.receiver = receiver
        self.body = body
        self.attempts = attempts
        self.due = due
    }
}

/// What an attempt came to.
package enum Verdict: Sendable, Equatable {
    /// The receiver has it.
    case delivered
    /// It stays queued until `due`.
    case retry(reason: String, due: Date)
    /// It will not be tried again by itself; a person decides.
    case parked(reason: String)
    /// The receiver said that it is gone (410); it gets nothing more until the configuration is loaded again.
    case receiverGone
}
