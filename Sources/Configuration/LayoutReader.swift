// Selectors and JSON paths as users and engine files write them, each problem at its place.

import Markup
import Pages
import Yams

struct LayoutReader {
    let file: YAMLFile

    /// The keys of a layout, all but `name`.
    static let keys =
        ["items", "without", "scale", "day_first", "lists", "opens"] + Layout.Field.allCases.map(\.rawValue)
    static let jsonKeys = ["items", "in", "scale", "lists"] + Layout.Field.allCases.map(\.rawValue)

    /// A layout of an HTML page; `nil` where its items cannot be read.
    func layout(_ section: Section, name: String) -> Layout? {
        guard let text = section.requiredText("items"), let node = section.node("items"),
            let items = read(text, node, { text throws(SelectorError) in try Path(text) })
        else { return nil }
        var layout = Layout(name: name, items: items, itemsText: text)
        for field in Layout.Field.allCases {
            guard let node = section.node(field.rawValue) else { continue }
            let places = choices(node, of: field.rawValue) { text throws(SelectorError) in try Locator.Place(text) }
            if !places.isEmpty { layout.fields[field] = Locator(places) }
        }
        if let node = section.node("without") {
            layout.without = choices(node, of: "without") { text throws(SelectorError) in try CSSSelector(text) }
        }
        layout.scale = scale(section)
        layout.dayFirst = section.bool("day_first")
        layout.listsThreads = listsThreads(section)
        layout.opens = section.bool("opens") ?? false
        return layout
    }

    /// A layout of a JSON document; `nil` where its items cannot be read.
    func document(_ section: Section, name: String) -> JSONLayout? {
        guard let text = section.requiredText("items"), let node = section.node("items"),
            let items = read(text, node, { text throws(SelectorError) in try JSONPath(text) })
        else { return nil }
        var layout = JSONLayout(name: name, items: items)
        if let node = section.node("in") {
            layout.embedded = Locator(
                choices(node, of: "in") { text throws(SelectorError) in try Locator.Place(text) })
        }
        for field in Layout.Field.allCases {
            guard let node = section.node(field.rawValue) else { continue }
            if field == .link, let template = node.scalar?.string, template.contains("{") {
                layout.link = template
                continue
            }
            layout.fields[field] = choices(node, of: field.rawValue) { text throws(SelectorError) in
                try JSONPath(text)
            }
        }
        layout.scale = scale(section)
        layout.listsThreads = listsThreads(section)
        return layout
    }

    /// One text or a list of them, each read by `read`.
    private func choices<Value>(
        _ node: Node, of key: String, _ read: (String) throws(SelectorError) -> Value
    ) -> [Value] {
        let nodes = node.sequence.map(Array.init) ?? [node]
        return nodes.compactMap { node in
            file.text(node, of: key).flatMap { self.read($0, node, read) }
        }
    }

    private func read<Value>(
        _ text: String, _ node: Node, _ read: (String) throws(SelectorError) -> Value
    ) -> Value? {
        do throws(SelectorError) {
            return try read(text)
        } catch {
            let picture = "    \(text)\n    \(String(repeating: " ", count: min(error.offset, text.count)))^"
            file.problem("`\(text)`: \(error.message)", at: node, picture: picture)
            return nil
        }
    }

    private func scale(_ section: Section) -> Double? {
        guard let text = section.text("scale"), let node = section.node("scale") else { return nil }
        guard let scale = Double(text), scale > 0, scale <= 1_000 else {
            file.problem("`scale` is the best rating there is, such as 5 or 10, not `\(text)`", at: node)
            return nil
        }
        return scale
    }

    private func listsThreads(_ section: Section) -> Bool {
        guard let text = section.text("lists"), let node = section.node("lists") else { return false }
        if text != "threads" { file.problem("`lists` is `threads` or left out, not `\(text)`", at: node) }
        return text == "threads"
    }
}
