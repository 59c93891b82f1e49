// What the tokens of a date add up to: a day by name, by numbers, by word, or so and so long ago; then the time of day
// and the zone.

internal import Feeds
internal import Foundation

struct DateReading {
    private let tokens: [DateToken]
    private let context: DateContext
    private var seconds: Int?
    private var isAfternoon: Bool?
    private var offset: Int?

    /// A day of the calendar; the year may be missing.
    struct Day {
        var year: Int?
        var month: Int
        var day: Int
    }

    init(_ tokens: [DateToken], _ context: DateContext) {
        self.tokens = tokens
        self.context = context
        for token in tokens {
            switch token {
            case .time(let time): seconds = seconds ?? time
            case .offset(let found): if seconds != nil { offset = found }
            case .word(let word): read(word)
            case .number: break
            }
        }
    }

    private mutating func read(_ word: String) {
        switch DateWords.look(word) {
        case .morning: if seconds != nil, isAfternoon == nil { isAfternoon = false }
        case .afternoon: if seconds != nil, isAfternoon == nil { isAfternoon = true }
        // Short names are words in other languages; a zone stands after its time.
        case .zone(let zone) where word.count > 1 && seconds != nil: offset = offset ?? zone
        default: break
        }
    }

    var date: PageDate? {
        if let day = namedDay { return dated(day).map { PageDate(date: $0, isRelative: false) } }
        if let day = numericDay {
            return dated(day).map { PageDate(date: $0, isRelative: false, ambiguous: ambiguous) }
        }
        return spoken ?? ago ?? timeAlone
    }

    // MARK: Days with a month's name

    private var numbers: [DateNumber] {
        tokens.compactMap { if case .number(let number) = $0 { number } else { nil } }
    }

    private func number(at index: Int) -> DateNumber? {
        guard tokens.indices.contains(index), case .number(let number) = tokens[index] else { return nil }
        return number
    }

    /// A number near a name, past one word ("28 de julio de 2023", "17th of December").
    private func number(from index: Int, by step: Int) -> (number: DateNumber, index: Int)? {
        for index in [index + step, index + 2 * step] {
            if let number = number(at: index) { return (number, index) }
            guard tokens.indices.contains(index), case .word(let word) = tokens[index],
                DateWords.look(word) == .nothing
            else { return nil }
        }
        return nil
    }

    private var namedDay: Day? {
        var best: Day?
        for (index, token) in tokens.enumerated() {
            guard case .word(let word) = token, case .month(let month)? = DateWords.look(word), !isBack(word),
                let day = named(month, at: index)
            else { continue }
            // A day with its year is surer: Jan and April are people's names too.
            if day.year != nil { return day }
            best = best ?? day
        }
        return best
    }

    /// "2 mo. ago" has no August in it, which is "ago" in Spanish and Italian.
    private func isBack(_ word: String) -> Bool {
        guard DateSpeech.look(word) == .back, !numbers.contains(where: { $0.digits == 4 }) else { return false }
        return tokens.contains {
            if case .word(let word) = $0, case .unit? = DateSpeech.look(word) { true } else { false }
        }
    }

    private func named(_ month: Int, at index: Int) -> Day? {
        let before = number(from: index, by: -1)
        let after = number(from: index, by: 1)
        if let day = before, Self.isDay(day.number) {
            return Day(year: after.flatMap { Self.year($0.number) }, month: month, day: day.number.value)
        }
        guard let day = after, Self.isDay(day.number) else { return nil }
        let next = number(from: day.index, by: 1)?.number
        let year = before.flatMap { $0.number.digits == 4 ? $0.number.value : nil }
        return Day(year: year ?? next.flatMap(Self.year), month: month, day: day.number.value)
    }

    private static func isDay(_ number: DateNumber) -> Bool {
        number.digits <= 2 && (1...31).contains(number.value)
    }

    /// Two digits are a year of 1970 to 2069.
    private static func year(_ number: DateNumber) -> Int? {
        switch number.digits {
        case 4: (1900...2200).contains(number.value) ? number.value : nil
        case 2: number.value < 70 ? 2000 + number.value : 1900 + number.value
        default: nil
        }
    }

    // MARK: Days in numbers

    private static func isSeparator(_ character: Character?) -> Bool {
        character == "-" || character == "/" || character == "."
    }

    /// The numbers that separators join, three of them or two.
    private static func run(_ numbers: [DateNumber]) -> [DateNumber]? {
        for start in numbers.indices {
            var end = start
            while end + 1 < numbers.count, end - start < 2, isSeparator(numbers[end].after),
                numbers[end].after == numbers[end + 1].before
            {
                end += 1
            }
            if end > start { return Array(numbers[start...end]) }
        }
        return nil
    }

    private var numericDay: Day? {
        guard let run = Self.run(numbers) else { return eastAsianDay }
        if run.count == 3, run[0].digits == 4 { return Self.day(run[0].value, run[1], run[2]) }
        let (day, month) = isDayFirst(run) ?? context.dayFirst ? (run[0], run[1]) : (run[1], run[0])
        guard run.count == 3 else {
            // "3.5" and "1/2" are no days: a day without a year has its time beside it.
            return seconds == nil ? nil : Self.day(nil, month, day)
        }
        return Self.year(run[2]).flatMap { Self.day($0, month, day) }
    }

