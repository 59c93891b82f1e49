// JSON-LD as pages carry it: one object, an array of them, `@graph`, nested as deep as they like; wrapped in comments,
// with raw line breaks and tabs in its strings.

internal import Markup
internal import Model

enum JSONLD {
    /// The most JSON-LD of one page, in bytes; the largest met has 900 kB.
    private static let largest = 8 << 20

    /// The top items of one script's text; empty if it is no JSON.
    static func items(_ text: String) -> [SchemaItem] {
        guard text.utf8.count <= largest, let document = JSONDocument(text: unescaped(unwrapped(text))) else {
            return []
        }
        return items(document.value, depth: 0)
    }

    /// Some write their quotes as a page's text has them: `{&quot;@type&quot;: …`.
    private static func unescaped(_ text: String) -> String {
        text.dropFirst().drop(while: \.isWhitespace).hasPrefix("&quot;") ? PlainText.fromPlainLine(text) : text
    }

    /// Without `<!--`, `//<![CDATA[` and whatever else stands before the first bracket.
    private static func unwrapped(_ text: String) -> String {
        guard let start = text.firstIndex(where: { $0 == "{" || $0 == "[" }) else { return "" }
        let before = text[..<start]
        guard before.contains("<![CDATA") else { return String(text[start...]) }
        let rest = text[text.index(after: start)...]
        return rest.firstIndex(where: { $0 == "{" || $0 == "[" }).map { inner in
            // The bracket of "CDATA[" is not JSON's.
            String(before.hasSuffix("CDATA") ? rest[inner...] : text[start...])
        } ?? ""
    }

    private static func items(_ value: JSONValue, depth: Int) -> [SchemaItem] {
        guard depth < SchemaItem.deepest else { return [] }
        switch value {
        case .array(let values): return values.flatMap { items($0, depth: depth + 1) }
        case .object(let members):
            let graph = members["@graph"].map { items($0, depth: depth + 1) } ?? []
            return members["@type"] == nil && !graph.isEmpty ? graph : [item(members, depth: depth)] + graph
        default: return []
        }
    }

    private static func item(_ members: [String: JSONValue], depth: Int) -> SchemaItem {
        var item = SchemaItem(types: types(members["@type"]))
        for (name, value) in members where name != "@type" && name != "@context" && name != "@graph" {
            item.properties[name] = values(value, depth: depth + 1)
        }
        return item
    }

    private static func types(_ value: JSONValue?) -> [String] {
        if let type = value?.string { return [type] }
        return value?.array?.compactMap(\.string) ?? []
    }

    private static func values(_ value: JSONValue, depth: Int) -> [SchemaValue] {
        guard depth < SchemaItem.deepest else { return [] }
        switch value {
        case .null: return []
        case .array(let list): return list.flatMap { values($0, depth: depth + 1) }
        case .object(let members):
            // A language's or a type's value: { "@value": "…" }.
            if let plain = members["@value"]?.written { return [.text(RichText(plain, form: .plain))] }
            return [.item(item(members, depth: depth))]
        case .string(let text): return [.text(RichText(text, form: PlainText.looksLikeHTML(text) ? .html : .plain))]
        case .number(let text): return [.text(RichText(text, form: .plain))]
        case .bool(let truth): return [.text(RichText("\(truth)", form: .plain))]
        }
    }
}
