// One mapping of a YAML file, read key by key. Whatever is wrong is reported to the file and read as if it were absent,
// so that one pass finds everything.

import Model
import Yams

/// A mapping whose keys are known.
struct Section {
    let file: YAMLFile
    let node: Node
    private let values: [String: Node]

    /// Reports unknown and repeated keys.
    ///
    /// - Parameter what: the section as a person would call it: "a source".
    init?(_ node: Node, in file: YAMLFile, what: String, knowing known: [String]) {
        guard let mapping = node.mapping else {
            file.problem("\(what) is written as `key: value` lines", at: node)
            return nil
        }
        self.file = file
        self.node = node
        var values: [String: Node] = [:]
        for (name, key, value) in file.entries(of: mapping, what: what) {
            if known.contains(name) {
                values[name] = value
            } else {
                let suggestion = Suggestion.text(for: name, among: known)
                file.problem("unknown key `\(name)` in \(what)\(suggestion)", at: key)
            }
        }
        self.values = values
    }

    func node(_ key: String) -> Node? { values[key] }

    /// A scalar as written. An empty one is a problem.
    func text(_ key: String) -> String? {
        values[key].flatMap { file.text($0, of: key) }
    }

    /// The same, for a key that must be there.
    func requiredText(_ key: String) -> String? {
        guard values[key] == nil else { return text(key) }
        file.problem("`\(key)` is missing", at: node)
        return nil
    }

    /// The `name`, which is told apart from those of the others of its kind.
    func name(besides others: inout Set<String>, of kind: String) -> String? {
        guard let name = requiredText("name") else { return nil }
        if !others.insert(name).inserted {
            file.problem("there are two \(kind) named `\(name)`", at: values["name"] ?? node)
        }
        return name
    }

    func labels() -> [String: String] {
        Dictionary(texts("labels").map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    func duration(_ key: String) -> Duration? {
        guard let node = values[key], let text = text(key) else { return nil }
        guard let duration = DurationText.parse(text) else {
            file.problem("`\(key)`: `\(text)` is not a duration; write 90s, 15m, 1h30m or 7d", at: node)
            return nil
        }
        return duration
    }

    /// A number of requests an hour, `50000/h`: at least one.
    func hourlyRate(_ key: String) -> Int? {
        guard let node = values[key], let text = text(key) else { return nil }
        guard text.hasSuffix("/h"), let count = Int(text.dropLast(2)), count > 0 else {
            file.problem("`\(key)`: `\(text)` is not a number of requests an hour; write 50000/h", at: node)
            return nil
        }
        return count
    }

    func bool(_ key: String) -> Bool? {
        guard let node = values[key], let text = text(key) else { return nil }
        switch text {
        case "true", "yes": return true
        case "false", "no": return false
        default:
            file.problem("`\(key)` is true or false, not `\(text)`", at: node)
            return nil
        }
    }

    /// A whole number.
    func number(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let node = values[key], let text = text(key) else { return nil }
        if let number = Int(text), range.contains(number) { return number }
        file.problem("`\(key)` is a number from \(range.lowerBound) to \(range.upperBound), not `\(text)`", at: node)
        return nil
    }

    /// One of a few words.
    func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, of choices: Choice.Type) -> Choice?
    where Choice.RawValue == String {
        guard let node = values[key], let text = text(key) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let known = choices.allCases.map(\.rawValue)
        let suggestion = Suggestion.text(for: text, among: known)
        file.problem("`\(key)` is one of \(known.joined(separator: ", ")), not `\(text)`\(suggestion)", at: node)
        return nil
    }

    /// A problem with a key's value, or with the section when the key is absent.
    func problem(_ message: String, at key: String) {
        file.problem(message, at: values[key] ?? node)
    }

    /// An http or https address.
    ///
    /// - Parameter isSecret: whether the address is not to be shown, as that of a webhook.
    func address(_ key: String, isSecret: Bool = false) -> String? {
        guard let node = values[key], let text = text(key) else { return nil }
        guard Address.parse(text) != nil else {
            let shown = isSecret ? "" : ": \(Address.shown(text))"
            file.problem("`\(key)`: not an http or https address\(shown)", at: node)
            return nil
        }
        return text
    }

    /// A nested section; absent reads as `nil`.
    func section(_ key: String, knowing known: [String]) -> Section? {
        values[key].flatMap { Section($0, in: file, what: "`\(key)`", knowing: known) }
    }

    /// The items of a list; absent reads as empty.
    func list(_ key: String) -> [Node] {
        guard let node = values[key] else { return [] }
        if let sequence = node.sequence { return Array(sequence) }
        file.problem("`\(key)` is a list: each item on a line of its own, after a dash", at: node)
        return []
    }

    /// Texts by name, such as labels; the names are the user's.
    func texts(_ key: String) -> [(name: String, key: Node, value: String)] {
        guard let node = values[key] else { return [] }
        guard let mapping = node.mapping else {
            file.problem("`\(key)` is written as `name: value` lines", at: node)
            return []
        }
        return file.entries(of: mapping, what: "`\(key)`").compactMap { name, place, value in
            file.text(value, of: name).map { (name, place, $0) }
        }
    }
}
