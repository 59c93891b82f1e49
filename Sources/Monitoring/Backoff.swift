// When a source is asked again. A decision: it takes the time and the dice as arguments.

package import FoundationEssentials
package import Model

package enum Backoff {
    /// However often a poll failed, a day later it is tried again.
    private static let longest: TimeInterval = 86_400
    /// A source that is gone (410) is looked at again now and then: operators have brought sites back.
    private static let gone: TimeInterval = 30 * 86_400
    /// No wait after a failure is longer than this, in seconds, unless the interval is.
    static let longestWait: TimeInterval = gone

    /// Polls move by up to this share of their interval, so that no minute's beginning sees them all.
    private static let spread = 0.05

    /// When the next poll is due, after one that ended at `now` with `outcome`.
    ///
    /// - Parameters:
    ///   - failures: failed polls in a row, this one included.
    ///   - dice: in -1...1.
    package static func due(
        after outcome: PollOutcome, of source: Source, failures: Int, at now: Date, dice: Double
    ) -> Date {
        let interval = source.cadence.floor / .seconds(1)
        guard case .failed(let failure) = outcome, failure.isTheSources else {
            return now + interval * (1 + spread * dice)
        }
        // 2^20 intervals of a second are twelve days; beyond that only the cap counts.
        let doubled = interval * Double(1 << min(max(failures - 1, 0), 20))
        let wait = min(doubled, max(longest, interval)) * (1 + 0.2 * dice)
        switch failure {
        case .refused(410, _): return now + gone
        case .refused(_, let asked?): return now + max(wait, min(max(asked, 1), longest))
        default: return now + wait
        }
    }
}
