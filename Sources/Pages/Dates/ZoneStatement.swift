// "All times are UTC+01:00", as forums write at the foot of their pages: the zone of dates that name none.

internal import Foundation
internal import Markup

enum ZoneStatement {
    /// The zone that the page states; `nil` where it states none. The foot is looked at, the last 8 KiB of text.
    static func find(in tree: HTMLTree) -> TimeZone? {
        let foot = tree.lastText(8 << 10)
        for name in ["UTC", "GMT"] {
            var rest = foot[...]
            while let found = rest.firstRange(of: name) {
                if isAboutTimes(foot[..<found.lowerBound]) { return zone(foot[found.upperBound...]) }
                rest = rest[found.upperBound...]
            }
        }
        return nil
    }

    /// Whether the words right before say that all times are so: in phpBB's, vBulletin's, SMF's and MyBB's languages.
    private static func isAboutTimes(_ text: Substring) -> Bool {
        let words = text.suffix(60).lowercased()
        return ["times are", "tijden zijn", "zeiten sind", "es ist jetzt", "heures", "horarios", "fuso orario"]
            .contains { words.contains($0) }
    }

    /// `+01:00`, ` -5`, nothing.
    private static func zone(_ text: Substring) -> TimeZone? {
        let rest = text.drop { $0 == " " }
        guard let sign = rest.first, "+-−".contains(sign) else { return .gmt }
        let digits = rest.dropFirst().drop { $0 == " " }
        let hours = digits.prefix { $0.isASCII && $0.isNumber }
        guard let count = Int(hours), count <= 14 else { return .gmt }
        let after = digits[hours.endIndex...]
        let minutes = after.first == ":" ? Int(after.dropFirst().prefix(2)) ?? 0 : 0
        let seconds = count * 3600 + minutes * 60
        return TimeZone(secondsFromGMT: sign == "+" ? seconds : -seconds)
    }
}
