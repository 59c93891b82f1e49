// A source as a person reads it: how the last poll went, when the next is, and everything worth a look.

import Foundation
import Model
import Monitoring

struct SourceText {
    let style: Style

    func text(of source: SourceStatus) -> String {
        var lines = [style.bold(Visible.text(source.name)) + "  " + style.faint(Visible.text(source.url))]
        lines.append(lastPoll(source))
        lines.append("next poll \(Self.time(source.due)): \(source.waiting ?? source.reason.text)")
        if let changed = source.changed { lines.append("last change \(Self.time(changed))\(rhythm(source))") }
        if let since = source.failingSince {
            lines.append(style.bad("failing since \(Self.time(since)), \(source.failures) polls in a row"))
        }
        if source.isSilent { lines.append(style.bad("silent for longer than its rhythm explains")) }
        if let moved = source.moved { lines.append("moved for good to \(Visible.text(moved))") }
        if let findings = source.findings { lines.append("in its last document: \(Visible.text(findings))") }
        return lines.joined(separator: "\n    ")
    }

    private func lastPoll(_ source: SourceStatus) -> String {
        guard let polled = source.polled, let outcome = source.outcome else { return "not polled yet" }
        let status = source.status.map { " (\($0))" } ?? ""
        let text = "last poll \(Self.time(polled))\(status): \(Visible.text(outcome))"
        return source.failures > 0 ? style.bad(text) : text
    }

    private func rhythm(_ source: SourceStatus) -> String {
        guard let rate = source.entriesADay else { return "" }
        let shown =
            rate >= 1
            ? "\(rate.formatted(.number.precision(.fractionLength(0...1)))) entries a day"
            : "an entry every \((1 / rate).formatted(.number.precision(.fractionLength(0)))) days"
        return ", about \(shown)"
    }

    private static func time(_ date: Date) -> String {
        JournalText.time(date)
    }
}
