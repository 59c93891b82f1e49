// The pass over one date: what each number, word and sign may be, and what they are together. A value that lives as
// long as one date; it looks at every byte once.

internal import Foundation

struct DateReader {
    /// A number that is neither part of a time nor of an offset.
    private struct Number {
        var value = 0
        var digits = 0
        /// The byte right before it, a separator if it is one.
        var before: UInt8 = 0
        /// An apostrophe makes it a year: '11.
        var isYear: Bool { before == UInt8(ascii: "'") }
    }

    /// The numbers so far, in place: every entry of every poll has a date, and an Array would ask for memory each time.
    private struct Numbers {
        static let most = 8
        private var places = InlineArray<8, Number>(repeating: Number())
        private(set) var count = 0

        var isEmpty: Bool { count == 0 }

        subscript(index: Int) -> Number { places[index] }

        mutating func append(_ number: Number) {
            places[count] = number
            count += 1
        }
    }

    private var numbers = Numbers()
    private var month: Int?
    private var time: Int?
    private var fraction = 0.0
    private var offset: Int?
    private var isAfternoon: Bool?
    private var zoneName: String?
    private var unknownWords = 0
    private var isBroken = false

    mutating func run(_ text: Span<UInt8>) {
        var index = 0
        while index < text.count, !isBroken {
            let byte = text[index]
            if Self.isDigit(byte) {
                index = number(text, from: index)
            } else if Self.isLetter(byte) {
                index = word(text, from: index)
            } else if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-"), time != nil || offset != nil {
                index = sign(text, from: index)
            } else {
                index += 1
            }
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    /// Letters, and everything beyond ASCII, which in a date is letters too.
    private static func isLetter(_ byte: UInt8) -> Bool {
        let lower = byte | 0x20
        return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z") || byte >= 0x80
    }

    // MARK: Numbers

    /// The digits of `20031231101455`; what follows in a longer number does not count.
    private static let longestNumber = 14

    private static func value(_ text: Span<UInt8>, from start: Int) -> (value: Int, end: Int) {
        var index = start
        var value = 0
        while index < text.count, isDigit(text[index]) {
            if index - start < longestNumber { value = value * 10 + Int(text[index] - UInt8(ascii: "0")) }
            index += 1
        }
        return (value, index)
    }

    private mutating func number(_ text: Span<UInt8>, from start: Int) -> Int {
        let (value, end) = Self.value(text, from: start)
        if time == nil, end + 1 < text.count, text[end] == UInt8(ascii: ":"), Self.isDigit(text[end + 1]),
            end - start <= 2
        {
            return clock(text, hour: value, from: end + 1)
        }
        if time == nil, isCompactTime(text, start, end) { return compactTime(value, digits: end - start, end: end) }
        let before = start > 0 ? text[start - 1] : 0
        guard numbers.count < Numbers.most else {
            isBroken = true
            return end
        }
        numbers.append(Number(value: value, digits: end - start, before: before))
        return end
    }

    /// `12:30:45.123`, from after the first colon. A second or minute beyond 59 is no time.
    private mutating func clock(_ text: Span<UInt8>, hour: Int, from start: Int) -> Int {
        var (minute, index) = Self.value(text, from: start)
        var second = 0
        if index + 1 < text.count, text[index] == UInt8(ascii: ":"), Self.isDigit(text[index + 1]) {
            (second, index) = Self.value(text, from: index + 1)
        }
        if index + 1 < text.count, text[index] == UInt8(ascii: ".") || text[index] == UInt8(ascii: ","),
            Self.isDigit(text[index + 1])
        {
            let (value, end) = Self.value(text, from: index + 1)
            fraction = Double(value) / pow(10, Double(min(end - index - 1, Self.longestNumber)))
            index = end
        }
        setTime(hour, minute, second)
        return index
    }

    /// 23:59:60 is a leap second, 24:00 the end of the day.
    private mutating func setTime(_ hour: Int, _ minute: Int, _ second: Int) {
        guard hour < 24 || hour == 24 && minute == 0 && second == 0, minute < 60, second <= 60 else {
            isBroken = true
            return
        }
        time = hour * 3600 + minute * 60 + min(second, 59)
    }

    /// The basic forms of ISO 8601 have no colon: `20031231T101455`.
    private func isCompactTime(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        start > 1 && text[start - 1] | 0x20 == UInt8(ascii: "t") && Self.isDigit(text[start - 2])
            && [2, 4, 6].contains(end - start)
    }

    private mutating func compactTime(_ value: Int, digits: Int, end: Int) -> Int {
        let padded = digits == 2 ? value * 10_000 : digits == 4 ? value * 100 : value
        setTime(padded / 10_000, padded / 100 % 100, padded % 100)
        return end
    }

    // MARK: Words and offsets

    private mutating func word(_ text: Span<UInt8>, from start: Int) -> Int {
        var end = start
        while end < text.count, Self.isLetter(text[end]) || text[end] == UInt8(ascii: ".") && isInitial(text, end) {
            end += 1
        }
        if end < text.count, text[end] == UInt8(ascii: "/"), end + 1 < text.count, Self.isLetter(text[end + 1]) {
            return zoneName(text, from: start)
        }
        switch DateWords.look(text.extracting(start..<end)) {
        case .month(let month) where self.month == nil:
            self.month = month
        case .morning: isAfternoon = false
        case .afternoon: isAfternoon = true
        case .zone(let seconds): if time != nil || end - start > 1 { offset = offset ?? seconds }
        case .place(let name): if time != nil { zoneName = name }
        case .nothing, .month: break
        case nil: unknownWords += 1
        }
        return end
    }

    /// The dot in "p.m.".
    private func isInitial(_ text: Span<UInt8>, _ index: Int) -> Bool {
        index > 0 && index + 1 < text.count && text[index + 1] | 0x20 == UInt8(ascii: "m")
    }

    /// `Europe/Amsterdam`.
    private mutating func zoneName(_ text: Span<UInt8>, from start: Int) -> Int {
        var end = start
        while end < text.count, Self.isLetter(text[end]) || "/_-".utf8.contains(text[end]) { end += 1 }
        zoneName = text.extracting(start..<end).string
        return end
    }

    /// `+0200`, `-02:00`, `+ 0200`, `GMT-1`; a hyphen before anything else only separates.
    private mutating func sign(_ text: Span<UInt8>, from start: Int) -> Int {
        var index = start + 1
        while index < text.count, text[index] == UInt8(ascii: " ") { index += 1 }
        guard index < text.count, Self.isDigit(text[index]) else { return start + 1 }
        let (value, end) = Self.value(text, from: index)
        let digits = end - index
        // "10:30 - 12 May 2011"
        let isSeparator = index > start + 1 && digits != 4
        guard digits <= 4, !isSeparator else { return start + 1 }
        let sign = text[start] == UInt8(ascii: "-") ? -1 : 1
        guard digits <= 2 else {
            offset = sign * (value / 100 * 3600 + value % 100 * 60)
            return end
        }
        offset = sign * value * 3600
        guard end + 2 < text.count, text[end] == UInt8(ascii: ":"), Self.isDigit(text[end + 1]) else { return end }
        let minutes = Self.value(text, from: end + 1)
        guard minutes.value < 60 else { return end }
        offset = sign * (value * 3600 + minutes.value * 60)
        return minutes.end
    }
}

// MARK: - What it adds up to

extension DateReader {
    var result: FeedDate? {
        guard !isBroken, !numbers.isEmpty else { return nil }
        if month == nil, time == nil, numbers.count <= 2, unknownWords == 0, let date = epoch { return .date(date) }
        if month != nil { return named.flatMap { parts($0) }.map { .date($0) } }
        if let compact = compact { return parts(compact).map { .date($0) } }
        return numeric
    }

