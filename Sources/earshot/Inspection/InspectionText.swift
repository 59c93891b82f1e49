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
        lines += ways + entries + source
        return lines.map { Visible.text($0, keeping: "\n") }.joined(separator: "\n")
    }

    private var ways: [String] {
        guard !inspection.ways.isEmpty else { return [] }
        var lines = ["", "Ways in, the best first:"]
        for (number, way) in inspection.ways.enumerated() {
            let isUntried = way.isNamed ? "" : "  (not asked yet; `earshot add` does)"
            lines.append("  \(number + 1). \(way.form.rawValue)  \(Address.shown(way.url))\(isUntried)")
            lines.append("     gives \(way.gives)" + (way.loses.map { "; loses \($0)" } ?? ""))
        }
        return lines
    }

    private var entries: [String] {
        guard let entries = inspection.feed?.entries, !entries.isEmpty else { return [] }
        let count =
            entries.count == 1 ? "One entry as Earshot sees it:" : "\(entries.count) entries as Earshot sees them:"
        var lines = ["", count]
        for entry in entries.prefix(Self.shownEntries) { lines += Self.lines(entry) }
        if entries.count > Self.shownEntries { lines.append("  … and \(entries.count - Self.shownEntries) more") }
        return lines
    }

    private var source: [String] {
        guard let source = inspection.lines else { return [] }
        guard source.watchesText, inspection.failure != nil else {
            return ["", "To watch it, under `sources`:", source.text]
        }
        return [
            "",
            "Items are found by selectors (`--items .post --field 'author: .name'` tries them here). Without any, the",
            "lines that are added to its text can be watched:", source.text,
        ]
    }

    private static func lines(_ entry: Entry) -> [String] {
        let plain = entry.plainText()
        let head = [
            entry.published.map { $0.formatted(.iso8601) } ?? "without a date",
            plain.author.isEmpty ? "without an author" : plain.author,
            entry.rating.map { "rated \($0)" }, entry.id.map { "id \($0)" },
        ]
        let words = [plain.title, plain.body.replacing("\n", with: " ")].filter { !$0.isEmpty }.joined(separator: " — ")
        return ["  • " + head.compactMap(\.self).joined(separator: " · "), "    " + String(words.prefix(140))]
    }
}
