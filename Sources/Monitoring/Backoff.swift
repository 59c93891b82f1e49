// How long a source is left alone after a failure. A decision: it takes what happened and the dice as arguments.

package import FoundationEssentials
package import Model

package enum Backoff {
    /// However often a poll failed, a day later it is tried again: a 404 alone has been false for days on end.
    private static let longest: TimeInterval = 86_400
    /// A source that is gone (410) is looked at again now and then: operators have brought sites back.
    private static let gone: TimeInterval = 30 * 86_400
    /// Cloudflare's challenge does not go away in hours, and each try counts against us.
    private static let challenge: (first: TimeInterval, longest: TimeInterval) = (86_400, 7 * 86_400)
    /// No wait after a failure is longer than this, in seconds, unless the interval is.
    package static let longestWait: TimeInterval = gone
    /// A site that is asked too often and does not say for how long rests for an hour at most; the source itself for
    /// longer each time.
    private static let siteRest: TimeInterval = 3_600

    /// Polls move by up to this share of their interval, so that no minute's beginning sees them all.
    package static let spread = 0.05

    /// How long until the next poll, in seconds, and why.
    ///
    /// - Parameters:
    ///   - failures: failed polls in a row, this one included.
    ///   - interval: the source's, in seconds.
    ///   - dice: in -1...1.
    package static func wait(
        after failure: PollOutcome.Failure, failures: Int, interval: TimeInterval, dice: Double
    ) -> (TimeInterval, DueReason) {
        let jitter = 1 + 0.2 * dice
        func doubled(_ first: TimeInterval, _ longest: TimeInterval) -> TimeInterval {
            // 2^20 intervals of a second are twelve days; beyond that only the cap counts.
            max(min(first * Double(1 << min(max(failures - 1, 0), 20)), max(longest, interval)) * jitter, interval)
        }
        let wait = doubled(interval, longest)
        switch failure {
        case .unsaved, .unknown: return (interval * (1 + spread * dice), .interval)
        case .offline(_, let pause): return (min(interval, pause) * (1 + spread * abs(dice)), .offline)
        case .refused(410, _): return (gone, .gone)
        case .challenged: return (doubled(challenge.first, challenge.longest), .challenge)
        case .disallowed: return (max(longest, interval) * jitter, .disallowed)
        case .throttled(_, let rest?), .refused(_, let rest?):
            let rest = min(max(rest, 1), longest)
            return rest > wait ? (rest, .retryAfter) : (wait, .backoff)
        case .throttled(_, nil): return (wait, .throttled)
        case .refused, .unreachable, .withoutRobots, .unreadable, .withoutEntries: return (wait, .backoff)
        }
    }

    /// Whether a source that waits after so many failed polls need not wait any more once the user has changed how it
    /// is asked or read: unless its server wants to be left alone.
    package static func isOver(_ reason: DueReason, failures: Int) -> Bool {
        failures > 0 && reason != .retryAfter && reason != .throttled
    }

    /// How long the whole site is left alone, in seconds, when one of its sources was told that we ask too often; a
    /// private host is one machine of the user's own, and is not blamed for a bridge's upstream.
    package static func siteRest(after failure: PollOutcome.Failure, isPrivate: Bool) -> TimeInterval? {
        guard !isPrivate, case .throttled(_, let rest) = failure else { return nil }
        return rest.map { min(max($0, 1), longest) } ?? siteRest
    }

    /// When the rest of a site ends, as far as it can be told from what is stored of the source that was told so. Only
    /// where that one waits for the sake of Retry-After does it wait as long as the site; otherwise the site rests for
    /// no longer, and for as long as ours would be at most.
    package static func siteRestEnd(due: Date, _ reason: DueReason, polled: Date) -> Date {
        reason == .retryAfter ? due : min(due, polled + siteRest)
    }
}
