// When a selector of the user's finds nothing, or nobody has written one: which one, and what the page has instead.

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
            return ["`items: \(layout.itemsText)` finds nothing\(missing); \(Self.repetition(page.tree))"]
        }
        return Layout.Field.allCases.compactMap { field in
            guard let locator = layout.fields[field], !items.contains(where: { $0.has(field) }) else { return nil }
            let text = locator.places.map(\.text).joined(separator: ", ")
            return "`\(field.rawValue): \(text)` finds nothing in any item\(inside)"
        }
    }

    /// The names in the selector that no element of the page bears.
    private var missing: String {
        guard case .css(let selector) = layout.items else { return "" }
        let names = page.tree.missingNames(of: selector)
        return names.isEmpty ? "" : " (there is no \(names.joined(separator: " and no ")))"
    }

    /// More than these are no help.
    private static let most = 8

    /// What a page repeats, and therefore may have as its items: elements that stand beside others of their kind, those
    /// with the most text first.
    static func repetition(_ tree: HTMLTree) -> String {
        var kinds: [String: (count: Int, text: Int)] = [:]
        for siblings in siblings(tree) where siblings.nodes.count > 1 {
            let text = siblings.nodes.reduce(0) { $0 + tree.textRange($1).count }
            kinds[siblings.kind, default: (0, 0)].count += siblings.nodes.count
            kinds[siblings.kind, default: (0, 0)].text += text
        }
        let best = kinds.sorted { ($1.value.text, $0.key) < ($0.value.text, $1.key) }.prefix(most)
        guard best.isEmpty else {
            return "the page repeats " + best.map { "\($0.key) (\($0.value.count))" }.joined(separator: ", ")
        }
        let names = tree.inside(nil).filter(tree.isElement).map { kind($0, tree) }
        let own = names.filter { !["html", "head", "title", "meta", "link", "script", "style", "body"].contains($0) }
        let few = own.unique.prefix(most).joined(separator: ", ")
        return few.isEmpty
            ? "the page is empty: scripts may fill it in" : "the page repeats nothing, and has \(few)"
    }

    /// Elements of one kind under one parent. Those without a class count where they are made to be repeated.
    private static func siblings(_ tree: HTMLTree) -> [(kind: String, nodes: [HTMLTree.Node])] {
        struct Place: Hashable {
            var parent: Int
            var kind: String
        }
        var places: [Place: [HTMLTree.Node]] = [:]
        for node in tree.inside(nil) where tree.isElement(node) {
            let kind = kind(node, tree)
            guard kind.contains(".") || ["li", "tr", "article", "section", "dt", "dd"].contains(kind),
                kind.utf8.count < 60
            else { continue }
            places[Place(parent: tree.parent(node) ?? -1, kind: kind), default: []].append(node)
        }
        return places.map { ($0.key.kind, $0.value) }
    }

    /// By tag and first class.
    private static func kind(_ node: HTMLTree.Node, _ tree: HTMLTree) -> String {
        let name = tree.attribute(node, "class")?.split(whereSeparator: \.isWhitespace).first
        return tree.name(node) + (name.map { ".\($0)" } ?? "")
    }

    /// What the first item has: elements, and the attributes that fields are mostly taken from.
    private var inside: String {
        let tree = page.tree
        let found = page.find(page.bind(layout.items), in: nil, text: layout.itemsText, limit: 1)
        guard case .element(let item)? = found.first else { return "" }
        let inside = tree.inside(item).lazy.filter { tree.isElement($0) }.prefix(200)
        let names = ([item] + inside).flatMap { node in
            let kind = node == item ? "" : Self.kind(node, tree)
            return (kind.isEmpty ? [] : [kind]) + Self.attributes(node, tree).map { "\(kind)@\($0)" }
        }
        let few = names.filter { $0.utf8.count < 60 }.unique.prefix(12)
        return few.isEmpty ? "" : "; the first has \(few.joined(separator: ", "))"
    }

    private static func attributes(_ node: HTMLTree.Node, _ tree: HTMLTree) -> [String] {
        tree.allAttributes(node).map(\.name).filter {
            $0.hasPrefix("data-") || ["id", "href", "title", "datetime", "content", "aria-label"].contains($0)
        }
    }
}

extension [String] {
    /// Each once, in order.
    fileprivate var unique: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}

extension PageItem {
    func has(_ field: Layout.Field) -> Bool {
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
