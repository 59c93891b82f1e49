// One page that rules are asked of. Selectors are bound to it once; XPath's tree is made when the first XPath is asked
// for. It lives as long as the reading of one page, on one thread.

internal import Markup

/// A page and what its rules have cost.
final class RulePage {
    let tree: HTMLTree
    /// The page's size in bytes.
    let size: Int
    /// For whatever is taken out of the tree. A rule, microdata and the main text may each want the whole page once; of
    /// 76 real pages the one whose rule and microdata took the most gave them 0.95 of its size.
    let texts: TextBudget
    private lazy var xpath = XPathPage(tree)
    /// Selectors that took too many steps, as the user wrote them.
    private(set) var costly: [String] = []

    /// The most items of one page; the longest thread on one page met has 2,000.
    static let mostItems = 10_000

    /// - Parameter size: of the page in bytes.
    init(_ tree: HTMLTree, size: Int) {
        self.tree = tree
        self.size = size
        texts = TextBudget(4 * size)
    }

    // MARK: Binding

    /// A path made ready for this page.
    enum BoundPath {
        case css(BoundSelector)
        case xpath(XPath)
    }

    /// A place made ready for this page.
    struct BoundPlace {
        var path: BoundPath?
        var attribute: String?
        var text: String
    }

    func bind(_ path: Path) -> BoundPath {
        switch path {
        case .css(let selector): .css(tree.bind(selector))
        case .xpath(let path): .xpath(path)
        }
    }

    func bind(_ locator: Locator?) -> [BoundPlace] {
        (locator?.places ?? []).map { BoundPlace(path: $0.path.map(bind), attribute: $0.attribute, text: $0.text) }
    }

    // MARK: Finding

    /// What a path finds: an element, or a string that XPath made.
    enum Found {
        case element(HTMLTree.Node)
        case string(String)
    }

    func find(_ path: BoundPath, in scope: HTMLTree.Node?, text: String, limit: Int) -> [Found] {
        switch path {
        case .css(let selector):
            guard let nodes = tree.select(selector, in: scope, limit: limit) else {
                costly.append(text)
                return []
            }
            return nodes.map { .element($0) }
        case .xpath(let path):
            guard let found = xpath?.find(path, from: scope) else {
                costly.append(text)
                return []
            }
            return found.prefix(limit).map {
                switch $0 {
                case .element(let node): .element(node)
                case .string(let string): .string(string)
                }
            }
        }
    }

    /// What one place holds; `nil` where there is nothing, or nothing but white space.
    func value(_ place: BoundPlace, in scope: HTMLTree.Node?) -> String? {
        let found: [Found]
        if let path = place.path {
            found = find(path, in: scope, text: place.text, limit: 4)
        } else {
            found = scope.map { [.element($0)] } ?? []
        }
        for one in found {
            let value: String? =
                switch one {
                case .string(let string): texts.take { PlainText.fromPlainLine(string) }
                case .element(let node): self.value(of: node, place.attribute)
                }
            if let value, !value.isEmpty { return value }
        }
        return nil
    }

    private func value(of node: HTMLTree.Node, _ attribute: String?) -> String? {
        guard let attribute else { return texts.take(steps: tree.inside(node).count) { tree.plainText(node) } }
        return tree.attribute(node, attribute).map { value in texts.take { PlainText.fromPlainLine(value) } }
    }

    /// The inside of an element, trimmed.
    func markup(_ node: HTMLTree.Node, without leftOut: Set<HTMLTree.Node> = []) -> String {
        texts.take(steps: tree.inside(node).count) { tree.markup(node, without: leftOut).trimmingASCIISpace() }
    }

    func value(_ places: [BoundPlace], in scope: HTMLTree.Node?) -> String? {
        for place in places { if let value = value(place, in: scope) { return value } }
        return nil
    }

    /// The first element that any of the places finds, for a field whose markup counts.
    func element(_ places: [BoundPlace], in scope: HTMLTree.Node) -> HTMLTree.Node? {
        for place in places where place.attribute == nil {
            guard let path = place.path else { return scope }
            for case .element(let node) in find(path, in: scope, text: place.text, limit: 1) { return node }
        }
        return nil
    }
}
