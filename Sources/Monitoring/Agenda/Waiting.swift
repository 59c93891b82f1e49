// Why a source that is due is not being polled.

package import FoundationEssentials

/// What a source waits for.
package enum Waiting: Sendable, Equatable {
    case beingPolled
    /// Another source of the same site, or at the same IP address, is being asked.
    case site, address
    case pause(Date)
    /// The site had enough of us.
    case cooling(Date)
    /// As many polls are under way as there may be.
    case room
    case budget
}
