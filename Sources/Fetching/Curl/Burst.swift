// When freed memory is given back to the system: after a burst of transfers, since malloc keeps 19–28 kB of each for
// the next. A value without I/O.

/// Counts transfers between two quiet moments.
struct Burst {
    private var finished = 0
    private var peak = 0

    /// So many transfers are worth the milliseconds that giving back takes.
    private static let worth = 1_000

    /// Notes that a transfer has ended.
    mutating func count(running: Int) {
        finished += 1
        peak = max(peak, running + 1)
    }

    /// Whether a burst has come to its end: at most an eighth of its transfers still run. Then the next one begins.
    mutating func isOver(running: Int) -> Bool {
        guard finished >= Self.worth, running <= peak / 8 else { return false }
        (finished, peak) = (0, running)
        return true
    }
}
