// How many requests may begin in an hour, all sources together. A value.

/// A bucket of requests that fills evenly.
package struct RequestBudget: Sendable {
    /// `nil` is without end.
    package let perHour: Int?
    /// When the bucket would be full, in seconds since 1970.
    private var full = 0.0

    /// What may begin at once after a quiet time, in seconds of the budget.
    private static let depth = 10.0

    package init(perHour: Int? = nil) {
        self.perHour = perHour
    }

    /// Whether one more may begin.
    package func allows(at now: Second) -> Bool {
        next(at: now) <= now
    }

    /// When one more may begin.
    package func next(at now: Second) -> Second {
        guard let perHour, !isFromLater(perHour, now) else { return now }
        return max(now, Second(max(0, (full - Self.depth).rounded(.up))))
    }

    package mutating func spend(at now: Second) {
        guard let perHour else { return }
        let start = isFromLater(perHour, now) ? Double(now) : max(full, Double(now))
        full = start + 3_600 / Double(perHour)
    }

    /// Set back, the clock must not make us wait for the old time: the bucket is never emptier than by its depth and
    /// the request that was let through last, and a second for the rounding.
    private func isFromLater(_ perHour: Int, _ now: Second) -> Bool {
        full - Double(now) > Self.depth + 3_600 / Double(perHour) + 1
    }
}
