// When a digest is due, and how much it tells.

package import Foundation

/// Mentions gathered and told together: at a time of day, or every so often.
package struct Digest: Sendable, Equatable {
    package var rhythm: Rhythm
    /// How many mentions it tells; the others are counted.
    package var top = 10
    /// Whether it comes also when there is nothing to tell.
    package var comesEmpty = false

    package enum Rhythm: Sendable, Equatable {
        /// At a minute since midnight of these weekdays (0 is Sunday; none means every day).
        case daily(minute: Int, weekdays: [ClosedRange<Int>], zone: TimeZone)
        /// Every so many seconds, counted from midnight UTC, so that a restart changes nothing.
        case every(TimeInterval)
    }

    package init(_ rhythm: Rhythm, top: Int = 10, comesEmpty: Bool = false) {
        self.rhythm = rhythm
        self.top = top
        self.comesEmpty = comesEmpty
    }

    /// The first time after `date` at which it is due.
    package func next(after date: Date) -> Date {
        switch rhythm {
        case .every(let seconds):
            return Date(timeIntervalSince1970: ((date.timeIntervalSince1970 / seconds).rounded(.down) + 1) * seconds)
        case .daily(let minute, let weekdays, let zone):
            let calendar = Calendar.gregorian(in: zone)
            let times = (0...8).lazy.compactMap { day in
                calendar.date(byAdding: .day, value: day, to: date).flatMap { calendar.time(minute, onDayOf: $0) }
            }
            let due = times.first { time in
                let weekday = calendar.component(.weekday, from: time) - 1
                return time > date && (weekdays.isEmpty || weekdays.contains { $0.contains(weekday) })
            }
            return due ?? date.addingTimeInterval(86_400)
        }
    }
}
