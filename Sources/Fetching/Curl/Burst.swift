// When freed memory is given back to the system: after a burst of transfers, since malloc keeps 19–28 kB of each for
// the next. A value without I/O.

import Dispatch

/// Counts transfers between two quiet moments.
struct Burst {
    private var finished = 0
    private var peak = 0
    /// When it is looked at again whether it is quiet, and how many had finished when that began.
    private var look: (time: DispatchTime, finished: Int)?

    /// So many transfers are worth the milliseconds that giving back takes.
    private static let worth = 1_000
    /// Giving back interrupts every thread, and who goes on at once gets each page anew from the system: within a row
    /// of deliveries of 13 kB it took 8 % of their processor time.
    private static let quiet = DispatchTimeInterval.seconds(1)

    /// Notes that a transfer has ended.
    mutating func count(running: Int) {
        finished += 1
        peak = max(peak, running + 1)
    }

    /// When to ask again, if there is a burst that may have come to its end.
    var deadline: DispatchTime? { look?.time }

    /// Whether a burst has come to its end: for a second, in which fewer ended than are worth it, no more than an
    /// eighth of its transfers ran. Then the next one begins.
    mutating func isOver(running: Int, at now: DispatchTime) -> Bool {
        guard finished >= Self.worth, running <= peak / 8 else {
            look = nil
            return false
        }
        guard let look else {
            look = (now + Self.quiet, finished)
            return false
        }
        guard look.time <= now else { return false }
        guard finished - look.finished < Self.worth else {
            self.look = (now + Self.quiet, finished)
            return false
        }
        self = Burst()
        peak = running
        return true
    }
}
