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
        let expression = query.expression
        add(expression, 0, 0, &matcher, set.program)
        guard var matcher else { return }
        lacks = Self.lacks(expression, 0, &matcher, set.program)
    }

    /// - Parameter index: the part's node, in the tree and in the program that was made of it alone.
    private mutating func add(
        _ expression: Expression, _ index: Int, _ depth: Int, _ matcher: inout Matcher?, _ program: Program
    ) {
        let isTrue = matcher?.isTrue(index, program)
        var part = Part(depth: depth, name: expression.name(index), isTrue: isTrue, matches: [])
        switch expression.nodes[index].kind {
        case .term, .filter, .near, .orderedNear:
            if isTrue == true { part.matches = matcher?.matches(ofNode: index, program) ?? [] }
        case .all, .any, .not: break
        }
        parts.append(part)
        for child in expression.parts(of: index) { add(expression, child, depth + 1, &matcher, program) }
    }

    /// What keeps a part from being true; nothing if it is.
    private static func lacks(
        _ expression: Expression, _ index: Int, _ matcher: inout Matcher, _ program: Program
    ) -> [Lack] {
        guard !matcher.isTrue(index, program) else { return [] }
        switch expression.nodes[index].kind {
        case .not: return [.forbidden(expression.rendered(index + 1))]
        case .term, .filter, .any: return [.missing(expression.rendered(index))]
        case .all, .near, .orderedNear:
            let below = expression.parts(of: index).flatMap { lacks(expression, $0, &matcher, program) }
            return below.isEmpty ? [.tooFar(expression.rendered(index))] : below
        }
    }
}
