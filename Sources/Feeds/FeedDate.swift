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
        self.init(text.utf8.span)
    }

    init?(_ text: Span<UInt8>) {
        guard text.count <= Self.longest else { return nil }
        var reader = DateReader()
        reader.run(text)
        guard let date = reader.result else { return nil }
        self = date
    }

    fileprivate static let longest = 120

    package func date(dayFirst: Bool) -> Date {
        switch self {
        case .date(let date): date
        case .ambiguous(let dayFirstDate, let monthFirstDate): dayFirst ? dayFirstDate : monthFirstDate
        }
    }
}

/// A date as a document states it, and what it says about the document's other dates.
struct StatedDate {
    /// What 25/12 says of the dates beside it, and 12/25; any other date says nothing.
    enum Order {
        case dayFirst, monthFirst
    }

    /// `nil` for one that is illegible.
    var date: FeedDate?
    var order: Order?
    /// It ends as AM and PM do.
    var endsInM: Bool

    init(_ text: Span<UInt8>) {
        date = FeedDate(text)
        order = Self.order(text)
        endsInM = text.count > 0 && text[text.count - 1] | 0x20 == UInt8(ascii: "m")
    }

    init(_ text: String) {
        self.init(text.utf8.span)
    }

    private static func order(_ text: Span<UInt8>) -> Order? {
        guard text.count <= FeedDate.longest else { return nil }
        var hasSlash = false
        for index in 0..<text.count where text[index] == UInt8(ascii: "/") { hasSlash = true }
        guard hasSlash else { return nil }
        var index = 0
        guard let one = number(text, from: &index), let two = number(text, from: &index), (one > 12) != (two > 12)
        else {
            return nil
        }
        return one > 12 ? .dayFirst : .monthFirst
    }

    /// The next number, if it could be a day or a month.
    private static func number(_ text: Span<UInt8>, from index: inout Int) -> Int? {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        while index < text.count, !digits.contains(text[index]) { index += 1 }
        guard index < text.count else { return nil }
        var value = 0
        while index < text.count, digits.contains(text[index]), value <= 31 {
            value = value * 10 + Int(text[index] - digits.lowerBound)
            index += 1
        }
        return value <= 31 ? value : nil
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
