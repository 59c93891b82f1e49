// What an answer says about when to come back: its caching headers and the feed's own words.

package import Fetching
package import FoundationEssentials
package import Model

/// What a server and a feed would like.
package struct Advice: Sendable, Equatable {
    /// For how many seconds the answer stays good, by its headers; `nil` when they do not say.
    package var freshness: TimeInterval?
    package var pace = Pace()

    package init() {}
}

/// How long an answer stays good (RFC 9111).
package enum Freshness {
    /// What asks for more is a mistake, or what a server says of all static files: 16 years has been seen. In seconds.
    package static let longest: TimeInterval = 6 * 3_600

    /// The seconds that are left by Cache-Control's max-age, or else Expires, less Age; at most `longest`. `nil` when
    /// there are none: with `no-cache` or `no-store`, in the past, or illegible.
    package static func left(of response: Response, at now: Date) -> TimeInterval? {
        let directives = (response.header("Cache-Control") ?? "").split(separator: ",").map {
            $0.split(separator: "=", maxSplits: 1).map { part in
                String(part).lowercased().filter { !$0.isWhitespace && $0 != "\"" }
            }
        }
        guard !directives.contains(where: { ["no-cache", "no-store"].contains($0.first) }) else { return nil }
        let age = response.header("Age").flatMap { TimeInterval($0) }.map { max(0, $0) } ?? 0
        var lifetime: TimeInterval?
        if let maxAge = directives.first(where: { $0.first == "max-age" }) {
            lifetime = maxAge.count == 2 ? TimeInterval(maxAge[1]) : nil
        } else if let expires = response.header("Expires").flatMap({ HTTPDate.parse($0) }) {
            // By the server's own clock, where it tells it.
            let sent = response.header("Date").flatMap { HTTPDate.parse($0) } ?? now
            lifetime = expires.timeIntervalSince(sent)
        }
        guard let left = lifetime.map({ $0 - age }), left > 0 else { return nil }
        return min(left, longest)
    }
}

extension Pace {
    /// The least time between two polls that the feed itself asks for, in seconds, at most `Freshness.longest`: `ttl`s
    /// of a week stand in feeds that publish daily.
    var interval: TimeInterval? {
        let asked = max(ttl ?? .zero, period ?? .zero) / .seconds(1)
        return asked > 0 ? min(asked, Freshness.longest) : nil
    }

    /// The first time from `date` on at which the feed does not say that it never changes then; `date` itself if it
    /// says so of every hour of the week.
    func awake(from date: Date) -> Date {
        guard !skipHours.isEmpty || !skipDays.isEmpty else { return date }
        let start = Int(date.timeIntervalSince1970)
        for hour in 0...168 {
            let seconds = hour == 0 ? start : (start / 3_600 + hour) * 3_600
            // 1970 began on a Thursday, the fourth day.
            let (hourOfDay, weekday) = (seconds / 3_600 % 24, (seconds / 86_400 + 3) % 7 + 1)
            guard skipHours.contains(hourOfDay) || skipDays.contains(weekday) else {
                return hour == 0 ? date : Date(timeIntervalSince1970: Double(seconds))
            }
        }
        return date
    }
}
