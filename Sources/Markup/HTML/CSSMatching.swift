// Asks a page for what a selector describes: every element in a scope is tested against the selector's last part, and
// where it passes, the parts before it are looked for outwards. Names become numbers once, so that a test compares
// numbers and bytes. Steps are counted: a selector that would take too many ends, and the caller is told.

internal import CXML

extension HTMLTree {
    /// The elements that a selector finds, in document order.
    /// - Parameters:
    ///   - scope: the element to look inside; `nil` for the page.
    ///   - limit: the most that are looked for.
    /// - Returns: `nil` if it would take too many steps.
    package func select(_ selector: BoundSelector, in scope: Node? = nil, limit: Int = .max) -> [Node]? {
        var matching = CSSMatching(self, scope: scope)
        let found = matching.find(selector.alternatives, limit: limit)
        return matching.isCostly ? nil : found
    }

    /// The same for a selector that is asked once.
    package func select(_ selector: CSSSelector, in scope: Node? = nil, limit: Int = .max) -> [Node]? {
        select(bind(selector), in: scope, limit: limit)
    }

    /// Whether an element is what a selector describes.
    package func matches(_ node: Node, _ selector: BoundSelector) -> Bool {
        var matching = CSSMatching(self, scope: nil)
        return isElement(node) && selector.alternatives.contains { matching.matches(node, $0) }
    }
}

/// One question to one page.
private struct CSSMatching {
    let tree: HTMLTree
    let scope: HTMLTree.Node?
    private var steps = 0

    /// The usual selector takes one step an element: this is 1,000 elements' worth for each of 50,000.
    private static let mostSteps = 50_000_000

    var isCostly: Bool { steps > Self.mostSteps }

    init(_ tree: HTMLTree, scope: HTMLTree.Node?) {
        self.tree = tree
        self.scope = scope
    }

    mutating func find(_ alternatives: [BoundComplex], limit: Int) -> [HTMLTree.Node] {
        guard alternatives.count != 1 else { return find(alternatives[0], limit: limit) }
        let found = Set(alternatives.flatMap { find($0, limit: limit) }).sorted()
        return Array(found.prefix(limit))
    }

    private mutating func find(_ complex: BoundComplex, limit: Int) -> [HTMLTree.Node] {
        let scope = tree.inside(scope)
        var found: [HTMLTree.Node] = []
        if let candidates = complex.candidates {
            for index in candidates.firstIndex(notBefore: scope.lowerBound)..<candidates.endIndex {
                let node = Int(candidates[index])
                guard node < scope.upperBound, found.count < limit, !isCostly else { break }
                if isFound(node, complex) { found.append(node) }
            }
            return found
        }
        for node in scope where tree.nodes[node].name != 0 {
            guard found.count < limit, !isCostly else { break }
            if isFound(node, complex) { found.append(node) }
        }
        return found
    }

    private mutating func isFound(_ node: HTMLTree.Node, _ complex: BoundComplex) -> Bool {
        steps += 1
        return matches(node, complex)
    }

    // MARK: Matching

    mutating func matches(_ node: HTMLTree.Node, _ complex: BoundComplex) -> Bool {
        passes(node, complex.subject) && matches(node, complex.rest[...])
    }

    /// Looks outwards from `node` for the rest, nearest first, going back where that leads nowhere.
    private mutating func matches(
        _ node: HTMLTree.Node, _ rest: ArraySlice<(combinator: CSSSelector.Combinator, compound: BoundCompound)>
    ) -> Bool {
        guard let first = rest.first, !isCostly else { return rest.isEmpty }
        let isFar = first.combinator == .descendant || first.combinator == .later
        var place = step(node, first.combinator)
        while let candidate = place {
            if passes(candidate, first.compound), matches(candidate, rest.dropFirst()) { return true }
            guard isFar else { return false }
            place = step(candidate, first.combinator)
        }
        return false
    }

    private mutating func step(_ node: HTMLTree.Node, _ combinator: CSSSelector.Combinator) -> HTMLTree.Node? {
        steps += 1
        switch combinator {
        case .descendant, .child: return tree.parent(node)
        case .next, .later: return tree.previousElement(node)
        }
    }

    private mutating func passes(_ node: HTMLTree.Node, _ compound: BoundCompound) -> Bool {
        if let tag = compound.tag, tree.nodes[node].name != tag { return false }
        for test in compound.tests where !passes(node, test) { return false }
        return true
    }

