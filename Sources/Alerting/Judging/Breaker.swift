// Whether a receiver is worth trying at all. A value: it is told how attempts ended.

package import FoundationEssentials

/// A circuit breaker: after several failures in a row a receiver is left alone for a while, then tried with one
/// delivery, and left alone for longer each time that fails. What waits meanwhile uses up none of its attempts.
package struct Breaker: Sendable, Equatable {
    private var failures = 0
    private var openUntil: Date?

    /// Failures in a row after which it opens.
    private static let patience = 3
    /// The first time of rest in seconds; it doubles with each failure, up to the longest.
    private static let firstRest: TimeInterval = 30
    private static let longestRest: TimeInterval = 600

    package init() {}

    /// Whether the last attempt failed; then one at a time is enough to see when that ends.
    package var isAiling: Bool { failures > 0 }

    /// When the next attempt may be made; `nil` for at once.
    package func rest(at now: Date) -> Date? {
        // Further away than any rest can be, it was planned by a clock that ran ahead.
        guard let openUntil, openUntil > now, openUntil <= now + Self.longestRest else { return nil }
        return openUntil
    }

    /// - Returns: whether it was open, so that all that was put off meanwhile may come now.
    package mutating func succeed() -> Bool {
        defer { self = Breaker() }
        return failures >= Self.patience
    }

    package mutating func fail(at now: Date) {
        failures += 1
        guard failures >= Self.patience else { return }
        let doublings = min(failures - Self.patience, 10)
        openUntil = now + min(Self.firstRest * Double(1 << doublings), Self.longestRest)
    }
}
