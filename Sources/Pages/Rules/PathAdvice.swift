// When a path of the user's finds nothing in a JSON document, or nobody has written one: which one, and what the
// document has instead.

internal import Markup

struct PathAdvice {
    private let layout: JSONLayout
    private let document: JSONValue

    init(_ layout: JSONLayout, _ document: JSONValue) {
        self.layout = layout
        self.document = document
    }

    func remarks(found items: [PageItem]) -> [String] {
        let values = layout.items.values(in: document, root: JSONRoot(document)).filter(\.isObject)
        guard let first = values.first else {
            return ["`items: \(layout.items.text)` finds nothing; \(Self.lists(document))"]
        }
        return Layout.Field.allCases.compactMap { field in
            guard let paths = layout.fields[field], !items.contains(where: { $0.has(field) }) else { return nil }
            let text = paths.map(\.text).joined(separator: ", ")
            return "`\(field.rawValue): \(text)` finds nothing in any item; the first has \(Self.keys(first))"
        }
    }

    /// More than these are no help.
    private static let most = 12

    private static func keys(_ value: JSONValue) -> String {
        guard case .object(let members) = value, !members.isEmpty else { return "no keys" }
        return members.keys.sorted().prefix(most).joined(separator: ", ")
    }

    /// The lists of objects in a document, as paths, with the keys of their first object.
    static func lists(_ document: JSONValue) -> String {
        var found: [String] = []
        collect(document, path: "", depth: 0, into: &found)
        return found.isEmpty ? "it has \(keys(document))" : "its lists are \(found.joined(separator: "; "))"
    }

    private static func collect(_ value: JSONValue, path: String, depth: Int, into found: inout [String]) {
        guard depth < 6, found.count < 4 else { return }
        switch value {
        case .object(let members):
            for (key, inner) in members.sorted(by: { $0.key < $1.key }) {
                collect(inner, path: path.isEmpty ? key : "\(path).\(key)", depth: depth + 1, into: &found)
            }
        case .array(let values):
            guard let first = values.first(where: \.isObject) else { return }
            found.append("\(path)[*] with \(keys(first))")
            collect(first, path: "\(path)[*]", depth: depth + 1, into: &found)
        default: break
        }
    }
}
