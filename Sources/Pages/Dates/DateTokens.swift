// A date in words, cut up: numbers with what stands around them, words in lower case, times of day already put
// together.

enum DateToken: Equatable {
    case number(DateNumber)
    case word(String)
    /// Seconds since midnight.
    case time(Int)
    /// Seconds east of UTC, after a time or a zone's name: `-0500`, `GMT+03:00`.
    case offset(Int)
}

/// A number that is no time of day.
struct DateNumber: Equatable {
    var value: Int
    var digits: Int
    /// The character right before and right after it, if it is a separator or a letter.
    var before: Character?
    var after: Character?
}

struct DateTokens {
    private(set) var tokens: [DateToken] = []
    private let text: [Character]
    private var index = 0

    /// What stands between year, month and day in Japanese, Chinese and Korean.
    private static let eastAsian: Set<Character> = ["年", "月", "日", "년", "월", "일"]
    /// Dates have up to a dozen parts.
    private static let most = 40

    init(_ text: String) {
        self.text = Array(text.lowercased())
        while index < self.text.count, tokens.count < Self.most { read() }
    }

    private mutating func read() {
        let character = text[index]
        if character.isASCII, character.isNumber {
            number()
        } else if character.isLetter {
            word()
        } else {
            index += 1
        }
    }

    private func digits(from start: Int) -> (value: Int, end: Int) {
        var end = start
        var value = 0
        while end < text.count, let byte = text[end].asciiValue, (0x30..<0x3A).contains(byte), end - start < 15 {
            value = value * 10 + Int(byte - 0x30)
            end += 1
        }
        return (value, end)
    }

    private func at(_ index: Int) -> Character? { text.indices.contains(index) ? text[index] : nil }

    private mutating func number() {
        let start = index
        let (value, end) = digits(from: start)
        let before = at(start - 1)
        index = end
        // "#64153115" counts posts, "r23" is a name.
        let isISOTime = before == "t" && at(start - 2)?.isNumber == true
        let isInName = before.map { $0.isLetter && !Self.eastAsian.contains($0) } ?? false
        if before == "#" || isInName && !isISOTime { return }
        if let offset = offset(value, before, digits: end - start, from: end) {
            tokens.append(.offset(offset))
            return
        }
        if end - start <= 2, let time = clock(hour: value, from: end) {
            tokens.append(.time(time))
            return
        }
        tokens.append(.number(.init(value: value, digits: end - start, before: before, after: at(end))))
    }

    /// `+0200`, `+02:00` and `-5` where a time or a zone's name stands right before.
    private mutating func offset(_ value: Int, _ sign: Character?, digits count: Int, from end: Int) -> Int? {
        guard let sign, "+-−".contains(sign), value <= 1_400 else { return nil }
        let isAfterZone = tokens.last.map { $0 == .word("gmt") || $0 == .word("utc") } ?? false
        var isAfterTime = false
        if case .time? = tokens.last { isAfterTime = count == 4 || sign == "+" }
        guard isAfterZone || isAfterTime else { return nil }
        var seconds = count > 2 ? (value / 100 * 60 + value % 100) * 60 : value * 3600
        if count <= 2, at(end) == ":" {
            let (minutes, minutesEnd) = self.digits(from: end + 1)
            if minutesEnd - end == 3, minutes < 60 {
                seconds += minutes * 60
                index = minutesEnd
            }
        }
        return sign == "+" ? seconds : -seconds
    }

    /// `14:03`, `14:03:05`, `14h03`, `14 h 03`, `14u03`, from after the hour.
    private mutating func clock(hour: Int, from end: Int) -> Int? {
        guard hour < 25, let separator = at(end) else { return nil }
        let isSpaced = separator == " " && at(end + 1) == "h" && at(end + 2) == " "
        let start = isSpaced ? end + 3 : end + 1
        let (minute, minuteEnd) = digits(from: start)
        let isClock = isSpaced || separator == ":" || separator == "h" || separator == "u"
        guard isClock, minuteEnd - start == 2, minute < 60 else { return nil }
        index = minuteEnd
        var second = 0
        if at(minuteEnd) == ":" {
            let (value, secondEnd) = digits(from: minuteEnd + 1)
            if secondEnd - minuteEnd == 3, value < 61 {
                second = min(value, 59)
                index = secondEnd
            }
        }
        return (hour * 60 + minute) * 60 + second
    }

    private mutating func word() {
        let start = index
        while index < text.count, text[index].isLetter || isInside(index) { index += 1 }
        tokens.append(.word(String(text[start..<index])))
    }

    /// The dots of "p.m." and the apostrophes and hyphens of "aujourd'hui" and "avant-hier".
    private func isInside(_ index: Int) -> Bool {
        guard let next = at(index + 1), next.isLetter else { return false }
        switch text[index] {
        case "'", "’": return true
        case ".": return next == "m" && ["a", "p"].contains(at(index - 1))
        case "-": return at(index - 1) == "t"
        default: return false
        }
    }
}
