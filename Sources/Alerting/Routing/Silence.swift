// A time in which some mentions alert nobody.

package import FoundationEssentials
package import Model

/// Mentions that match are journaled and not told, from `starts` until `ends`.
package struct Silence: Sendable, Equatable {
    package var id: String
    package var matchers: [Matcher]
    /// Why, in the words of whoever made it.
    package var reason: String
    package var author: String
    package var starts: Date
    package var ends: Date

    package init(id: String, matchers: [Matcher], reason: String, author: String, starts: Date, ends: Date) {
        self.id = id
        self.matchers = matchers
        self.reason = reason
        self.author = author
        self.starts = starts
        self.ends = ends
    }

    package func holds(back mention: Mention, at now: Date) -> Bool {
        starts <= now && now < ends && matchers.allSatisfy { $0.matches(mention) }
    }
}
