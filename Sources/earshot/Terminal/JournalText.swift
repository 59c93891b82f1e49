// A journal line as a person reads it: when, which watch, where, and the words in their context.

import Foundation
import Journaling
import Model

struct JournalText {
    let style: Style

    /// Characters of context on each side of the first match.
    private static let context = 70

    func text(of line: Data) -> String {
        guard let event = try? JSONDecoder.earshot.decode(JournalEvent.self, from: line) else {
            return Visible.text(String(decoding: line, as: UTF8.self))
        }
        let time = style.faint(Self.time(event.time))
        switch event.happening {
        case .mention(let mention): return "\(time)  \(text(of: mention))"
        case .delivery(let report): return "\(time)  \(text(of: report))"
        case .source(let report): return "\(time)  \(text(of: report))"
        case .alert(let report): return "\(time)  \(text(of: report))"
        case .withheld(let report): return "\(time)  \(text(of: report))"
        case .silence(let report):
            return "\(time)  silence \(report.change.rawValue): \(SilenceText.line(report.silence))"
        }
    }

    func text(of mention: Mention) -> String {
        let edited = mention.edited ? " (edited)" : ""
        let author = mention.entry.author.map { " by " + Visible.text($0) } ?? ""
        var lines = [style.bold(Visible.text(mention.watch)) + edited + " in " + Visible.text(mention.source.name)]
        lines[0] += author
        if !mention.entry.title.isEmpty {
            lines.append(highlighted(mention.entry.title, .title, of: mention))
        }
        if !mention.entry.text.isEmpty { lines.append(highlighted(mention.entry.text, .body, of: mention)) }
        if let link = mention.entry.link { lines.append(style.faint(Visible.text(link))) }
        return lines.joined(separator: "\n    ")
    }

    private func text(of report: JournalEvent.DeliveryReport) -> String {
        let before = report.from.map { " instead of \(Visible.text($0))" } ?? ""
        let subject = "\(report.id) to \(Visible.text(report.receiver))\(before)"
        let reason = report.reason.map { ": " + Visible.text($0) } ?? ""
        let again = report.due.map { ", again at \(Self.time($0))" } ?? ""
        let isGood = ["delivered", "redelivered", "test delivered"].contains(report.verdict)
        let verdict = isGood ? style.good(report.verdict) : style.bad(report.verdict)
        let attempt = report.attempt > 0 ? ", attempt \(report.attempt)" : ""
        return "\(verdict) \(subject)\(attempt)\(reason)\(again)"
    }

    private func text(of report: SourceTrouble) -> String {
        let reason = report.reason.map { ": " + Visible.text($0) } ?? ""
        let state = report.state == .recovered ? style.good(report.state.rawValue) : style.bad(report.state.rawValue)
        return "\(state) \(Visible.text(report.name))\(reason)"
    }

    private func text(of report: JournalEvent.AlertReport) -> String {
        let status = report.status.map { " " + $0.rawValue } ?? ""
        let mentions = report.mentions.count
        let count = mentions == 0 ? "" : mentions == 1 ? ": 1 mention" : ": \(mentions) mentions"
        return "\(style.bold(report.kind.rawValue))\(status) \(report.id) for \(Visible.text(report.receiver))\(count)"
    }

    private func text(of report: JournalEvent.WithheldReport) -> String {
        let other = report.of.map { " " + Visible.text($0) } ?? ""
        return "withheld \(report.mention) from \(Visible.text(report.receiver)): \(report.reason)\(other)"
    }

    /// The text around its first match, on one line, with every match in it standing out.
    private func highlighted(_ text: String, _ field: Field, of mention: Mention) -> String {
        let scalars = Array(text.unicodeScalars)
        let places = mention.matches.filter { $0.field == field && 0 <= $0.start && $0.start <= $0.end }
            .filter { $0.end <= scalars.count }
            .sorted { $0.start < $1.start }
        let first = places.first?.start ?? 0
        let start = max(0, first - Self.context)
        let end = min(scalars.count, (places.first?.end ?? 0) + Self.context)
        var shown = start > 0 ? "…" : ""
        var at = start
        for place in places where place.start >= at && place.end <= end {
            shown += plain(scalars[at..<place.start]) + style.match(plain(scalars[place.start..<place.end]))
            at = place.end
        }
        return shown + plain(scalars[at..<end]) + (end < scalars.count ? "…" : "")
    }

    private func plain(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var text = ""
        for scalar in scalars { text.unicodeScalars.append(scalar.properties.isWhitespace ? " " : scalar) }
        return Visible.text(text)
    }

    /// In the user's time zone, to the second.
    static func time(_ date: Date) -> String {
        date.formatted(
            Date.VerbatimFormatStyle(
                format: """
                    \(year: .defaultDigits)-\(month: .twoDigits)-\(day: .twoDigits) \
                    \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\
                    \(second: .twoDigits)
                    """, timeZone: .current, calendar: Calendar(identifier: .gregorian)))
    }
}
