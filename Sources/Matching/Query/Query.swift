// A parsed query: what a watch looks for. The language is described in QueryLanguage.md.

/// A query in Earshot's query language, parsed; compile it with others into a `WatchSet`.
package struct Query: Sendable {
    /// As it was typed.
    package let text: String
    /// What is allowed but probably not meant: AND and OR mixed, words that are everywhere.
    package let warnings: [QueryWarning]
    let root: Expression

    /// Parses a query of at most 65,536 characters.
    ///
    /// - Throws: the first error, with its line and column.
    package init(_ text: String) throws(QueryError) {
        let queryText = QueryText(text)
        var parser = try QueryParser(queryText)
        root = try parser.parse()
        self.text = text
        let flood = root.floodgate.map { part in
            queryText.warning(
                "This alone matches far too much.", at: part.place.lowerBound,
                suggestion: "Join it with something rare: a name, a phrase.")
        }
        warnings = parser.warnings + (flood.map { [$0] } ?? [])
    }
}
