// Why a query matches a text, or what it lacks: the tree of the query, with what each part found. Made for a person who
// asks; speed does not matter here, but the answer comes from the same matcher that watches.

package import Model

/// A query as it was understood, and what each of its parts finds in a document.
package struct Explanation: Sendable {
    /// One part of the query.
    package struct Part: Sendable {
        /// How deep below the root, which is 0. A part's own parts follow it.
        package var depth: Int
        /// `AND`, `NEAR/5`, `"acme bank"`, `klacht*`, `lang:nl`.
        package var name: String
        /// Whether it is true of the document; `nil` when there is none.
        package var isTrue: Bool?
        /// Where it hit, at most `Hit.matchLimit`; empty for AND, OR and NOT, whose parts tell.
        package var matches: [Match]
    }

    /// Why a query does not match.
    package enum Lack: Sendable, Hashable {
        /// This part is not in the text.
        case missing(String)
        /// Both sides of this NEAR are in the text, but not so near each other.
        case tooFar(String)
        /// This part is in the text, and a NOT forbids it.
        case forbidden(String)
    }

    /// The tree, each part before its own parts.
    package private(set) var parts: [Part] = []
    /// What would have to change for the query to match; empty when it does, or when there is no document.
    package private(set) var lacks: [Lack] = []
    /// Whether the query matches; `nil` when there is no document.
    package var isMatch: Bool? { parts.first?.isTrue }

    /// The tree, and with a document what every part of it finds there.
    package init(_ query: Query, in document: Document? = nil) {
        let set = CompiledSet([query])
        var matcher: Matcher?
        if let document {
            var started = Matcher()
            started.begin(document, set.program)
            matcher = started
        }
        var index = 0
        add(query.root, 0, &index, &matcher, set.program)
        guard var matcher else { return }
        index = 0
        lacks = Self.lacks(query.root, &index, &matcher, set.program)
    }

    /// - Parameter index: the node that `expression` was compiled to; moves behind it and all below.
    private mutating func add(
        _ expression: Expression, _ depth: Int, _ index: inout Int, _ matcher: inout Matcher?, _ program: Program
    ) {
        let isTrue = matcher?.isTrue(index, program)
        var part = Part(depth: depth, name: expression.name, isTrue: isTrue, matches: [])
        switch expression.node {
        case .term, .filter, .near:
            if isTrue == true { part.matches = matcher?.matches(ofNode: index, program) ?? [] }
        case .all, .any, .not: break
        }
        parts.append(part)
        index += 1
        for child in expression.children { add(child, depth + 1, &index, &matcher, program) }
    }

    /// What keeps a part from being true; nothing if it is.
    private static func lacks(
        _ expression: Expression, _ index: inout Int, _ matcher: inout Matcher, _ program: Program
    ) -> [Lack] {
        let start = index
        let end = Int(program.nodes[start].end)
        defer { index = end }
        guard !matcher.isTrue(start, program) else { return [] }
        index += 1
        switch expression.node {
        case .not(let part): return [.forbidden(part.rendered)]
        case .term, .filter: return [.missing(expression.rendered)]
        case .any: return [.missing(expression.rendered)]
        case .all, .near:
            var below: [Lack] = []
            for child in expression.children { below += lacks(child, &index, &matcher, program) }
            return below.isEmpty ? [.tooFar(expression.rendered)] : below
        }
    }
}
