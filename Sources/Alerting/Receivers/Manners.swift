// How a receiver wants to be treated, whatever it is.

package import FoundationEssentials

/// What keeps a receiver from being flooded.
package struct Manners: Sendable, Equatable {
    /// How many alerts it may get; those beyond become one summary.
    package var limit: RateLimit?
    /// How many requests it takes in a time; those beyond wait for their turn.
    package var pace: RateLimit?
    /// How many attempts may be in flight at once.
    package var concurrency = 4

    package init() {}
}

/// So many in so much time.
package struct RateLimit: Sendable, Equatable {
    package var count: Int
    /// In seconds.
    package var period: TimeInterval

    package init(_ count: Int, per period: TimeInterval) {
        self.count = count
        self.period = period
    }
}
