// What a configuration says, once it has been found to be right.

package import Alerting
package import Matching
package import Model

/// A whole configuration; it is taken over whole or not at all.
package struct Settings: Sendable {
    /// The folder of the store and, by default, the journal.
    package var state: String
    package var journal: String
    package var polling: Polling
    package var watches: [Watch]
    /// The watches' queries, in the same order.
    package var queries: [Query]
    package var sources: [Source]
    package var receivers: [Receiver]
    package var route: Route
    /// Worth a second look, though nothing is wrong.
    package var warnings: [Problem]
    /// Examples that their query does not hold to. They stop no daemon, but they fail `earshot check`.
    package var unmet: [Problem]
}

/// How sources are asked.
package struct Polling: Sendable, Equatable {
    /// Between two polls of a source that names no interval of its own.
    package var interval: Duration = .seconds(3_600)
    /// The least that an interval may be.
    package var floor: Duration = .seconds(300)
    /// Where a site's owner finds out who is asking; part of the User-Agent.
    package var contact: String?
    /// Whether sources may be on a private network.
    package var allowsPrivateAddresses = false

    package init() {}
}
