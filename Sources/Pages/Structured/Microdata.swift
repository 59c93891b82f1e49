// Microdata (HTML Standard, 5): itemscope, itemtype, itemprop and itemref, read off the tree. A property belongs to the
// nearest item around it.

internal import Markup
internal import Model

/// The items of one page.
struct Microdata {
    private let page: RulePage
    private let tree: HTMLTree
    private let itemscope, itemprop, itemtype, itemref: Int32
    /// Elements by id, for itemref; made when the first is met.
    private var byID: [String: HTMLTree.Node]?
    private var made = 0
    /// Nodes walked because items refer to them; many may refer to the same.
    private var referred = 0

    init(_ page: RulePage) {
        self.page = page
        tree = page.tree
        itemscope = tree.number(named: "itemscope")
        itemprop = tree.number(named: "itemprop")
        itemtype = tree.number(named: "itemtype")
        itemref = tree.number(named: "itemref")
    }

    mutating func item(_ node: HTMLTree.Node, depth: Int = 0) -> SchemaItem {
        var item = SchemaItem(types: words(node, "itemtype"))
        made += 1
        guard depth < SchemaItem.deepest, made < SchemaItem.most else { return item }
        if let id = tree.attribute(node, "itemid") { item.properties["@id"] = [.text(RichText(id, form: .plain))] }
        collect(tree.inside(node), into: &item, depth: depth)
        var met: Set<String> = []
        for id in itemref > 0 ? words(node, "itemref") : [] where met.insert(id).inserted {
            guard let other = element(id: id), other != node, !tree.inside(other).contains(node) else { continue }
            collect(referredTo: other..<tree.inside(other).upperBound, into: &item, depth: depth + 1)
        }
        // Seen in the wild: `<a itemprop="author" itemscope itemtype=".../Person">jan</a>`.
        if item.properties.isEmpty, depth > 0 { item.properties["name"] = [.text(inside(node))] }
        return item
    }

    /// The words of an attribute, of which no page that was met has as many as count here.
    private func words(_ node: HTMLTree.Node, _ name: String) -> [String] {
        tree.attribute(node, name)?.split(maxSplits: 16, whereSeparator: \.isWhitespace).prefix(16).map(String.init)
            ?? []
    }

    private mutating func element(id: String) -> HTMLTree.Node? {
        if byID == nil {
            var ids: [String: HTMLTree.Node] = [:]
            for node in tree.inside(nil) {
                if let id = tree.attribute(node, "id"), ids[id] == nil { ids[id] = node }
            }
            byID = ids
        }
        return byID?[id]
    }

    /// Of what items refer to no more is walked than the page twice over.
    private mutating func collect(referredTo range: Range<HTMLTree.Node>, into item: inout SchemaItem, depth: Int) {
        guard referred < 2 * tree.count else { return page.texts.refuse() }
        referred += range.count
        collect(range, into: &item, depth: depth)
    }

    private mutating func collect(_ range: Range<HTMLTree.Node>, into item: inout SchemaItem, depth: Int) {
        var node = range.lowerBound
        while node < range.upperBound {
            let isItem = tree.has(node, itemscope)
            guard tree.has(node, itemprop) else {
                // An item that is nobody's property is read for itself.
                node = isItem ? tree.inside(node).upperBound : node + 1
                continue
            }
            let names = words(node, "itemprop")
            let value: SchemaValue =
                isItem
                ? .item(self.item(node, depth: depth + 1))
                : .text(tree.name(node) == "a" && names.contains(where: Self.isText) ? inside(node) : text(node))
            for name in names { item.properties[name, default: []].append(value) }
            node = isItem ? tree.inside(node).upperBound : node + 1
        }
    }

    private func inside(_ node: HTMLTree.Node) -> RichText {
        RichText(page.markup(node), form: .html)
    }

    /// Properties that hold words even where a link, whose value would be its address, stands for them.
    private static func isText(_ name: String) -> Bool {
        ["name", "headline", "text", "articleBody", "reviewBody"].contains(name)
    }

    /// The value of a property that is no item: by the element, an attribute or its inside.
    private func text(_ node: HTMLTree.Node) -> RichText {
        for name in Self.attributes[tree.name(node)] ?? ["content"] {
            if let value = tree.attribute(node, name) { return RichText(value.trimmingASCIISpace(), form: .plain) }
        }
        return inside(node)
    }

    /// HTML Standard, 5.2.4; `content` counts everywhere, because people write it everywhere.
    private static let attributes: [String: [String]] = [
        "meta": ["content"], "a": ["href"], "area": ["href"], "link": ["href"], "time": ["datetime", "content"],
        "data": ["value", "content"], "meter": ["value", "content"], "img": ["content", "src"],
        "iframe": ["src"], "object": ["data"], "audio": ["src"], "video": ["src"], "source": ["src"],
    ]
}
