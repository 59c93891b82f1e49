// A time in which some mentions alert nobody.

package import FoundationEssentials

/// Mentions that match are journaled and not told, from `starts` until `ends`.
package struct Silence: Sendable, Equatable, Codable {
    package var id: String
    /// As Alertmanager writes them; all must hold.
    package var matchers: [String]
    /// Why, in the words of whoever made it.
    package var reason: String
    package var author: String
    package var starts: Date
    package var ends: Date

    package init(id: String, matchers: [String], reason: String, author: String, starts: Date, ends: Date) {
        self.id = id
        self.matchers = matchers
        self.reason = reason
        self.author = author
        self.starts = starts
        self.ends = ends
    }
}
