// How often a source is asked: the bounds that the user gives, between which its rhythm decides.

/// The least and the most time between two polls of a healthy source.
package struct Cadence: Sendable, Hashable {
    package var floor: Duration
    /// The least time for a server that cannot be asked conditionally, so that every poll costs it a whole document.
    package var bareFloor: Duration
    package var ceiling: Duration

    /// Once an hour at most, once a day at most without validators: what operators of feeds call polite.
    package static let polite = Cadence(floor: .seconds(3_600), bareFloor: .seconds(86_400), ceiling: .seconds(86_400))

    package init(floor: Duration, bareFloor: Duration, ceiling: Duration) {
        self.floor = floor
        self.bareFloor = max(floor, bareFloor)
        self.ceiling = max(floor, ceiling)
    }

    /// Always as long, whatever the source publishes: the user's own word.
    package init(every interval: Duration) {
        self.init(floor: interval, bareFloor: interval, ceiling: interval)
    }

    /// The interval, where nothing is left to decide.
    package var interval: Duration? { bareFloor == ceiling && floor == ceiling ? floor : nil }
}
