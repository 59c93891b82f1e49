// When to stay for the next answer instead of leaving the queue: to come back, dispatch wakes two threads, and a fast
// server has answered meanwhile. It takes a tenth off the time of many deliveries to a receiver on the same machine. A
// value without I/O.

/// Whether staying has been worth it of late.
struct Linger {
    /// So long, in nanoseconds, and the kernel's slack of 50 µs: others on the queue wait as well.
    static let time = 50_000

    /// Chances that are still passed over, and how many were the last time.
    private var left = 0
    private var pause = 0

    /// After a vain wait the next chances are passed over, after each further one twice as many.
    private static let longestPause = 1_024

    /// To be asked at each chance.
    mutating func isWorthIt() -> Bool {
        guard left > 0 else { return true }
        left -= 1
        return false
    }

    mutating func note(hasCome: Bool) {
        pause = hasCome ? 0 : min(max(1, pause * 2), Self.longestPause)
        left = pause
    }
}
