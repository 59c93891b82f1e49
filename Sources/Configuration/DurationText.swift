// Durations as people write them: 90s, 15m, 1h30m, 7d.

package enum DurationText {
    private static let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800]
    /// Ten years: whoever writes more has slipped.
    private static let longest: Int64 = 315_360_000

    /// Reads whole numbers with a unit each, the largest unit first; `nil` when the text is anything else.
    package static func parse(_ text: String) -> Duration? {
        var total: Int64 = 0
        var digits = ""
        var smallest = Int64.max
        for character in text {
            if character.isASCII, character.isNumber {
                digits.append(character)
            } else {
                guard let unit = units[character], unit < smallest, let count = Int64(digits), count <= longest / unit
                else { return nil }
                total += count * unit
                smallest = unit
                digits = ""
            }
        }
        guard digits.isEmpty, smallest < .max, total <= longest else { return nil }
        return .seconds(total)
    }

    /// The shortest way to write a duration of whole seconds.
    package static func text(_ duration: Duration) -> String {
        var rest = duration.components.seconds
        var text = ""
        for (name, unit) in units.sorted(by: { $0.value > $1.value }) where rest >= unit {
            text += "\(rest / unit)\(name)"
            rest %= unit
        }
        return text.isEmpty ? "0s" : text
    }
}
