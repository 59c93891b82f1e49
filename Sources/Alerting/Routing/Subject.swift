// What of a mention routes, groups and silences can look at.

import FoundationEssentials
import Model

/// A property of a mention, under the name that a configuration calls it by.
package enum Subject: Sendable, Hashable {
    case watch, source, kind, language, author, rating, signal
    case label(String)

    private static let plain: [String: Subject] = [
        "watch": .watch, "source": .source, "kind": .kind, "language": .language, "author": .author,
        "rating": .rating, "signal": .signal,
    ]

    /// The names that stand for a property; any other is a label's. `label.kind` is the label, whatever it is called.
    package static var names: [String] { plain.keys.sorted() }

    /// `nil` for a name that no label can have.
    package init?(_ name: String) {
        if let subject = Self.plain[name] {
            self = subject
        } else {
            let label = name.hasPrefix("label.") ? String(name.dropFirst(6)) : name
            let isName = !label.isEmpty && label.allSatisfy { $0.isLetter || $0.isNumber || "_-.".contains($0) }
            guard isName else { return nil }
            self = .label(label)
        }
    }

    package var name: String {
        switch self {
        case .watch: "watch"
        case .source: "source"
        case .kind: "kind"
        case .language: "language"
        case .author: "author"
        case .rating: "rating"
        case .signal: "signal"
        case .label(let label): Self.plain[label] == nil ? label : "label." + label
        }
    }

    /// Its values: one, or as many as a mention has signals. What a mention lacks is one empty text, as a label that is
    /// not there is with Alertmanager.
    func values(in mention: Mention) -> [String] {
        switch self {
        case .watch: [mention.watch]
        case .source: [mention.source.name]
        case .kind: [mention.source.kind.rawValue]
        case .language: [mention.entry.language ?? ""]
        case .author: [mention.entry.author ?? ""]
        case .rating: [mention.entry.rating.map(Self.text) ?? ""]
        case .signal: mention.signals.isEmpty ? [""] : mention.signals.map(\.name)
        case .label(let label): [mention.labels[label] ?? ""]
        }
    }

    private static func text(_ rating: Double) -> String {
        Int(exactly: rating).map(String.init) ?? String(rating)
    }
}
