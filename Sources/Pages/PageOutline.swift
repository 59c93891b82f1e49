// What a page tells before any rule is asked: marks of engines, what the head says, where structured data is. Looked up
// in the tree's index, so that it costs next to nothing.

internal import Markup
internal import Model

/// The outline of one page.
struct PageOutline {
    private let tree: HTMLTree
    /// What `<meta name=generator>`, `application-name` and `og:site_name` say, in lower case.
    private(set) var generators: [String] = []
    /// `<meta>` by name or property, in lower case; the first counts.
    private(set) var metas: [String: String] = [:]
    let title: String?
    let language: String?
    let base: String?
    /// The `<link>` elements.
    let links: [HTMLTree.Node]
    /// `<script>` elements whose text is JSON-LD.
    let jsonLD: [HTMLTree.Node]
    /// Elements with itemscope that are no other item's property, or would be one but lie in no item.
    private(set) var items: [HTMLTree.Node] = []

    /// Pages have some hundred links and metas in their head; a flood of them is not worth more.
    private static let most = 2_000

    init(_ tree: HTMLTree) {
        self.tree = tree
        title = tree.elements(named: "title").first.map { tree.plainText($0) }
        base = tree.elements(named: "base").lazy.compactMap { tree.attribute($0, "href") }.first
        language = tree.elements(named: "html").first.flatMap {
            tree.attribute($0, "lang") ?? tree.attribute($0, "xml:lang")
        }
        links = Array(tree.elements(named: "link").prefix(Self.most))
        jsonLD = tree.elements(named: "script").prefix(Self.most).filter {
            tree.attribute($0, "type")?.lowercased().contains("ld+json") == true
        }
        for node in tree.elements(named: "meta").prefix(Self.most) { readMeta(node) }
        findItems()
    }

    private mutating func readMeta(_ node: HTMLTree.Node) {
        guard let name = tree.attribute(node, "name") ?? tree.attribute(node, "property"),
            let content = tree.attribute(node, "content")
        else { return }
        let key = name.lowercased()
        if metas[key] == nil { metas[key] = content }
        if ["generator", "application-name", "og:site_name"].contains(key) { generators.append(content.lowercased()) }
    }

    private mutating func findItems() {
        let (itemscope, itemprop) = (tree.number(named: "itemscope"), tree.number(named: "itemprop"))
        guard itemscope > 0 else { return }
        // Where the outermost item that was met last ends.
        var end = 0
        for node in tree.inside(nil) where tree.has(node, itemscope) {
            if items.count < Self.most, node >= end || !tree.has(node, itemprop) { items.append(node) }
            end = max(end, tree.inside(node).upperBound)
        }
    }

    /// Whether the page bears a mark.
    /// - Parameter host: of the page's address, in lower case.
    func has(_ mark: Mark, host: String?) -> Bool {
        switch mark {
        case .id(let name): tree.hasElement(id: name)
        case .className(let name): tree.hasElement(class: name)
        case .attribute(let name): tree.number(named: name) > 0
        case .generator(let start): generators.contains { $0.hasPrefix(start) }
        case .host(let name): host == name || host?.hasSuffix(".\(name)") == true
        }
    }
}