    /// Puts day and time together.
    private func parts(_ day: DateParts) -> Date? {
        var parts = day
        var seconds = time ?? 0
        if let isAfternoon, time != nil {
            let hour = seconds / 3600
            if isAfternoon, hour < 12 { seconds += 12 * 3600 }
            if !isAfternoon, hour == 12 { seconds -= 12 * 3600 }
        }
        parts.seconds += seconds
        parts.fraction = fraction
        // The widest offset in use is +14:00; a document's nonsense is not taken for a zone.
        if let offset, abs(offset) <= 16 * 3600 { parts.offset = offset }
        guard let date = parts.date else { return nil }
        guard let zoneName, offset == nil, let zone = TimeZone(identifier: zoneName) else { return date }
        // The date is still the place's own clock read as UTC; the second look is right on the days clocks change too.
        let nearby = date.addingTimeInterval(-Double(zone.secondsFromGMT(for: date)))
        return date.addingTimeInterval(-Double(zone.secondsFromGMT(for: nearby)))
    }

    /// Seconds or milliseconds since 1970; nine digits reach back to 1973.
    private var epoch: Date? {
        let number = numbers[0]
        guard number.before == 0 || number.before == UInt8(ascii: "\"") else { return nil }
        switch number.digits {
        case 9...10 where numbers.count == 1 || numbers[1].before == UInt8(ascii: "."):
            return Date(timeIntervalSince1970: Double(number.value))
        case 13 where numbers.count == 1: return Date(timeIntervalSince1970: Double(number.value) / 1000)
        default: return nil
        }
    }

