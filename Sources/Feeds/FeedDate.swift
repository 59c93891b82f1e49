// Dates as the wild writes them, read over bytes in one pass: a date is cut into numbers, words and signs, and what
// each of them can be is weighed at the end. It takes no locale, no calendar but the Gregorian and no clock.

package import FoundationEssentials

/// A date as a document states it.
package enum FeedDate: Sendable, Equatable {
    case date(Date)
    /// Two numbers could be day and month either way; both readings.
    case ambiguous(dayFirst: Date, monthFirst: Date)

    /// Reads a date of at most 120 bytes. `nil` if a person could not read it either.
    package init?(_ text: String) {
        var text = text
        let date = text.withUTF8 { buffer -> FeedDate? in
            guard buffer.count <= 120 else { return nil }
            var reader = DateReader()
            reader.run(buffer.span)
            return reader.result
        }
        guard let date else { return nil }
        self = date
    }

    package func date(dayFirst: Bool) -> Date {
        switch self {
        case .date(let date): date
        case .ambiguous(let dayFirstDate, let monthFirstDate): dayFirst ? dayFirstDate : monthFirstDate
        }
    }
}

/// What a date's numbers turned out to be.
struct DateParts {
    var year: Int
    var month = 1
    var day = 1
    var seconds = 0
    var fraction = 0.0
    /// Seconds east of UTC.
    var offset = 0

    /// `nil` for a day that does not exist, or beyond the years that are written with four digits.
    var date: Date? {
        guard (0...9999).contains(year), (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year)
        else { return nil }
        return Date(timeIntervalSince1970: Double(days * 86_400 + seconds - offset) + fraction)
    }

    private static func days(in month: Int, of year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    /// Days since 1970-01-01 in the proleptic Gregorian calendar (Hinnant, "chrono-compatible date algorithms").
    private var days: Int {
        let year = month <= 2 ? self.year - 1 : self.year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
