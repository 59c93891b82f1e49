// Named times of the week, month and year: Alertmanager's `time_intervals`.

package import Foundation

/// A named set of times.
package struct Hours: Sendable, Equatable {
    package var name: String
    package var spans: [Span]

    package init(name: String, spans: [Span]) {
        self.name = name
        self.spans = spans
    }

    package func contains(_ date: Date) -> Bool {
        spans.contains { $0.contains(date) }
    }

    /// The times on the n-th local day after that of `date` at which one of the spans may begin or end.
    func changes(day: Int, from date: Date) -> [Date] {
        spans.flatMap { $0.changes(day: day, from: date) }
    }

    /// Days of a month, counted from 1, or with numbers below 0 from its end.
    package struct Days: Sendable, Equatable {
        package var first: Int
        package var last: Int

        package init(first: Int, last: Int) {
            self.first = first
            self.last = last
        }
    }

    /// Times that meet all of its conditions; an empty condition is met by all.
    package struct Span: Sendable, Equatable {
        /// Minutes since midnight, by the clock on the wall.
        package var times: [Range<Int>] = []
        /// 0 is Sunday.
        package var weekdays: [ClosedRange<Int>] = []
        package var daysOfMonth: [Days] = []
        package var months: [ClosedRange<Int>] = []
        package var years: [ClosedRange<Int>] = []
        private let calendar: Calendar

        /// - Parameter zone: whose clock on the wall.
        package init(zone: TimeZone) {
            calendar = .gregorian(in: zone)
        }

        func contains(_ date: Date) -> Bool {
            let parts = calendar.dateComponents([.year, .month, .day, .weekday, .hour, .minute], from: date)
            guard let year = parts.year, let month = parts.month, let day = parts.day, let weekday = parts.weekday,
                let hour = parts.hour, let minute = parts.minute
            else { return false }
            func holds(_ ranges: [ClosedRange<Int>], _ value: Int) -> Bool {
                ranges.isEmpty || ranges.contains { $0.contains(value) }
            }
            return holds(years, year) && holds(months, month) && holds(weekdays, weekday - 1)
                && (daysOfMonth.isEmpty || isDay(day, ofMonthOf: date))
                && (times.isEmpty || times.contains { $0.contains(60 * hour + minute) })
        }

        private func isDay(_ day: Int, ofMonthOf date: Date) -> Bool {
            let length = calendar.range(of: .day, in: .month, for: date)?.count ?? 31
            func fromStart(_ day: Int) -> Int { day < 0 ? length + 1 + day : day }
            return daysOfMonth.contains { fromStart($0.first) <= day && day <= fromStart($0.last) }
        }

        func changes(day: Int, from date: Date) -> [Date] {
            guard let noon = calendar.date(byAdding: .day, value: day, to: date) else { return [] }
            let minutes = Set(times.flatMap { [$0.lowerBound, $0.upperBound] } + [0, 1_440])
            return minutes.compactMap { calendar.time($0, onDayOf: noon) }
        }
    }
}

extension Calendar {
    static func gregorian(in zone: TimeZone) -> Calendar {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        return calendar
    }

    /// When the clock on the wall shows this minute of the day; 1,440 is the next midnight. An hour that is left out in
    /// spring is the one behind it.
    func time(_ minute: Int, onDayOf date: Date) -> Date? {
        guard minute < 1_440 else {
            return self.date(byAdding: .day, value: 1, to: date).map(startOfDay)
        }
        guard minute > 0 else { return startOfDay(for: date) }
        return self.date(bySettingHour: minute / 60, minute: minute % 60, second: 0, of: date)
    }
}
