// A query that can be parsed: what a watch looks for. The language is described in QueryLanguage.md.

/// A query in Earshot's query language; compile it with others into a `WatchSet`.
package struct Query: Sendable {
    /// As it was typed.
    package let text: String
    /// What is allowed but probably not meant: AND and OR mixed, words that are everywhere.
    package let warnings: [QueryWarning]
    /// How many nodes its tree has.
    let nodeCount: Int

    /// Parses a query of at most 65,536 characters.
    ///
    /// - Throws: the first error, with its line and column.
    package init(_ text: String) throws(QueryError) {
        let queryText = QueryText(text)
        var parser = try QueryParser(queryText)
        let expression = try parser.parse()
        self.text = text
        nodeCount = expression.nodes.count
        let flood = expression.floodgate().map { part in
            queryText.warning(
                "This alone matches far too much.", at: expression.nodes[part].place.lowerBound,
                suggestion: "Join it with something rare: a name, a phrase.")
        }
        warnings = parser.warnings + (flood.map { [$0] } ?? [])
    }

    /// The tree, read once more: kept, a hundred thousand of them would take ten times what their texts do.
    var expression: Expression {
        do throws(QueryError) {
            var parser = try QueryParser(QueryText(text))
            return try parser.parse()
        } catch {
            preconditionFailure("what was parsed once is parsed again: \(error.rendered)")
        }
    }
}
