// What is sent: mentions on their way to one receiver.

package import FoundationEssentials

/// The mentions that one receiver is told of in one message.
package struct Alert: Sendable, Equatable {
    /// Made from the receiver and the mentions' ids, so that a second copy has the same id.
    package var id: String
    /// The receiver's name.
    package var receiver: String
    /// The labels that the mentions were grouped by.
    package var group: [String: String]
    package var mentions: [Mention]

    package init(id: String, receiver: String, group: [String: String] = [:], mentions: [Mention]) {
        self.id = id
        self.receiver = receiver
        self.group = group
        self.mentions = mentions
    }
}

/// An alert in the outbox: the bytes to send, and how far that has come.
package struct Delivery: Sendable, Equatable {
    /// The alert's id; the same at every attempt.
    package var id: String
    package var receiver: String
    /// The payload, exactly as it is signed and sent.
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
