// What an answer means for others than its own source.

package import Fetching
package import FoundationEssentials

/// What the end of a poll means beyond its own source.
package struct Landing: Sendable {
    /// The IP address that answered, if it is one of the public internet: behind one of the user's own network, or a
    /// bridge on the same machine, is nobody who would mind.
    package var peer: String?
    /// The site that answered, if redirects led there.
    package var site: Site?
    /// Until when the whole site is to be left alone.
    package var siteRest: Date?
    /// How long the source's host wants between two requests, in seconds; `nil` if it did not say.
    package var pause: Second?
    /// When the source is asked again if its state does not say so; `nil` is at once.
    package var due: Date?
    /// Whether the source is not asked again, as in a single round.
    package var isTheEnd = false

    package init(due: Date? = nil) {
        self.due = due
    }
}
