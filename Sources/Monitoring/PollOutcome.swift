// What a poll came to, in words that a user reads in the journal and the log.

package import Feeds
package import Fetching
package import FoundationEssentials
package import Model
package import Pages

/// How a poll ended.
package enum PollOutcome: Sendable {
    /// The server said so (304), or the body was the same as last time.
    case unchanged
    case read(Read)
    case failed(Failure)
    /// The poll did not come to its end, and nothing is wrong with the source: it is asked after so many seconds.
    case postponed(TimeInterval, DueReason)

    package struct Read: Sendable, Equatable {
        package var entries: Int
        package var new: Int
        package var mentions: Int
    }

    package enum Failure: Error, Sendable, Equatable {
        case unreachable(FetchFailure)
        /// - Parameter retryAfter: how long the server wants to be left alone, in seconds.
        case refused(status: Int, retryAfter: TimeInterval?)
        /// Nobody can be reached: it is our own network or name server. The source is asked again after so many
        /// seconds.
        case offline(FetchFailure, pause: TimeInterval)
        /// The server says that we ask too often: 429, or what stands for it there.
        case throttled(status: Int, retryAfter: TimeInterval?)
        /// The server wants proof that a person is asking: Cloudflare's challenge.
        case challenged
        /// The site's robots.txt does not allow it.
        case disallowed
        /// The site cannot say whether it lets its pages be read: its robots.txt cannot be had, for a reason in words.
        case withoutRobots(String)
        case unreadable(FeedError)
        /// A page or a site's JSON that nothing was found in.
        case withoutEntries(PageError)
        /// Our own disk: nothing was kept, and nothing is forgotten.
        case unsaved(String)
        /// Our own disk: what is known of the source cannot be read, so that it was not asked.
        case unknown(String)
    }
}

extension PollOutcome {
    package var isFailure: Bool {
        if case .failed = self { true } else { false }
    }

    /// The same with so many mentions, which are those that are new.
    func counting(_ mentions: Int) -> PollOutcome {
        guard case .read(var read) = self else { return self }
        read.mentions = mentions
        return .read(read)
    }
}

extension PollOutcome: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unchanged: "unchanged"
        case .read(let read): "\(read.entries) entries, \(read.new) new, \(read.mentions) mentions"
        case .failed(let failure): "\(failure)"
        case .postponed(_, let reason): "not asked yet: \(reason.text)"
        }
    }
}

extension PollOutcome.Failure {
    /// Whether the source is to be left alone for longer; it cannot help it when our disk is full or our network down.
    var isTheSources: Bool {
        switch self {
        case .unsaved, .unknown, .offline: false
        default: true
        }
    }
}

extension PollOutcome.Failure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreachable(let failure): "\(failure)"
        case .refused(410, _): "the server says that it is gone for good (410)"
        case .refused(let status, let wait?): "the server answered \(status) and asks for \(Int(wait)) s of rest"
        case .refused(let status, nil): "the server answered \(status)"
        case .throttled(let status, let wait?):
            "the server says that it is asked too often (\(status)), and asks for \(Int(wait)) s of rest"
        case .throttled(let status, nil): "the server says that it is asked too often (\(status))"
        case .offline(let failure, _): "nobody can be reached, which is no fault of the source's: \(failure)"
        case .challenged: "the server wants a browser (Cloudflare's challenge, 403)"
        case .disallowed: "the site's robots.txt does not allow it; look for its feed or interface, or have it pushed"
        case .withoutRobots(let reason):
            "the site's robots.txt cannot be had, without which no page is read: \(reason)"
        case .unreadable(let error): "\(error)"
        case .withoutEntries(let error): "\(error)"
        case .unsaved(let reason): "could not be saved: \(reason)"
        case .unknown(let reason): "its state cannot be read: \(reason)"
        }
    }
}

extension SourceState {
    /// Counts a poll that ended at `now`. After failures at an adopted address the configured one is asked again.
    mutating func count(_ outcome: PollOutcome, at now: Date) {
        self.outcome = "\(outcome)"
        switch outcome {
        case .unchanged, .read:
            failures = 0
            failingSince = nil
        case .failed(let failure) where failure.isTheSources:
            failures += 1
            failingSince = failingSince ?? now
            doubtAddress()
        case .failed, .postponed:
            break
        }
    }
}
