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
        if let name = name?.filter({ !$0.isNewline }), !name.isEmpty {
            lines.append("  name: \(Self.quoted(String(name.prefix(80))))")
        }
        if kind != .feed { lines.append("  kind: \(kind.rawValue)") }
        if let engine { lines.append("  engine: \(engine)") }
        if let timezone { lines.append("  timezone: \(timezone)") }
        if watchesText { lines.append("  watch: text") }
        if follows { lines.append("  follow: true") }
        if let selectors { lines += ["  selectors:"] + selectors.lines.map { "    \($0)" } }
        return lines.joined(separator: "\n")
    }

    /// As YAML's double quotes have it. A single character that YAML does not print (1.2, 5.1), where strangers' text
    /// has one, would make the whole configuration one that is refused; what a terminal would obey is escaped as well,
    /// so that what is shown is what is written.
    private static func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\\", "\"": "\\\(scalar)"
            case "\u{FEFF}", "\u{FFFE}", "\u{FFFF}": escape(scalar)
            case _ where Visible.isCommand(scalar): escape(scalar)
            default: String(scalar)
            }
        }
        return "\"\(escaped.joined())\""
    }

    /// Of a scalar in the first plane: none beyond it needs one.
    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
