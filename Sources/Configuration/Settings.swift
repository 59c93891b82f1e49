// What a configuration says, once it has been found to be right.

package import Alerting
package import Matching
package import Model
package import Pages

/// A whole configuration; it is taken over whole or not at all.
package struct Settings: Sendable {
    /// The folder of the store and, by default, the journal.
    package var state: String
    package var journal: String
    package var polling: Polling
    package var watches: [Watch]
    /// The watches' queries, in the same order.
    package var queries: [Query]
    package var signals: [Signal]
    /// The signals' queries, in the same order.
    package var signalQueries: [Query]
    package var sources: Sources
    /// What sources that are pages say of their reading, by `Source.pageIndex`.
    package var pages: [PageSettings] = []
    /// The user's own engines.
    package var engines: [Engine] = []
    package var receivers: [Receiver]
    package var route: Route
    /// Who is told of trouble with sources.
    package var trouble: SourceTroubleRule?
    /// Worth a second look, though nothing is wrong.
    package var warnings: [Problem]
    /// Examples that their query or engine does not hold to. They stop no daemon, but they fail `earshot check`.
    package var unmet: [Problem]
}

/// The part of a configuration that says what is asked, and how it is read.
package struct SourceSettings: Sendable {
    package var polling: Polling
    package var sources: Sources
    /// By `Source.pageIndex`.
    package var pages: [PageSettings]
    /// The user's own engines.
    package var engines: [Engine]
}

/// How sources are asked.
package struct Polling: Sendable, Equatable {
    /// Between two polls of a source that says nothing of its own; `nil` lets each source's rhythm decide.
    package var interval: Duration?
    /// The least between two polls; `nil` is what is polite, an hour, with intervals from five minutes on.
    package var floor: Duration?
    /// The most between two polls of a healthy source.
    package var ceiling: Duration?
    /// Requests an hour for all sources together, spent where they find most soonest; `nil` is without end.
    package var budget: Int?
    /// Where a site's owner finds out who is asking; part of the User-Agent.
    package var contact: String?
    /// Whether sources may be on a private network.
    package var allowsPrivateAddresses = false

    package init() {}
}
