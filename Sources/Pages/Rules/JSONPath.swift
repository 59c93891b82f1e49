// Paths into JSON as rules write them: `data.children[*].data`, `topic_*`, `included[type=posts]`, `json()` for JSON
// inside a string, `>` for JSON:API's references. Every path yields a list of values.

package import Markup

/// Where something is in a JSON document.
package struct JSONPath: Sendable, Equatable {
    package let text: String
    private let steps: [Step]

    private enum Step: Sendable, Equatable {
        case key(String)
        /// A key that begins so.
        case keys(String)
        case all
        case item(Int)
        /// Items with this member.
        case filter(String, String)
        case json
        case reference
    }

    /// More values than this are not looked at: a page has some hundreds of entries.
    private static let most = 10_000

    /// - Throws: what is wrong with the path, and where.
    package init(_ text: String) throws(SelectorError) {
        self.text = text
        var parser = PathParser(text)
        steps = try parser.steps()
    }

    /// The values at the path, from `value`; references are looked up in `root`.
    package func values(in value: JSONValue, root: JSONRoot) -> [JSONValue] {
        var values = [value]
        for step in steps {
            // Not lazily: each access to a lazy collection would follow the step again.
            var found: [JSONValue] = []
            for value in values where found.count < Self.most {
                found += Self.follow(step, value, root).prefix(Self.most - found.count)
            }
            values = found
        }
        return values
    }

    private static func follow(_ step: Step, _ value: JSONValue, _ root: JSONRoot) -> [JSONValue] {
        switch step {
        case .key(let key): return [value[key]].compactMap(\.self)
        case .keys(let prefix):
            guard case .object(let members) = value else { return [] }
            return members.filter { $0.key.hasPrefix(prefix) }.sorted { $0.key < $1.key }.map(\.value)
        case .all:
            if case .object(let members) = value { return members.sorted { $0.key < $1.key }.map(\.value) }
            return value.array ?? []
        case .item(let index):
            let items = value.array ?? []
            let place = index < 0 ? items.count + index : index
            return items.indices.contains(place) ? [items[place]] : []
        case .filter(let key, let wanted): return (value.array ?? []).filter { $0[key]?.written == wanted }
        case .json: return value.string.flatMap { JSONDocument(text: $0)?.value }.map { [$0] } ?? []
        case .reference: return root.referenced(by: value).map { [$0] } ?? []
        }
    }

    /// Reads the steps of a path.
    private struct PathParser {
        private let text: [Character]
        private var index = 0

        init(_ text: String) {
            self.text = Array(text)
        }

        mutating func steps() throws(SelectorError) -> [Step] {
            var steps: [Step] = []
            while index < text.count {
                switch text[index] {
                case "$" where index == 0, ".": index += 1
                case ">":
                    index += 1
                    steps.append(.reference)
                case "[": steps.append(try bracket())
                default: steps.append(try key())
                }
                guard steps.count <= 32 else { throw error("a path has at most 32 steps") }
            }
            return steps
        }

        private func error(_ message: String) -> SelectorError { SelectorError(offset: index, message: message) }

        private mutating func bracket() throws(SelectorError) -> Step {
            let start = index + 1
            guard let end = text[start...].firstIndex(of: "]") else { throw error("`]` is missing") }
            let inside = String(text[start..<end])
            index = end + 1
            if inside == "*" { return .all }
            if let number = Int(inside) { return .item(number) }
            let parts = inside.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else {
                index = start
                throw error("`[\(inside)]` is none of [*], [3] and [type=posts]")
            }
            return .filter(String(parts[0]), String(parts[1]))
        }

        private mutating func key() throws(SelectorError) -> Step {
            let start = index
            while index < text.count, !".[>".contains(text[index]) { index += 1 }
            let key = String(text[start..<index])
            if key == "json()" { return .json }
            guard !key.dropLast().contains("*") else { throw error("`*` stands at the end of a key") }
            return key.hasSuffix("*") ? .keys(String(key.dropLast())) : .key(key)
        }
    }
}

/// The document that paths are asked of. A class, so that what JSON:API's references lead to is listed once, when the
/// first is met; it stays on the thread that made it.
package final class JSONRoot {
    package let value: JSONValue
    private lazy var included = Self.list(value["included"]?.array ?? value["apiDocument"]?["included"]?.array ?? [])

    package init(_ value: JSONValue) {
        self.value = value
    }

    private struct Name: Hashable {
        var type: String
        var id: String

        init?(_ value: JSONValue) {
            guard let type = value["type"]?.written, let id = value["id"]?.written else { return nil }
            (self.type, self.id) = (type, id)
        }
    }

    private static func list(_ values: [JSONValue]) -> [Name: JSONValue] {
        let named = values.compactMap { value in Name(value).map { ($0, value) } }
        return Dictionary(named, uniquingKeysWith: { first, _ in first })
    }

    /// JSON:API: what stands under `included` with the same type and id.
    func referenced(by reference: JSONValue) -> JSONValue? {
        Name(reference).flatMap { included[$0] }
    }
}

extension JSONValue {
    /// A string, a number or a truth as text.
    package var written: String? {
        switch self {
        case .string(let string): string
        case .number(let number): number
        case .bool(let bool): "\(bool)"
        default: nil
        }
    }
}
