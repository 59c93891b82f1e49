// The inside of an element as markup again, for the one place that turns markup into plain text: tags without their
// attributes, text escaped, what is not for people left out. So a page's text comes out as a feed's does.

internal import CXML

extension HTMLTree {
    /// The inside of `node` as HTML, without scripts, styles and attributes.
    /// - Parameter isLeftOut: the elements to leave out, with all in them.
    package func markup(_ node: Node, without isLeftOut: Set<Node> = []) -> String {
        var writer = MarkupWriter(tree: self, leftOut: isLeftOut)
        writer.write(inside: node)
        return String(decoding: writer.output, as: UTF8.self)
    }

    /// The plain text of `node`, as the feeds' is made.
    package func plainText(_ node: Node, without isLeftOut: Set<Node> = []) -> String {
        isLeftOut.isEmpty && isPlain(node)
            ? PlainText.fromPlainLine(rawText(node)) : PlainText.fromHTML(markup(node, without: isLeftOut))
    }

    /// Whether there is nothing but one text in it.
    private func isPlain(_ node: Node) -> Bool {
        let inside = inside(node)
        return inside.isEmpty || inside.count == 1 && !isElement(inside.lowerBound)
    }
}

private struct MarkupWriter {
    let tree: HTMLTree
    let leftOut: Set<HTMLTree.Node>
    var output: [UInt8] = []
    /// The elements that are open, and where they end.
    private var open: [(name: Int32, end: Int)] = []

    init(tree: HTMLTree, leftOut: Set<HTMLTree.Node>) {
        self.tree = tree
        self.leftOut = leftOut
    }

    mutating func write(inside node: HTMLTree.Node) {
        let range = tree.inside(node)
        output.reserveCapacity(tree.textRange(node).count * 5 / 4)
        var index = range.lowerBound
        while index < range.upperBound {
            close(upTo: index)
            index = write(index)
        }
        close(upTo: range.upperBound)
    }

    /// Writes one node and returns the next.
    private mutating func write(_ index: Int) -> Int {
        let node = tree.nodes[index]
        let end = Int(node.end)
        guard node.name != 0 else {
            escape(tree.textRange(index))
            return end
        }
        guard !isHidden(node.name), !leftOut.contains(index) else { return end }
        tag(node.name, "<")
        if node.name != tree.known.br { open.append((node.name, end)) }
        return index + 1
    }

    private func isHidden(_ name: Int32) -> Bool {
        name == tree.known.script || name == tree.known.style || name == tree.known.template
    }

    private mutating func close(upTo index: Int) {
        while let last = open.last, last.end <= index {
            tag(last.name, "</")
            open.removeLast()
        }
    }

    private mutating func tag(_ name: Int32, _ start: StaticString) {
        write(start)
        output.append(contentsOf: tree.names[Int(max(0, name))].utf8)
        output.append(Byte.greater)
    }

    private mutating func escape(_ range: Range<Int>) {
        var start = range.lowerBound
        for index in range {
            let reference: StaticString
            switch tree.text[index] {
            case Byte.less: reference = "&lt;"
            case Byte.greater: reference = "&gt;"
            case Byte.ampersand: reference = "&amp;"
            default: continue
            }
            output.append(contentsOf: tree.text[start..<index])
            write(reference)
            start = index + 1
        }
        output.append(contentsOf: tree.text[start..<range.upperBound])
    }

    private mutating func write(_ text: StaticString) {
        for index in 0..<text.utf8CodeUnitCount { output.append(text.utf8Start[index]) }
    }
}

extension HTMLTree {
    /// The end of the page's text, as it is on the page: at most `count` bytes.
    package func lastText(_ count: Int) -> String {
        String(decoding: text.suffix(count), as: UTF8.self)
    }
}
