// When a source publishes: how much, at which hours, on which days. A value that learns from the times of entries and
// says how soon the next is likely; the store keeps it as one blob. `Rhythm.md` in Monitoring has the measurements.

package import FoundationEssentials
import Glibc

/// What is known of a source's habit of publishing. All times are UTC.
package struct Rhythm: Sendable, Equatable {
    /// Entries, and the seconds in which they were published, each counting half as much for every `halfLife` ago.
    package private(set) var count: Float = 0
    package private(set) var span: Float = 0
    /// When that was last brought up to date, and when the latest entry was published, in seconds since 1970.
    package private(set) var updated: UInt32 = 0
    package private(set) var latest: UInt32 = 0
    /// Entries by hour of the day and day of the week (Monday first); halved when one is full.
    package private(set) var hours = [UInt8](repeating: 0, count: 24)
    package private(set) var days = [UInt8](repeating: 0, count: 7)

    package static let halfLife: Float = 14 * 86_400
    /// Nothing older says how a source is now.
    private static let horizon: TimeInterval = 365 * 86_400
    /// What is assumed before anything is known: half an entry a week.
    private static let priorCount: Float = 0.5
    private static let priorSpan: Float = 7 * 86_400

    package init() {}

    /// Whether there were entries enough to expect anything.
    package var isKnown: Bool { count >= 2 }

    // MARK: Learning

    /// Takes in the publication times of entries that are new at `now`; without a plausible time of its own, an entry
    /// counts as published when it was found, unless the source was never read before.
    package mutating func learn(_ times: [Date?], at now: Date) {
        let isFirst = updated == 0
        let plausible = times.compactMap { time -> Date? in
            guard let time else { return isFirst ? nil : now }
            return time <= now && time > now - Self.horizon ? time : nil
        }
        if isFirst { begin(plausible, at: now) } else { pass(to: now) }
        for time in plausible {
            count += isFirst ? Self.weight(of: Float(now.timeIntervalSince(time))) : 1
            note(time)
        }
        updated = UInt32(clamping: Int(now.timeIntervalSince1970))
    }

    /// The first document shows some time back: as far as its earliest entry.
    private mutating func begin(_ times: [Date], at now: Date) {
        guard let earliest = times.min() else { return }
        span = Self.weighted(Float(now.timeIntervalSince(earliest)))
    }

    private mutating func pass(to now: Date) {
        let elapsed = max(0, Float(now.timeIntervalSince1970 - Double(updated)))
        let kept = Self.weight(of: elapsed)
        count *= kept
        span = span * kept + Self.weighted(elapsed)
    }

    private mutating func note(_ time: Date) {
        let seconds = Int(time.timeIntervalSince1970)
        latest = max(latest, UInt32(clamping: seconds))
        Self.increment(&hours, seconds / 3_600 % 24)
        Self.increment(&days, Self.weekday(seconds))
    }

    private static func increment(_ counts: inout [UInt8], _ index: Int) {
        if counts[index] == .max { for other in counts.indices { counts[other] /= 2 } }
        counts[index] += 1
    }

    /// 1970 began on a Thursday.
    private static func weekday(_ seconds: Int) -> Int {
        (seconds / 86_400 + 3) % 7
    }

    private static func weight(of age: Float) -> Float {
        exp2f(-max(0, age) / halfLife)
    }

    /// The weights of all seconds up to `age` together.
    private static func weighted(_ age: Float) -> Float {
        (1 - weight(of: age)) * halfLife / 0.693_147_2
    }

    // MARK: Expecting

    /// Entries a second, taken over the week, as things stand at `now`: it falls while nothing comes.
    package func rate(at now: Date) -> Float {
        var later = self
        if updated > 0 { later.pass(to: now) }
        return (later.count + Self.priorCount) / (later.span + Self.priorSpan)
    }

    /// How much more or less than on average is published in the hour that begins at `seconds`: 1 is average.
    package func shape(at seconds: Int) -> Float {
        share(hours, seconds / 3_600 % 24, isCircular: true) * share(days, Self.weekday(seconds), isCircular: false)
    }

    /// An hour's neighbours count half, so that a few entries do not make a sharp picture; an imagined entry for
    /// each hour or day keeps it near average until there are many.
    private func share(_ counts: [UInt8], _ index: Int, isCircular: Bool) -> Float {
        let prior: Float = 1
        let total = counts.reduce(0) { $0 + Float($1) }
        var here = Float(counts[index])
        if isCircular {
            let (before, after) = (
                counts[(index + counts.count - 1) % counts.count], counts[(index + 1) % counts.count]
            )
            here = here / 2 + (Float(before) + Float(after)) / 4
        }
        return Float(counts.count) * (here + prior) / (total + Float(counts.count) * prior)
    }

    /// How many entries would have been expected since the latest, at the rate there was then.
    package func expectedSinceLatest(at now: Date) -> Float {
        guard isKnown, latest > 0 else { return 0 }
        let rate = count / (span + Self.priorSpan)
        return rate * max(0, Float(now.timeIntervalSince1970 - Double(latest)))
    }

    // MARK: Stored

    /// 47 bytes: count, span, updated, latest, hours and days, little-endian.
    package var bytes: [UInt8] {
        [count.bitPattern, span.bitPattern, updated, latest].flatMap { word in
            withUnsafeBytes(of: word.littleEndian) { Array($0) }
        } + hours + days
    }

    /// `nil` for anything that `bytes` did not write.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 47 else { return nil }
        func word(_ index: Int) -> UInt32 {
            bytes[index * 4..<index * 4 + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
        }
        count = Float(bitPattern: word(0))
        span = Float(bitPattern: word(1))
        updated = word(2)
        latest = word(3)
        hours = Array(bytes[16..<40])
        days = Array(bytes[40..<47])
        guard count >= 0, span >= 0, count.isFinite, span.isFinite else { return nil }
    }
}
