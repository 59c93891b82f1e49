// What an attempt at a webhook came to, and when to try again. Decisions only; `Courier` acts on them.

package import FoundationEssentials
package import Model

/// How a receiver answered an attempt, as far as the verdict depends on it.
package enum Answer: Sendable, Equatable {
    /// - Parameter retryAfter: how long the server wants to be left alone, in seconds.
    case status(Int, retryAfter: TimeInterval? = nil)
    /// No answer: the name was not found, the connection failed, time ran out.
    case none(reason: String)
}

package enum Judgement {
    /// The waits before attempts 2 to 10: 75 hours in all (the schedule that Standard Webhooks recommends).
    package static let waits: [Duration] =
        [.seconds(5), .seconds(300), .seconds(1_800)] + [2, 5, 10, 14, 20, 24].map { .seconds($0 * 3_600) }

    /// No wait is longer than this, in seconds: 24 h and a fifth.
    package static let longestWait: TimeInterval = 1.2 * 86_400

    /// A refusal (4xx) may be a slip of a deployment, so it is given two more chances before a person must look.
    private static let refusals = 3
    /// Retry-After is honoured from 1 s to 24 h; a server that names more is asked again after a day.
    private static let heeded: ClosedRange<TimeInterval> = 1...86_400

    /// - Parameters:
    ///   - attempt: 1 for the first.
    ///   - jitter: in -1...1; moves a wait by up to a fifth, so that receivers do not meet a wave.
    package static func verdict(on answer: Answer, attempt: Int, at now: Date, jitter: Double) -> Verdict {
        switch answer {
        case .none(let reason):
            again(reason, attempt, now, jitter)
        case .status(200..<300, _):
            .delivered
        case .status(410, _):
            .receiverGone
        case .status(let code, let retryAfter) where code == 408 || code == 429 || code >= 500:
            again("answered \(code)", attempt, now, jitter, notBefore: retryAfter)
        case .status(let code, _) where (300..<400).contains(code):
            refused("answered \(code), and redirects are never followed", attempt, now, jitter)
        case .status(let code, _):
            refused("answered \(code)", attempt, now, jitter)
        }
    }

    private static func again(
        _ reason: String, _ attempt: Int, _ now: Date, _ jitter: Double, notBefore: TimeInterval? = nil
    ) -> Verdict {
        guard attempt <= waits.count else {
            return .parked(reason: "\(reason), at the last of \(attempt) attempts")
        }
        let planned = waits[attempt - 1] / .seconds(1) * (1 + 0.2 * jitter)
        let asked = notBefore.map { min(max($0, heeded.lowerBound), heeded.upperBound) } ?? 0
        return .retry(reason: reason, due: now + max(planned, asked))
    }

    private static func refused(_ reason: String, _ attempt: Int, _ now: Date, _ jitter: Double) -> Verdict {
        attempt < refusals ? again(reason, attempt, now, jitter) : .parked(reason: reason)
    }
}
