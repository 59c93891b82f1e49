// The `time_intervals` of a configuration, as Alertmanager writes them.

import Alerting
import Foundation
import Yams

struct HoursReader {
    let file: YAMLFile

    func read(_ nodes: [Node]) -> [Hours] {
        var names: Set<String> = []
        return nodes.compactMap { node in
            guard
                let section = Section(node, in: file, what: "a time interval", knowing: ["name", "time_intervals"])
            else { return nil }
            let name = section.name(besides: &names, of: "time_intervals")
            let spans = section.list("time_intervals").compactMap(span)
            if section.node("time_intervals") == nil { file.problem("`time_intervals` is missing", at: node) }
            return name.map { Hours(name: $0, spans: spans) }
        }
    }

    private static let keys = ["times", "weekdays", "days_of_month", "months", "years", "location"]

    private func span(_ node: Node) -> Hours.Span? {
        guard let section = Section(node, in: file, what: "an interval", knowing: Self.keys) else { return nil }
        guard let zone = section.zone() else { return nil }
        var span = Hours.Span(zone: zone)
        span.times = section.list("times").compactMap(times)
        span.weekdays = section.ranges("weekdays", names: Section.weekdays, from: 0, 0...6)
        span.daysOfMonth = section.daysOfMonth("days_of_month")
        span.months = section.ranges("months", names: Self.months, from: 1, 1...12)
        span.years = section.ranges("years", names: [], from: 0, 1_970...9_999)
        return span
    }

    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]

    private func times(_ node: Node) -> Range<Int>? {
        guard let section = Section(node, in: file, what: "a time range", knowing: ["start_time", "end_time"]),
            let start = section.minute("start_time"), let end = section.minute("end_time", mayEndDay: true)
        else { return nil }
        guard start < end else {
            file.problem("`start_time` comes before `end_time`; for a night write two ranges", at: node)
            return nil
        }
        return start..<end
    }
}

extension Section {
    static let weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]

    /// The zone named by `location`; UTC without one, as with Alertmanager. `nil` for one that does not exist.
    func zone() -> TimeZone? {
        guard let node = node("location") else { return .gmt }
        guard let name = text("location") else { return nil }
        guard let zone = name == "UTC" ? .gmt : TimeZone(identifier: name) else {
            let suggestion = Suggestion.text(for: name, among: TimeZone.knownTimeZoneIdentifiers)
            file.problem("`location`: `\(name)` is no time zone; write Europe/Amsterdam or UTC\(suggestion)", at: node)
            return nil
        }
        return zone
    }

    /// A time of day, in minutes since midnight.
    ///
    /// - Parameter mayEndDay: whether it may be 24:00, which ends this day and is a time of the next one.
    func minute(_ key: String, mayEndDay: Bool = false) -> Int? {
        guard let text = requiredText(key), let node = node(key) else { return nil }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { part in
            part.count == 2 ? Int(part) : nil
        }
        if parts.count == 2, let hour = parts[0], let minute = parts[1], 0...59 ~= minute,
            0..<(mayEndDay ? 1_441 : 1_440) ~= 60 * hour + minute
        {
            return 60 * hour + minute
        }
        let end = mayEndDay ? ", or 24:00 for the day's end" : ""
        file.problem("`\(key)`: `\(text)` is not a time of day; write 08:30\(end)", at: node)
        return nil
    }

    /// Texts like `monday:friday`, `6` or `-3:-1`.
    ///
    /// - Parameters:
    ///   - names: of the numbers from `first` on.
    ///   - allowed: what a number may be.
    func ranges(_ key: String, names: [String], from first: Int, _ allowed: ClosedRange<Int>) -> [ClosedRange<Int>] {
        let example = names.isEmpty ? "\(allowed.lowerBound)" : "\(names[1]):\(names[5])"
        return spans(key, names: names, from: first, example: example) { start, end in
            start <= end && allowed.contains(start) && allowed.contains(end) ? start...end : nil
        }
    }

    /// From 1, or below 0 from the month's end: `1:5`, `-3:-1`, `15:-1`. Not `-3:5`, which goes on in the next month.
    func daysOfMonth(_ key: String) -> [Hours.Days] {
        func place(_ day: Int) -> Int { day < 0 ? 32 + day : day }
        return spans(key, names: [], from: 0, example: "1:5, or -3:-1 for the last three days") { start, end in
            guard 1...31 ~= start.magnitude, 1...31 ~= end.magnitude, start > 0 || end < 0, place(start) <= place(end)
            else { return nil }
            return Hours.Days(first: start, last: end)
        }
    }

    /// - Parameter span: of the two ends, which are the same where one is written; `nil` if they are none.
    private func spans<Span>(
        _ key: String, names: [String], from first: Int, example: String, _ span: (Int, Int) -> Span?
    ) -> [Span] {
        list(key).compactMap { node in
            guard let text = file.text(node, of: key) else { return nil }
            let ends = text.lowercased().split(separator: ":", omittingEmptySubsequences: false).map { part in
                names.firstIndex(of: String(part)).map { $0 + first } ?? Int(part)
            }
            if ends.count <= 2, let start = ends.first ?? nil, let end = ends.last ?? nil, let span = span(start, end) {
                return span
            }
            file.problem("`\(key)`: `\(text)` is no range of these; write for example \(example)", at: node)
            return nil
        }
    }
}
