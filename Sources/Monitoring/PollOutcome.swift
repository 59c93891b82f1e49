// What a poll came to, in words that a user reads in the journal and the log.

package import Feeds
package import Fetching
package import FoundationEssentials
import Model

/// How a poll ended.
package enum PollOutcome: Sendable {
    /// The server said so (304), or the body was the same as last time.
    case unchanged
    case read(Read)
    case failed(Failure)

    package struct Read: Sendable, Equatable {
        package var entries: Int
        package var new: Int
        package var mentions: Int
    }

    package enum Failure: Error, Sendable {
        case unreachable(FetchFailure)
        /// - Parameter retryAfter: how long the server wants to be left alone, in seconds.
        case refused(status: Int, retryAfter: TimeInterval?)
        case unreadable(FeedError)
        /// Our own disk: nothing was kept, and nothing is forgotten.
        case unsaved(String)
    }
}

extension PollOutcome {
    package var isFailure: Bool {
        if case .failed = self { true } else { false }
    }

    /// Failed polls in a row, after `before` of them and this outcome.
    func failures(after before: Int) -> Int {
        guard case .failed(let failure) = self else { return 0 }
        return failure.isTheSources ? before + 1 : before
    }

    /// The same with only those of its mentions that are new.
    func counting(_ mentions: [Mention]) -> PollOutcome {
        guard case .read(var read) = self else { return self }
        read.mentions = mentions.count
        return .read(read)
    }
}

extension PollOutcome: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unchanged: "unchanged"
        case .read(let read): "\(read.entries) entries, \(read.new) new, \(read.mentions) mentions"
        case .failed(let failure): "\(failure)"
        }
    }
}

extension PollOutcome.Failure {
    /// Whether the source is to be left alone for longer; it cannot help it when our disk is full.
    var isTheSources: Bool {
        if case .unsaved = self { false } else { true }
    }
}

extension PollOutcome.Failure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreachable(let failure): "\(failure)"
        case .refused(410, _): "the server says that it is gone for good (410)"
        case .refused(let status, let wait?): "the server answered \(status) and asks for \(Int(wait)) s of rest"
        case .refused(let status, nil): "the server answered \(status)"
        case .unreadable(let error): "\(error)"
        case .unsaved(let reason): "could not be saved: \(reason)"
        }
    }
}
