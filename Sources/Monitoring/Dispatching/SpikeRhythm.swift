// When counts are looked at: at the end of every bucket, and a minute after something was counted.

import FoundationEssentials
import Model

/// What is to be looked at now, and when next. A value.
struct SpikeRhythm: Sendable {
    enum Look: Sendable, Equatable {
        case bucketEnded(ranThroughout: Bool)
        case counted(since: Date)
    }

    /// The bucket of the last look, and whether it was watched from its beginning: the first one was not.
    private var bucket: (number: Int, isWhole: Bool)?
    private var looked = Date.distantPast
    private var counted: Date?

    /// Between two looks within one bucket, in seconds.
    private static let pause: TimeInterval = 60

    /// Notes that something was counted.
    mutating func count(at now: Date) {
        counted = counted ?? now
    }

    mutating func look(at now: Date) -> Look? {
        let current = SpikeCheck.bucket(now)
        guard let last = bucket else {
            bucket = (current, isWhole: false)
            return nil
        }
        guard last.number == current else {
            // After a sleep, or a jump of the clock, the bucket before was not watched.
            let isNext = last.number == current - 1
            bucket = (current, isWhole: isNext)
            (counted, looked) = (nil, now)
            return .bucketEnded(ranThroughout: isNext && last.isWhole)
        }
        guard let since = counted, now >= looked + Self.pause || now < looked else { return nil }
        (counted, looked) = (nil, now)
        return .counted(since: since)
    }

    /// When to look next.
    func next(after now: Date) -> Date {
        let end = Date(timeIntervalSince1970: Double(SpikeCheck.bucket(now) + 1) * Spike.bucket)
        guard counted != nil else { return end }
        return min(end, max(now, looked + Self.pause))
    }
}
