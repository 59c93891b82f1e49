// How eagerly sources are asked, so that all of them together keep to a budget. A value.
//
// Polling a source of rate λ every T seconds finds its entries T/2 late on average; the requests Σ1/T that one can
// afford find most soonest when 1/T is proportional to √λ (by Lagrange). The factor is the gain, one for all sources,
// as far as their floors and ceilings let them.

import Glibc
import Model

/// The sources' rates, counted, and the gain that spends a budget on them.
package struct Gain: Sendable {
    /// Without a budget: a source of one entry a day is asked every two hours.
    package static let unbounded = 1 / 7_200 / (1 / 86_400.0).squareRoot()

    /// Sources with the same bounds, by rate in quarters of an octave: 2⁻³² to 1 entry a second.
    private var counts: [Bounds: [Int32]] = [:]

    private struct Bounds: Hashable {
        var floor: Double
        var ceiling: Double
    }

    private static let bucketCount = 128

    package init() {}

    /// - Parameter rate: entries a second.
    package mutating func add(rate: Float, floor: Double, ceiling: Double) {
        change(by: 1, rate, Bounds(floor: floor, ceiling: ceiling))
    }

    package mutating func remove(rate: Float, floor: Double, ceiling: Double) {
        change(by: -1, rate, Bounds(floor: floor, ceiling: ceiling))
    }

    private mutating func change(by step: Int32, _ rate: Float, _ bounds: Bounds) {
        counts[bounds, default: Array(repeating: 0, count: Self.bucketCount)][Self.bucket(rate)] += step
    }

    private static func bucket(_ rate: Float) -> Int {
        guard rate > 0 else { return 0 }
        return min(max(Int((log2f(rate) + 32) * 4), 0), bucketCount - 1)
    }

    /// Requests a second at a gain.
    package func demand(at gain: Double) -> Double {
        counts.reduce(0) { sum, group in
            let (bounds, counts) = group
            return counts.indices.reduce(sum) { sum, bucket in
                guard counts[bucket] != 0 else { return sum }
                let rate = exp2((Double(bucket) + 0.5) / 4 - 32)
                let frequency = min(max(gain * rate.squareRoot(), 1 / bounds.ceiling), 1 / bounds.floor)
                return sum + Double(counts[bucket]) * frequency
            }
        }
    }

    /// The gain at which the requests are `perHour`; at the most eager when they never are so many.
    package func spending(_ perHour: Int) -> Double {
        let budget = Double(perHour) / 3_600
        // From one poll of the fastest source in a year to one of the slowest every second.
        var (low, high) = (-25.0, 20.0)
        for _ in 0..<40 {
            let middle = (low + high) / 2
            if demand(at: exp2(middle)) < budget { low = middle } else { high = middle }
        }
        return exp2(low)
    }
}