    private mutating func passes(_ node: HTMLTree.Node, _ test: BoundTest) -> Bool {
        switch test {
        case .attribute(let name, let relation, let wanted, let ignoresCase):
            guard let value = tree.value(node, name) else { return false }
            let values = tree.values
            return Self.holds(values.span.extracting(value), relation, wanted, ignoresCase)
        case .none(let list): return !list.contains { matches(node, $0) }
        case .any(let list): return list.contains { matches(node, $0) }
        case .has(let list): return list.contains { has(node, $0.combinator, $0.complex) }
        case .nth(let nth): return nth.matches(place(node, nth))
        case .empty: return tree.inside(node).isEmpty
        case .root: return tree.parent(node) == nil
        case .scope: return node == scope
        case .contains(let text):
            let range = tree.textRange(node)
            steps += range.count / 16
            let bytes = tree.text
            return bytes.span.extracting(range).contains(text)
        }
    }

    private mutating func has(
        _ node: HTMLTree.Node, _ combinator: CSSSelector.Combinator, _ complex: BoundComplex
    ) -> Bool {
        guard complex.isPossible else { return false }
        switch combinator {
        case .descendant, .child:
            for inside in tree.inside(node) where tree.isElement(inside) {
                steps += 1
                if isCostly { return false }
                if combinator == .child, tree.parent(inside) != node { continue }
                if matches(inside, complex) { return true }
            }
        case .next, .later:
            var place = tree.nextElement(node)
            while let sibling = place, !isCostly {
                steps += 1
                if matches(sibling, complex) { return true }
                place = combinator == .next ? nil : tree.nextElement(sibling)
            }
        }
        return false
    }

    /// Which child of its parent it is, from 1.
    private mutating func place(_ node: HTMLTree.Node, _ nth: CSSSelector.Nth) -> Int {
        var place = 1
        var sibling = nth.fromEnd ? tree.nextElement(node) : tree.previousElement(node)
        // Beyond the only place that counts, how far beyond does not matter.
        while let current = sibling, nth.step != 0 || place <= nth.offset, !isCostly {
            steps += 1
            if !nth.ofType || tree.nodes[current].name == tree.nodes[node].name { place += 1 }
            sibling = nth.fromEnd ? tree.nextElement(current) : tree.previousElement(current)
        }
        return place
    }

    // MARK: Bytes

    private static func holds(
        _ value: Span<UInt8>, _ relation: CSSSelector.Attribute.Relation, _ wanted: [UInt8], _ ignoresCase: Bool
    ) -> Bool {
        switch relation {
        case .exists: return true
        case .equals: return value.count == wanted.count && value.has(wanted, at: 0, ignoresCase)
        case .startsWith: return !wanted.isEmpty && value.has(wanted, at: 0, ignoresCase)
        case .endsWith: return !wanted.isEmpty && value.has(wanted, at: value.count - wanted.count, ignoresCase)
        case .contains: return !wanted.isEmpty && value.contains(wanted, ignoresCase)
        case .hasWord: return !wanted.isEmpty && value.hasWord(wanted, ignoresCase)
        case .hasPrefix:
            guard value.has(wanted, at: 0, ignoresCase) else { return false }
            return value.count == wanted.count || value[wanted.count] == UInt8(ascii: "-")
        }
    }
}

extension Span<UInt8> {
    /// Whether `wanted`, in lower case where case does not matter, stands at `start`.
    fileprivate func has(_ wanted: [UInt8], at start: Int, _ ignoresCase: Bool = false) -> Bool {
        guard start >= 0, start + wanted.count <= count else { return false }
        for offset in 0..<wanted.count {
            let byte = self[start + offset]
            guard (ignoresCase && Byte.isLetter(byte) ? byte | 0x20 : byte) == wanted[offset] else { return false }
        }
        return true
    }

    fileprivate func contains(_ wanted: [UInt8], _ ignoresCase: Bool = false) -> Bool {
        guard let first = wanted.first else { return true }
        guard wanted.count <= count else { return false }
        for start in 0...(count - wanted.count) {
            if !ignoresCase, self[start] != first { continue }
            if has(wanted, at: start, ignoresCase) { return true }
        }
        return false
    }

    /// Whether `wanted` is one of the words that white space separates.
    fileprivate func hasWord(_ wanted: [UInt8], _ ignoresCase: Bool) -> Bool {
        guard wanted.count <= count else { return false }
        var start = 0
        while start + wanted.count <= count {
            var end = start
            while end < count, !Byte.isSpace(self[end]) { end += 1 }
            if end - start == wanted.count, has(wanted, at: start, ignoresCase) { return true }
            start = end + 1
        }
        return false
    }
}

extension ArraySlice<Int32> {
    /// The first place, in ascending numbers, that holds `number` or more.
    fileprivate func firstIndex(notBefore number: Int) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
