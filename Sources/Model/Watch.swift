// What is listened for.

/// A named query, with what its mentions carry along.
package struct Watch: Sendable, Equatable {
    package var name: String
    /// The query as the user wrote it.
    package var query: String
    package var labels: [String: String]
    package var examples: Examples

    /// Texts that the query is held to by `earshot check`.
    package struct Examples: Sendable, Equatable {
        package var match: [String]
        package var ignore: [String]

        package init(match: [String] = [], ignore: [String] = []) {
            self.match = match
            self.ignore = ignore
        }
    }

    package init(name: String, query: String, labels: [String: String] = [:], examples: Examples = Examples()) {
        self.name = name
        self.query = query
        self.labels = labels
        self.examples = examples
    }
}
