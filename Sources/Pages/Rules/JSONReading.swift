// Applies a layout to a JSON document: a site's own interface, or the data that a page carries for its scripts.

internal import Markup
internal import Model

extension JSONLayout {
    /// The items of a document; empty where this is not its layout.
    func read(_ document: JSONValue, kind: Entry.Kind?) -> [PageItem] {
        let root = JSONRoot(document)
        return items.values(in: document, root: root).compactMap { value in
            guard value.isObject else { return nil }
            var item = item(value, root)
            item.kind = kind
            return item.isEmpty ? nil : item
        }
    }

    private func item(_ value: JSONValue, _ root: JSONRoot) -> PageItem {
        func text(_ field: Layout.Field) -> String? {
            for path in fields[field] ?? [] {
                for found in path.values(in: value, root: root) {
                    if let text = found.written?.trimmingASCIISpace(), !text.isEmpty { return text }
                }
            }
            return nil
        }
        var item = PageItem(.rule)
        item.id = text(.id)
        item.title = text(.title).map { PlainText.fromHTML($0) }
        item.link = text(.link) ?? link.flatMap { Self.filled($0, value, root) }
        item.author = text(.author).map { PlainText.fromPlainLine($0) }
        item.authorLink = text(.authorLink)
        item.published = [text(.date)].compactMap(\.self)
        item.updated = text(.updated)
        item.replyTo = text(.replyTo)
        item.thread.title = listsThreads ? nil : text(.thread).map { PlainText.fromHTML($0) }
        item.body = text(.body).map { RichText($0, form: PlainText.looksLikeHTML($0) ? .html : .plain) }
        if let rating = text(.rating) { rate(&item, rating) }
        return item
    }

    /// Steam says whether, not how much: recommended is five stars, not recommended one.
    private func rate(_ item: inout PageItem, _ text: String) {
        switch text {
        case "true": item.rating = 5
        case "false": item.rating = 1
        default:
            let rating = Rating(text)
            item.rating = rating?.value
            item.scale = rating?.scale ?? scale
        }
    }

    /// `/t/{topic_id}/{post_number}` with the item's own values; `nil` where one of them is missing.
    private static func filled(_ template: String, _ value: JSONValue, _ root: JSONRoot) -> String? {
        var result = ""
        var rest = template[...]
        while let open = rest.firstIndex(of: "{") {
            result += rest[..<open]
            guard let close = rest[open...].firstIndex(of: "}"),
                let path = try? JSONPath(String(rest[rest.index(after: open)..<close])),
                let text = path.values(in: value, root: root).first?.written
            else { return nil }
            result += text
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }
}
