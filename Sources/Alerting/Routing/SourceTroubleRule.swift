// Who is told of sources that do not work, and from when on.

package import FoundationEssentials

/// Trouble with sources as alerts; without a rule it is in the journal alone.
package struct SourceTroubleRule: Sendable, Equatable {
    package var receiver: String
    /// Failed polls in a row after which a person is told.
    package var failures: Int

    /// A single failed poll is the weather.
    package static let failures = 3
    /// A network that fails takes many sources with it: they are waited for, and told together. In seconds.
    package static let wait: TimeInterval = 60
    /// The least time between two such alerts, in seconds.
    package static let interval: TimeInterval = 900

    package init(receiver: String, failures: Int = SourceTroubleRule.failures) {
        self.receiver = receiver
        self.failures = failures
    }
}
