// The identities of entries that no feed states: pages and JSON documents get theirs by the same rules as feeds.

package import Model

extension [Entry] {
    /// Gives every entry of one document its identity and its marks; everything else in them is settled by now.
    ///
    /// Link and title say nothing of their own here: the posts of a page share its address, and the only post on it may
    /// be another one at the next poll.
    ///
    /// - Parameter stated: the id of each, in their order, where the document states one.
    /// - Returns: what was noted on the way.
    package mutating func identify(stated: [String?]) -> Findings {
        var findings = Findings()
        Identifier.identify(&self, stated.map { .init(id: $0) }, &findings)
        for index in indices { self[index].marks.alias = self[index].marks.identity }
        return findings
    }
}
