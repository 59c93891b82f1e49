// A page as a tree that is safe to walk: libxml2 parses, its findings are copied into four arrays, and from then on
// there is nothing but values. A node is a number, its inside a range of numbers, its text a run of bytes.

internal import CXML

/// A parsed page. Elements and texts stand in document order. A class, because everybody who asks it anything holds it,
/// and a copy of eleven arrays' worth of references would cost more than most questions.
package final class HTMLTree: Sendable {
    let nodes: [cxml_node]
    let attributes: [cxml_html_attribute]
    let text: [UInt8]
    let values: [UInt8]
    /// The bytes of the names, each ended by a zero.
    let nameBytes: [UInt8]
    private let numbers: [String: Int32]
    /// By number; 0 is the name of texts.
    let names: [String]
    /// The numbers of the names that every page is asked for.
    let known: KnownNames
    let index: TreeIndex
    package let findings: HTMLFindings

    /// A number of a node in its tree.
    package typealias Node = Int

    /// Deepest of 2,008 pages: 104 levels; most nodes: 88,000. Both bounds leave room for ten times the work.
    private static let limits = cxml_html_limits(nodes: 1 << 20, attributes: 1 << 21, depth: 512)

    /// Parses a page. What is beyond the bounds is missing, and `findings` says so.
    package init(_ page: CleanText) {
        let guarded = HTMLGuard(page.bytes)
        var read = guarded.bytes.withUnsafeBufferPointer { buffer in
            // The last byte is the zero that ends the page, and the buffer outlives the call.
            buffer.baseAddress.map { cxml_html_read($0, buffer.count - 1, Self.limits) } ?? cxml_html()
        }
        defer { cxml_html_free(&read) }
        let nodes = Array(UnsafeBufferPointer(start: read.nodes, count: read.node_count))
        let attributes = Array(UnsafeBufferPointer(start: read.attributes, count: read.attribute_count))
        let values = Array(UnsafeBufferPointer(start: read.values, count: read.value_count))
        text = Array(UnsafeBufferPointer(start: read.text, count: read.text_count))
        nameBytes = Array(UnsafeBufferPointer(start: read.names, count: read.names_count))
        let names = [""] + nameBytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        let numbers = Dictionary(names.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
        let known = KnownNames(numbers)
        index = TreeIndex(nodes.span, attributes.span, values.span, known, names: names.count)
        (self.nodes, self.attributes, self.values) = (nodes, attributes, values)
        (self.names, self.numbers, self.known) = (names, numbers, known)
        findings = HTMLFindings(
            parserErrors: read.errors, oversizedTags: guarded.oversizedTags, strayEndTags: guarded.strayEndTags,
            isTooDeep: read.too_deep != 0, isTooLarge: read.too_many != 0 || read.out_of_memory != 0)
    }

    package var count: Int { nodes.count }

    /// The number that stands for a name on this page, `nil` where the page has no such name.
    func number(of name: String) -> Int32? { numbers[name] }
}

/// What was forgiven or left out of a page.
package struct HTMLFindings: Sendable {
    package var parserErrors: Int
    package var oversizedTags: Int
    package var strayEndTags: Int
    /// Deeper than 512 levels: what comes after is missing.
    package var isTooDeep: Bool
    /// More nodes or attributes than are kept.
    package var isTooLarge: Bool
}

/// Names that are looked for on every page, as this page numbers them; -1 where it has none.
struct KnownNames: Sendable {
    let id, `class`: Int32
    let script, style, template, br: Int32

    init(_ numbers: [String: Int32]) {
        id = numbers["id"] ?? -1
        self.class = numbers["class"] ?? -1
        script = numbers["script"] ?? -1
        style = numbers["style"] ?? -1
        template = numbers["template"] ?? -1
        br = numbers["br"] ?? -1
    }
}

// MARK: - Walking

extension HTMLTree {
    /// The nodes inside `node`, itself not among them; for `nil` the whole page.
    package func inside(_ node: Node?) -> Range<Node> {
        guard let node else { return 0..<nodes.count }
        return node + 1..<Int(nodes[node].end)
    }

    package func isElement(_ node: Node) -> Bool { nodes[node].name != 0 }

    package func parent(_ node: Node) -> Node? {
        let parent = nodes[node].parent
        return parent < 0 ? nil : Int(parent)
    }

    /// The element before it among its siblings.
    func previousElement(_ node: Node) -> Node? {
        var previous = nodes[node].previous
        while previous >= 0, nodes[Int(previous)].name == 0 { previous = nodes[Int(previous)].previous }
        return previous < 0 ? nil : Int(previous)
    }

    /// The element after it among its siblings.
    func nextElement(_ node: Node) -> Node? {
        let end = parent(node).map { Int(nodes[$0].end) } ?? nodes.count
        var next = Int(nodes[node].end)
        while next < end, nodes[next].name == 0 { next = Int(nodes[next].end) }
        return next < end ? next : nil
    }

    /// The element's name in lower case; empty for a text.
    package func name(_ node: Node) -> String {
        let number = Int(nodes[node].name)
        return names.indices.contains(number) ? names[number] : ""
    }

    func attributeRange(_ node: Node) -> Range<Int> {
        let end = node + 1 < nodes.count ? Int(nodes[node + 1].attributes) : attributes.count
        return Int(nodes[node].attributes)..<end
    }

    /// The bytes of a value among `values`; of an attribute that stands there twice the first counts.
    func value(_ node: Node, _ name: Int32) -> Range<Int>? {
        guard name > 0 else { return nil }
        for index in attributeRange(node) where attributes[index].name == name {
            return Int(attributes[index].value)..<Int(attributes[index].value + attributes[index].count)
        }
        return nil
    }

    /// An attribute by its name in lower case, as it is on the page.
    package func attribute(_ node: Node, _ name: String) -> String? {
        number(of: name).flatMap { value(node, $0) }.map { String(decoding: values[$0], as: UTF8.self) }
    }

    /// Every attribute, name and value.
    package func allAttributes(_ node: Node) -> [(name: String, value: String)] {
        attributeRange(node).map { index in
            let attribute = attributes[index]
            let value = Int(attribute.value)..<Int(attribute.value + attribute.count)
            let name = Int(attribute.name)
            return (names.indices.contains(name) ? names[name] : "", String(decoding: values[value], as: UTF8.self))
        }
    }

    /// The bytes of the text of a node and all in it, among `text`.
    package func textRange(_ node: Node) -> Range<Int> {
        let end = Int(nodes[node].end)
        return Int(nodes[node].text)..<(end < nodes.count ? Int(nodes[end].text) : text.count)
    }

    /// The text of a node and all in it as it is on the page, white space and all.
    package func rawText(_ node: Node) -> String { String(decoding: text[textRange(node)], as: UTF8.self) }
}

// MARK: - For those who walk the whole page

extension HTMLTree {
    /// The number that stands for a name on this page, -1 where it has none: numbers are quicker to compare.
    package func number(named name: String) -> Int32 { number(of: name) ?? -1 }

    /// The elements of a name, in document order.
    package func elements(named name: String) -> [Node] { index.elements(named: number(named: name)).map { Int($0) } }

    package func hasElement(id: String) -> Bool { !index.elements(withID: Array(id.utf8)).isEmpty }

    package func hasElement(class name: String) -> Bool { !index.elements(withClass: Array(name.utf8)).isEmpty }

    /// Whether the element has an attribute with this number.
    package func has(_ node: Node, _ name: Int32) -> Bool { value(node, name) != nil }
}
