// The identities of entries that no feed states: pages and JSON documents get theirs by the same rules as feeds.

package import Model

extension [Entry] {
    /// Gives every entry of one document its identity; everything else in them is settled by now.
    ///
    /// - Parameter stated: the id of each, in their order, where the document states one.
    /// - Returns: what was noted on the way.
    package mutating func identify(stated: [String?]) -> Findings {
        var findings = Findings()
        Identifier.identify(&self, stated.map { .init(id: $0) }, &findings)
        return findings
    }
}
