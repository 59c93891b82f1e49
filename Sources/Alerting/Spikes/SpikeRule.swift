// When a count of mentions is more or less than it should be.

package import FoundationEssentials

/// What counts as a spike, a drop or a silence on a route.
package struct SpikeRule: Sendable, Equatable {
    /// The time that is counted, in seconds: a multiple of `Tally.bucket`.
    package var window: TimeInterval = 3_600
    /// How many standard deviations above the mean the count must be: k.
    package var sigma = 3.0
    /// The least count that is a spike, whatever the mean.
    package var minimum = 10
    /// Whether too few are told of as well: a drop below mean - k·σ, or none where there always were some.
    package var tellsDrops = true
    /// Whether the route only counts, and tells no mention itself.
    package var isAlone = false

    package init() {}
}
