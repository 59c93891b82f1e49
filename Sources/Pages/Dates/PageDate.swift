// Dates as pages write them for people: in words, relative to now, without a year, without a zone. What a program wrote
// (epochs, ISO 8601) goes to the feeds' reader; the rest is cut into tokens here and weighed. Time is an argument.

internal import Feeds
package import Foundation

/// What is known of a page when its dates are read.
package struct DateContext: Sendable {
    /// When the page was fetched: "yesterday" is the day before it.
    package var now: Date
    /// The clock that dates without a zone are read by.
    package var zone: TimeZone
    /// Whether 03/04 is the third of April.
    package var dayFirst: Bool

    package init(now: Date, zone: TimeZone = .gmt, dayFirst: Bool = false) {
        self.now = now
        self.zone = zone
        self.dayFirst = dayFirst
    }
}

/// A date that was read from a page.
package struct PageDate: Sendable, Equatable {
    package var date: Date
    /// Whether it is counted back from now ("3 days ago"), so that the next poll reads another.
    package var isRelative: Bool
    /// The day's numbers as they stand and the second of the day, where other dates of the page settle which of them is
    /// the month: they stay when the page's other dates change.
    package var ambiguous: String?

    /// Reads the first date in a text of which the first 200 characters count. `nil` where there is none.
    package init?(_ text: String, _ context: DateContext) {
        let text = String(text.prefix(200)).trimmingCharacters(in: .whitespacesAndNewlines)
        guard let first = text.unicodeScalars.first else { return nil }
        if first.properties.numericType != nil, let stated = Self.machine(text) {
            self.init(date: stated, isRelative: false)
            return
        }
        let reading = DateReading(DateTokens(text).tokens, context)
        guard let found = reading.date else { return nil }
        self = found
    }

    init(date: Date, isRelative: Bool, ambiguous: String? = nil) {
        self.date = date
        self.isRelative = isRelative
        self.ambiguous = ambiguous
    }

    /// Whether a text says when, to the letter: an epoch, or ISO 8601 with its zone.
    static func isMachine(_ text: String) -> Bool {
        let bytes = Array(text.utf8.prefix(40))
        if bytes.count == text.utf8.count, [9, 10, 13].contains(bytes.count), bytes.allSatisfy(isDigit) { return true }
        return isZoned(bytes)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    /// `2024-05-01T10:00`, then perhaps seconds and their fraction, then `Z` or an offset at the end.
    private static func isZoned(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 17, bytes.count < 40 else { return false }
        for (byte, form) in zip(bytes, "0000-00-00T00:00".utf8) {
            let fits =
                switch form {
                case UInt8(ascii: "0"): isDigit(byte)
                case UInt8(ascii: "T"): byte == form || byte == UInt8(ascii: " ")
                default: byte == form
                }
            guard fits else { return false }
        }
        let rest = bytes[16...].drop { isDigit($0) || ":.,".utf8.contains($0) }
        if rest.elementsEqual("Z".utf8) || rest.elementsEqual(" Z".utf8) { return true }
        let offset = rest.first == UInt8(ascii: " ") ? rest.dropFirst() : rest
        guard let sign = offset.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return false }
        let digits = offset.dropFirst().filter { $0 != UInt8(ascii: ":") }
        return digits.count == 4 && digits.allSatisfy(isDigit)
    }

    private static func machine(_ text: String) -> Date? {
        guard isMachine(text) else { return nil }
        guard case .date(let date)? = FeedDate(text) else { return nil }
        return date
    }

    /// How ambiguous numbers are to be read, as far as these texts of one page tell: `nil` where none does.
    package static func dayFirst(in texts: some Sequence<String>) -> Bool? {
        var day = 0
        var month = 0
        // What a program wrote tells nothing, and most dates are such.
        for text in texts.prefix(200) where !isMachine(text) {
            switch DateReading.evidence(DateTokens(String(text.prefix(200))).tokens) {
            case true?: day += 1
            case false?: month += 1
            case nil: break
            }
        }
        return day == month ? nil : day > month
    }
}
