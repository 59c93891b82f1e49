// `inspect` for people.

import Feeds
import Foundation
import Model
import Pages

struct InspectionText {
    private let inspection: Inspection
    private static let shownEntries = 5

    init(_ inspection: Inspection) {
        self.inspection = inspection
    }

    var text: String {
        var lines: [String] = []
        if !inspection.what.isEmpty { lines.append("This is \(inspection.what).") }
        if let failure = inspection.failure { lines.append("There is nothing to watch here: \(failure).") }
        if let advice = inspection.advice { lines.append(advice) }
        lines += inspection.page?.remarks.map { "Note: \($0)." } ?? []
        lines += ways + entries
        if let yaml = inspection.yaml { lines += ["", "To watch it, under `sources`:", yaml] }
        return lines.map { Visible.text($0, keeping: "\n") }.joined(separator: "\n")
    }

    private var ways: [String] {
        guard !inspection.ways.isEmpty else { return [] }
        var lines = ["", "Ways in, the best first:"]
        for (number, way) in inspection.ways.enumerated() {
            lines.append("  \(number + 1). \(way.form.rawValue)  \(Address.shown(way.url))")
            lines.append("     gives \(way.gives)" + (way.loses.map { "; loses \($0)" } ?? ""))
        }
        return lines
    }

    private var entries: [String] {
        guard let entries = inspection.feed?.entries, !entries.isEmpty else { return [] }
        var lines = ["", "\(entries.count) entries as Earshot sees them:"]
        for entry in entries.prefix(Self.shownEntries) { lines += Self.lines(entry) }
        if entries.count > Self.shownEntries { lines.append("  … and \(entries.count - Self.shownEntries) more") }
        return lines
    }

    private static func lines(_ entry: Entry) -> [String] {
        let plain = entry.plainText()
        let head = [
            entry.published.map { $0.formatted(.iso8601) } ?? "without a date",
            plain.author.isEmpty ? "without an author" : plain.author,
            entry.rating.map { "rated \($0)" }, entry.id.map { "id \($0)" },
        ]
        let words = (plain.title.isEmpty ? "" : plain.title + " — ") + plain.body.replacing("\n", with: " ")
        return ["  • " + head.compactMap(\.self).joined(separator: " · "), "    " + String(words.prefix(140))]
    }
}
