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
        var parser = try QueryParser(QueryText(text))
        root = try parser.parse()
        self.text = text
        warnings = parser.warnings
    }
}
