// What becomes of a delivery after an attempt, and when to try again. Decisions only; `Courier` acts on them.

package import FoundationEssentials
package import Model

package enum Judgement {
    /// The waits before attempts 2 to 10: 75 hours in all (the schedule that Standard Webhooks recommends).
    package static let waits: [Duration] =
        [.seconds(5), .seconds(300), .seconds(1_800)] + [2, 5, 10, 14, 20, 24].map { .seconds($0 * 3_600) }

    /// No wait is longer than this, in seconds: 24 h and a fifth.
    package static let longestWait: TimeInterval = 1.2 * 86_400

    /// A refusal may be a slip of a deployment, so it is given two more chances before a person must look.
    private static let refusals = 3
    /// A pause is honoured from 1 s to 24 h; a target that names more is asked again after a day.
    private static let heeded: ClosedRange<TimeInterval> = 1...86_400

    /// - Parameters:
    ///   - attempt: 1 for the first.
    ///   - jitter: in -1...1; moves a wait by up to a fifth, so that receivers do not meet a wave. Asked for only where
    ///     there is a wait: chance is a system call.
    package static func verdict(
        on answer: Answer, attempt: Int, at now: Date, jitter: @autoclosure () -> Double
    ) -> Verdict {
        switch answer {
        case .accepted: .delivered
        case .gone: .receiverGone
        case .busy(let reason, let pause): again(reason, attempt, now, jitter(), notBefore: pause)
        case .refused(let reason): refused(reason, attempt, now, jitter())
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
