// Polls under way, and what each does just now. A value.

/// The polls that were begun and are not over, by the source's key in the store.
struct Flights: Sendable {
    struct Flight: Sendable {
        /// `nil` once a reload has left the source out.
        var item: UInt32?
        /// The source's own site.
        let home: HostBudget.Lane
        /// Whom it asks, or waits to ask; nobody in between.
        var lanes: HostBudget.Lanes
        let isAiling: Bool
        /// Whether it stands in line, or is planned, to ask somebody next.
        var waits = false
        /// Whether its source is asked or read otherwise since it began.
        var isOutdated = false
    }

    private var flights: [Int64: Flight] = [:]
    /// How many of those that ask are of sources that failed last time.
    private(set) var ailing = 0
    private(set) var waiting = 0

    /// Those that a request may be under way for.
    var asking: Int { flights.count - waiting }
    var all: some Sequence<Flight> { flights.values }
    var waitingIDs: [Int64] { flights.filter(\.value.waits).map(\.key) }

    subscript(id: Int64) -> Flight? { flights[id] }

    mutating func begin(_ id: Int64, _ flight: Flight) {
        flights[id] = flight
        ailing += flight.isAiling ? 1 : 0
    }

    mutating func wait(_ id: Int64, for lanes: HostBudget.Lanes) {
        flights[id]?.lanes = lanes
        flights[id]?.waits = true
        waiting += 1
        ailing -= flights[id]?.isAiling == true ? 1 : 0
    }

    /// - Parameter goesOn: whether it asks now whom it waited for.
    mutating func endWait(_ id: Int64, goesOn: Bool) {
        if !goesOn { flights[id]?.lanes = .none }
        flights[id]?.waits = false
        waiting -= 1
        ailing += flights[id]?.isAiling == true ? 1 : 0
    }

    mutating func letGo(_ id: Int64) {
        flights[id]?.lanes = .none
    }

    mutating func outdate(_ id: Int64) {
        flights[id]?.isOutdated = true
    }

    mutating func end(_ id: Int64) -> Flight? {
        guard let flight = flights.removeValue(forKey: id) else { return nil }
        if flight.waits { waiting -= 1 } else if flight.isAiling { ailing -= 1 }
        return flight
    }

    /// Another configuration numbers the sources anew.
    mutating func renumber(_ item: (Int64) -> UInt32?) {
        for id in flights.keys { flights[id]?.item = item(id) }
    }
}