    /// Two digits mean 1970–2069, as POSIX has it.
    private static func year(_ number: Number) -> Int {
        guard number.digits <= 2 else { return number.value }
        return number.value < 70 ? 2000 + number.value : 1900 + number.value
    }

    /// The month has a name: one number is the year, another the day.
    private var named: DateParts? {
        guard let month else { return nil }
        let yearIndex = (0..<min(2, numbers.count)).first {
            numbers[$0].digits >= 4 || numbers[$0].isYear || numbers[$0].value > 31
        }
        guard numbers.count > 1 else {
            // "October 2011"; with a time of day, a day must be there as well.
            guard yearIndex != nil, time == nil else { return nil }
            return DateParts(year: Self.year(numbers[0]), month: month)
        }
        let index = yearIndex ?? 1
        let day = numbers[1 - index]
        guard day.digits <= 2 || day.digits == 3 && day.value <= 31 else { return nil }
        return DateParts(year: Self.year(numbers[index]), month: month, day: day.value)
    }

    /// One run of digits: `20031231`, `20031231101455`, `031231`, `2003`; and ISO 8601's ordinal days and weeks.
    private var compact: DateParts? {
        let first = numbers[0]
        let value = first.value
        switch (numbers.count, first.digits) {
        case (1, 14):
            var parts = DateParts(
                year: value / 10_000_000_000, month: value / 100_000_000 % 100, day: value / 1_000_000 % 100)
            parts.seconds = value / 10_000 % 100 * 3600 + value / 100 % 100 * 60 + value % 100
            return parts
        case (1, 8): return DateParts(year: value / 10_000, month: value / 100 % 100, day: value % 100)
        case (1, 7): return ordinal(year: value / 1000, day: value % 1000)
        case (1, 6): return DateParts(year: 2000 + value / 10_000, month: value / 100 % 100, day: value % 100)
        case (1, 4) where first.before == UInt8(ascii: "-"):
            return DateParts(year: 2000 + value / 100, month: value % 100)
        case (1, 4) where (1900...2200).contains(value): return DateParts(year: value)
        case (2, 4) where numbers[1].digits == 3 && month == nil: return ordinal(year: value, day: numbers[1].value)
        case (2, 4) where numbers[1].digits <= 2 && unknownWords == 0 && time == nil:
            return DateParts(year: value, month: numbers[1].value)
        case (2, 2) where first.before == UInt8(ascii: "-"):
            return DateParts(year: 2000 + value, month: numbers[1].value)
        default: return nil
        }
    }

    private func ordinal(year: Int, day: Int) -> DateParts? {
        guard (1...366).contains(day) else { return nil }
        var rest = day
        for month in 1...12 {
            var parts = DateParts(year: year, month: month)
            while parts.day <= 31, parts.date != nil {
                if rest == 1 { return parts }
                rest -= 1
                parts.day += 1
            }
        }
        return nil
    }

    /// Three numbers and no name.
    private var numeric: FeedDate? {
        guard numbers.count >= 3 else { return nil }
        let (one, two, three) = (numbers[0], numbers[1], numbers[2])
        if one.digits >= 4 || one.isYear || one.value > 31 {
            // "2003-31-12" only makes sense one way.
            let isSwapped = two.value > 12 && three.value <= 12
            return day(Self.year(one), isSwapped ? three.value : two.value, isSwapped ? two.value : three.value)
        }
        // "03-12-31": with hyphens and two digits, ISO 8601's order.
        if three.digits <= 2, two.before == UInt8(ascii: "-"), one.value <= 12 || three.value > 31 {
            return day(2000 + one.value, two.value, three.value)
        }
        let year = Self.year(three)
        if one.value > 12 { return day(year, two.value, one.value) }
        if two.value > 12 { return day(year, one.value, two.value) }
        if two.before == UInt8(ascii: ".") || one.value == two.value { return day(year, two.value, one.value) }
        let dayFirst = parts(DateParts(year: year, month: two.value, day: one.value))
        let monthFirst = parts(DateParts(year: year, month: one.value, day: two.value))
        guard let dayFirst, let monthFirst else { return nil }
        return .ambiguous(dayFirst: dayFirst, monthFirst: monthFirst)
    }

    private func day(_ year: Int, _ month: Int, _ day: Int) -> FeedDate? {
        parts(DateParts(year: year, month: month, day: day)).map { .date($0) }
    }
}
