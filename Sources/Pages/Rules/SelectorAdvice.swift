// When a selector of the user's finds nothing: which one, and what the page had instead.

internal import Markup

struct SelectorAdvice {
    private let page: RulePage
    private let layout: Layout

    init(_ page: RulePage, _ layout: Layout) {
        self.page = page
        self.layout = layout
    }

    func remarks(found items: [PageItem]) -> [String] {
        guard !items.isEmpty else {
            return ["`items: \(layout.itemsText)` finds nothing; the page repeats \(repeated)"]
        }
        return Layout.Field.allCases.compactMap { field in
            guard let locator = layout.fields[field], !items.contains(where: { $0.has(field) }) else { return nil }
            let text = locator.places.map(\.text).joined(separator: ", ")
            return "`\(field.rawValue): \(text)` finds nothing in any item\(inside)"
        }
    }

    /// The elements that a page has many of, by their tag and first class.
    private var repeated: String {
        var counts: [String: Int] = [:]
        let tree = page.tree
        for node in tree.inside(nil) where tree.isElement(node) {
            guard let name = tree.attribute(node, "class")?.split(whereSeparator: \.isWhitespace).first else {
                continue
            }
            counts["\(tree.name(node)).\(name)", default: 0] += 1
        }
        let most = counts.filter { $0.value > 2 && $0.key.utf8.count < 60 }
            .sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(8)
        guard !most.isEmpty else { return "nothing: it may be filled in by scripts" }
        return most.map { "\($0.key) (\($0.value))" }.joined(separator: ", ")
    }

    /// The classes in the first item.
    private var inside: String {
        let tree = page.tree
        let found = page.find(page.bind(layout.items), in: nil, text: layout.itemsText, limit: 1)
        guard case .element(let item)? = found.first else { return "" }
        var names: [String] = []
        for node in tree.inside(item) where tree.isElement(node) {
            guard let name = tree.attribute(node, "class")?.split(whereSeparator: \.isWhitespace).first else {
                continue
            }
            let text = "\(tree.name(node)).\(name)"
            if !names.contains(text), text.utf8.count < 60 { names.append(text) }
            if names.count == 8 { break }
        }
        return names.isEmpty ? "" : "; the first has \(names.joined(separator: ", "))"
    }
}

extension PageItem {
    fileprivate func has(_ field: Layout.Field) -> Bool {
        switch field {
        case .id: id != nil
        case .title: title != nil
        case .link: link != nil
        case .author: author != nil
        case .authorLink: authorLink != nil
        case .date: !published.isEmpty
        case .updated: updated != nil
        case .body: body != nil
        case .rating: rating != nil
        case .replyTo: replyTo != nil
        // Looked for on the page, where there need not be any.
        case .thread, .next: true
        }
    }
}