    /// Whether the day comes before the month, as far as this date tells.
    private func isDayFirst(_ run: [DateNumber]) -> Bool? {
        if let evidence = Self.evidence(tokens) { return evidence }
        if run[0].after == "." { return true }
        return isAfternoon == nil ? nil : false
    }

    private var ambiguous: String? {
        guard let run = Self.run(numbers), run[0].digits <= 2, isDayFirst(run) == nil else { return nil }
        return run.map { "\($0.value)" }.joined(separator: "/") + " \(seconds ?? 0)"
    }

    /// `2024年5月1日`.
    private var eastAsianDay: Day? {
        guard numbers.count >= 3, numbers[0].after == "年" || numbers[0].after == "년", numbers[0].digits == 4 else {
            return nil
        }
        return Self.day(numbers[0].value, numbers[1], numbers[2])
    }

    private static func day(_ year: Int?, _ month: DateNumber, _ day: DateNumber) -> Day? {
        guard (1...12).contains(month.value), (1...31).contains(day.value) else { return nil }
        return Day(year: year, month: month.value, day: day.value)
    }

    /// Whether numbers that could be read two ways can only be read one way: `true` is day first.
    static func evidence(_ tokens: [DateToken]) -> Bool? {
        let numbers = tokens.compactMap { if case .number(let number) = $0 { number } else { nil } as DateNumber? }
        guard let run = run(numbers), run[0].digits <= 2 else { return nil }
        if run[0].value > 12, run[1].value <= 12 { return true }
        if run[1].value > 12, run[0].value <= 12 { return false }
        return nil
    }

    // MARK: Days by word

    private var spoken: PageDate? {
        for case .word(let word) in tokens {
            switch DateSpeech.look(word) {
            case .now: return PageDate(date: context.now, isRelative: true)
            case .daysBack(let days): return day(back: days, isRelative: seconds == nil)
            case .weekday(let weekday) where seconds != nil:
                let back = (today.weekday - weekday + 7) % 7
                return day(back: back, isRelative: false)
            default: break
            }
        }
        return nil
    }

    private var timeAlone: PageDate? {
        guard seconds != nil, let date = day(back: 0, isRelative: false) else { return nil }
        // A time that is still to come was yesterday's.
        let isToCome = date.date > context.now.addingTimeInterval(10 * 60)
        return isToCome ? day(back: 1, isRelative: false) : date
    }

    /// "3 days ago", "il y a 2 heures", "hace un año", "vor 5 Minuten", and the bare "5h" of social sites.
    private var ago: PageDate? {
        var count: Int?
        var length: Double?
        var isBack = false
        /// Whether the count is a word so far.
        var isWord = false
        for token in tokens {
            switch token {
            case .number(let number):
                // A number counts, whatever "a" or "un" stands before it.
                if number.digits <= 4, isWord || count == nil { count = number.value }
                isWord = false
            case .time, .offset: return nil
            case .word(let word):
                switch DateSpeech.look(word) {
                // French "an" is a year after its number: "il y a un an".
                case .one where word == "an" && count != nil: length = length ?? DateSpeech.year
                case .one where count == nil:
                    count = 1
                    isWord = true
                // The "y" of "il y a 3 heures" stands before any number.
                case .unit(let seconds) where count != nil: length = length ?? seconds
                case .back: isBack = true
                default: break
                }
            }
        }
        guard let count, let length, isBack || tokens.count == 2 else { return nil }
        return PageDate(date: context.now.addingTimeInterval(-Double(count) * length), isRelative: true)
    }

    // MARK: Putting it together

    /// Today by the page's clock.
    private var today: (day: Int, weekday: Int) {
        let local = context.now.timeIntervalSince1970 + Double(context.zone.secondsFromGMT(for: context.now))
        let day = Int((local / 86_400).rounded(.down))
        // 1970-01-01 was a Thursday; Monday is 0.
        return (day, (day % 7 + 7 + 3) % 7)
    }

    private func day(back days: Int, isRelative: Bool) -> PageDate? {
        moment(Double(today.day - days) * 86_400).map { PageDate(date: $0, isRelative: isRelative) }
    }

    private func dated(_ day: Day) -> Date? {
        if let year = day.year { return Self.midnight(year, day.month, day.day).flatMap(moment) }
        // Without a year: the last time that this day was, with a day's grace for clocks.
        let latest = context.now.addingTimeInterval(2 * 86_400)
        let thisYear = 1970 + Int(context.now.timeIntervalSince1970 / 31_556_952)
        for year in [thisYear + 1, thisYear, thisYear - 1, thisYear - 2, thisYear - 3, thisYear - 4] {
            guard let date = Self.midnight(year, day.month, day.day).flatMap(moment), date <= latest else { continue }
            return date
        }
        return nil
    }

    /// Seconds since 1970 of a day's beginning; the feeds' reader knows which days exist.
    private static func midnight(_ year: Int, _ month: Int, _ day: Int) -> Double? {
        let text = "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)T00:00:00Z"
        guard case .date(let date)? = FeedDate(text) else { return nil }
        return date.timeIntervalSince1970
    }

    private func moment(_ midnight: Double) -> Date? {
        var time = seconds ?? 0
        if isAfternoon == true, time < 12 * 3600 { time += 12 * 3600 }
        if isAfternoon == false, time >= 12 * 3600, time < 13 * 3600 { time -= 12 * 3600 }
        let date = Date(timeIntervalSince1970: midnight + Double(time))
        return date.addingTimeInterval(-Double(offset ?? context.zone.secondsFromGMT(for: date)))
    }
}
