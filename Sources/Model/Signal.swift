// What colours a mention.

/// A named query that is asked of every entry that a watch hits: complaint, outage, praise.
package struct Signal: Sendable, Equatable {
    package var name: String
    /// The query as the user wrote it.
    package var query: String
    /// Of the mentions that it colours.
    package var priority: Alert.Priority

    package init(name: String, query: String, priority: Alert.Priority = .normal) {
        self.name = name
        self.query = query
        self.priority = priority
    }
}
