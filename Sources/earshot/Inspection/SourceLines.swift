// The lines of a source in a configuration, as `inspect` shows and `add` writes them.

import Foundation
import Model
import Pages

struct SourceLines {
    var url: String
    var kind: Source.Kind
    var name: String?
    var engine: String?
    /// The user's own, which belong to the address that they were tried on.
    var selectors: SelectorArguments?
    var timezone: String?
    /// Whether the lines of the page are its entries.
    var watchesText = false
    /// Whether the entries' own pages are to be fetched.
    var follows = false

    init(url: String, kind: Source.Kind, name: String?) {
        self.url = url
        self.kind = kind
        self.name = name
    }

    var text: String {
        var lines = ["- url: \(Self.quoted(url))"]
        if let name, !name.isEmpty { lines.append("  name: \(Self.quoted(String(name.prefix(80))))") }
        if kind != .feed { lines.append("  kind: \(kind.rawValue)") }
        if let engine { lines.append("  engine: \(engine)") }
        if let timezone { lines.append("  timezone: \(timezone)") }
        if watchesText { lines.append("  watch: text") }
        if follows { lines.append("  follow: true") }
        if let selectors { lines += ["  selectors:"] + selectors.lines.map { "    \($0)" } }
        return lines.joined(separator: "\n")
    }

    /// As YAML's double quotes have it.
    private static func quoted(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(escaped.filter { !$0.isNewline })\""
    }
}
