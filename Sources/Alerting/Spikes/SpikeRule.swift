// When a count of mentions is more or less than it should be. A value: it is given the counts.

package import FoundationEssentials
package import Model

/// What counts as a spike, a drop or a silence on a route.
package struct SpikeRule: Sendable, Equatable {
    /// The time that is counted, in seconds: a multiple of `Spike.bucket`.
    package var window: TimeInterval = 3_600
    /// How many standard deviations from the mean the count must be: k.
    package var sigma = 3.0
    /// The least count that is a spike, and the least mean that a drop can be seen on.
    package var minimum = 10
    /// Whether too few are told of as well.
    package var tellsDrops = true
    /// Whether the route only counts, and tells no mention itself.
    package var isAlone = false

    /// The days before that a window is compared with: the last week, and the same weekday of three weeks before.
    package static let days = [1, 2, 3, 4, 5, 6, 7, 14, 21, 28]
    /// With fewer earlier windows than these nothing is said.
    private static let leastSamples = 3
    /// Where five are usual, none at all comes by chance once in 150 windows (Poisson: e⁻⁵); the samples, of which none
    /// may be empty, make it rarer.
    private static let leastForSilence = 5.0

    package init() {}

    /// How many buckets a window has.
    package var buckets: Int { Int(window / Spike.bucket) }

    /// What a count is, compared with the same window of earlier days.
    package struct Figures: Sendable, Equatable {
        package var kind: Spike.Kind?
        package var mean: Double
        package var deviation: Double
        /// What a spike's count is above, or a drop's below.
        package var threshold: Double
    }

    /// - Parameters:
    ///   - samples: the counts of the earlier windows; `nil` is returned for too few.
    ///   - isComplete: whether the window has ended, so that too few are really too few.
    package func figures(count: Int, samples: [Int], isComplete: Bool) -> Figures? {
        guard samples.count >= Self.leastSamples else { return nil }
        let mean = Double(samples.reduce(0, +)) / Double(samples.count)
        let squares = samples.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
        // Mentions that come by chance scatter by the root of their mean, however alike a few samples are.
        let deviation = max((squares / Double(samples.count - 1)).squareRoot(), mean.squareRoot())
        let high = max(Double(minimum) - 0.5, mean + sigma * deviation)
        let low = mean - sigma * deviation
        var figures = Figures(kind: nil, mean: mean, deviation: deviation, threshold: high)
        if Double(count) > high {
            figures.kind = .spike
        } else if isComplete, tellsDrops {
            if count == 0, mean >= Self.leastForSilence, !samples.contains(0) {
                figures.kind = .silence
                figures.threshold = 0
            } else if mean >= Double(minimum), Double(count) < low {
                figures.kind = .drop
                figures.threshold = low
            }
        }
        return figures
    }
}
