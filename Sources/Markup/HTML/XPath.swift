// XPath 1.0 over a page. libxml2 evaluates; this file is the only one that holds its tree, for as long as one page is
// read, and no result but numbers and strings leaves it. Operations are bounded.

internal import CXML

/// An expression that compiles.
package struct XPath: Sendable, Equatable {
    package let text: String

    private static let longest = 4_096

    /// - Throws: where it is no XPath 1.0.
    package init(_ text: String) throws(SelectorError) {
        guard text.utf8.count <= Self.longest else {
            throw SelectorError(offset: Self.longest, message: "an XPath has at most \(Self.longest) bytes")
        }
        var place = 0
        guard cxml_xpath_check(text, &place) != 0 else {
            let offset = String(decoding: text.utf8.prefix(place), as: UTF8.self).count
            throw SelectorError(offset: offset, message: "this is no XPath 1.0")
        }
        self.text = text
    }
}

/// One page, ready to be asked. A class, because it owns libxml2's tree; it stays on the thread that made it.
package final class XPathPage {
    private let tree: OpaquePointer

    /// What an expression found: an element, or the string of anything else.
    package enum Found: Equatable {
        case element(HTMLTree.Node)
        case string(String)
    }

    /// A page of 10,000 elements takes some 100,000 operations for a step over all of them.
    private static let mostSteps: UInt = 20_000_000

    /// `nil` for want of memory.
    package init?(_ page: HTMLTree) {
        guard let tree = Self.open(page) else { return nil }
        self.tree = tree
    }

    deinit { cxml_xpath_close(tree) }

    private static func open(_ page: HTMLTree) -> OpaquePointer? {
        // libxml2 copies what it needs of the arrays during the call and writes to none of them.
        page.nodes.withUnsafeBufferPointer { nodes in
            page.attributes.withUnsafeBufferPointer { attributes in
                page.text.withUnsafeBufferPointer { text in
                    page.values.withUnsafeBufferPointer { values in
                        page.nameBytes.withUnsafeBufferPointer { names in
                            var copy = cxml_html()
                            copy.nodes = UnsafeMutablePointer(mutating: nodes.baseAddress)
                            copy.node_count = nodes.count
                            copy.attributes = UnsafeMutablePointer(mutating: attributes.baseAddress)
                            copy.attribute_count = attributes.count
                            copy.text = UnsafeMutablePointer(mutating: text.baseAddress)
                            copy.text_count = text.count
                            copy.values = UnsafeMutablePointer(mutating: values.baseAddress)
                            copy.value_count = values.count
                            copy.names = UnsafeMutablePointer(mutating: names.baseAddress)
                            copy.names_count = names.count
                            return cxml_xpath_open(&copy)
                        }
                    }
                }
            }
        }
    }

    /// What `path` finds from `node`, or from the document, in document order; `nil` if it would take too long.
    package func find(_ path: XPath, from node: HTMLTree.Node?) -> [Found]? {
        var found: [Found] = []
        let outcome = withUnsafeMutablePointer(to: &found) { list in
            cxml_xpath_find(tree, path.text, node.map { Int32($0) } ?? -1, Self.mostSteps, list) {
                context, node, string in
                // `list`, which outlives the call that it is in.
                let list = context.assumingMemoryBound(to: [Found].self)
                let bytes = UnsafeBufferPointer(start: string.start, count: string.start == nil ? 0 : string.count)
                list.pointee.append(
                    node >= 0 ? .element(Int(node)) : .string(String(decoding: bytes, as: UTF8.self)))
            }
        }
        return outcome == cxml_xpath_costly ? nil : found
    }
}
