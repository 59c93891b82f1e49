// Whether somebody's server may be asked now; if not, why, and until when. A value: it is told the time and sends
// nothing.

/// Lanes in which one request goes at a time, with a pause after it.
///
/// A source goes by the lane of its site (`Site`), and by that of the IP address that answered it last: hundreds of
/// small sites may live on one machine. One host of a site may want more than the others, of which a hoster has
/// thousands: what it wants holds in a lane of its own, beside the site's. A lane costs 16 bytes, and its name is kept
/// as a hash; those that nobody goes by any more are given back (`dropIdle`).
package struct HostBudget: Sendable {
    package typealias Lane = UInt32
    package static let noLane = Lane.max

    /// From the end of one request to the start of the next, in whole seconds that begin after the end: one to two
    /// seconds, which sites' owners call polite.
    package static let pause: Second = 1

    /// The lanes of one request.
    package struct Lanes: Sendable, Equatable {
        package var site: Lane
        /// `noLane` while nothing is known of the host alone. Whoever is in it is in the site's too.
        package var host: Lane
        /// `noLane` until an address has answered.
        package var address: Lane

        package static let none = Lanes(site: HostBudget.noLane)

        package init(site: Lane, host: Lane = HostBudget.noLane, address: Lane = HostBudget.noLane) {
            self.site = site
            self.host = host
            self.address = address
        }

        /// Those that there are.
        fileprivate var all: [Lane] { [site, host, address].filter { $0 != HostBudget.noLane } }
    }

    package enum Permission: Sendable, Equatable {
        case granted
        /// The item was put in line; `finished` will name it.
        case inLine
        case pausing(until: Second)
    }

    /// An item that need not wait in line any more, and when it may ask.
    package struct Turn: Sendable, Equatable {
        package var item: UInt32
        /// Whose line it stood in.
        package var lane: Lane
        package var due: Second

        package init(item: UInt32, lane: Lane, due: Second) {
            self.item = item
            self.lane = lane
            self.due = due
        }
    }

    private struct State {
        var free: Second = 0
        var first = none
        var last = none
        var pause = UInt16(HostBudget.pause)
        var isBusy = false
        var isCooling = false
    }

    private static let none = UInt32.max
    private var numbers: [UInt64: Lane] = [:]
    private var states: [State] = []
    /// Lanes that were given back, to be used for other names.
    private var spare: [Lane] = []
    /// Lanes handed out since the last look at which are idle.
    private var added = 0
    /// For each item in a line, the one behind it.
    private var following: [UInt32]

    /// - Parameter count: how many items there are.
    package init(count: Int = 0) {
        following = Array(repeating: Self.none, count: count)
    }

    /// Makes room for the lanes of `count` items at once.
    package mutating func reserve(_ count: Int) {
        numbers.reserveCapacity(count)
        states.reserveCapacity(count)
    }

    /// The lane with this name. Two names of one hash, of which a million have hardly a pair, would share a lane: that
    /// is still polite.
    package mutating func lane(_ name: String) -> Lane {
        let hash = Self.hash(name)
        if let lane = numbers[hash] { return lane }
        added += 1
        let lane = spare.popLast() ?? Lane(states.count)
        if Int(lane) == states.count { states.append(State()) } else { states[Int(lane)] = State() }
        numbers[hash] = lane
        return lane
    }

    /// The lane with this name, if there is one.
    package func known(_ name: String) -> Lane? {
        numbers[Self.hash(name)]
    }

    private static func hash(_ name: String) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(name)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }

    /// Lanes in use.
    package var laneCount: Int { numbers.count }

    /// Whether so many lanes were added that some are worth looking for that nobody goes by any more: a quarter of
    /// them, so that a look, 10 ns a lane, costs each new one next to nothing.
    package var isWorthTidying: Bool { added > max(1_024, numbers.count / 4) }

    /// Gives back the lanes that are not among `used`, and that nothing is under way in, no line and no pause.
    package mutating func dropIdle(except used: some Sequence<Lanes>, at now: Second) {
        added = 0
        var isUsed = Array(repeating: false, count: states.count)
        for lanes in used {
            for lane in lanes.all { isUsed[Int(lane)] = true }
        }
        let idle = numbers.filter { _, lane in
            let state = states[Int(lane)]
            return !isUsed[Int(lane)] && !state.isBusy && state.first == Self.none && !isPausing(state, at: now)
        }
        for (hash, lane) in idle {
            numbers[hash] = nil
            spare.append(lane)
        }
    }

    /// Asks to send a request for `item` now. A granted one ends with `finished`.
    ///
    /// - Returns: the permission; without one, also whose turn it is in the item's other lanes, where this one may have
    ///   been called and does not go.
    package mutating func ask(_ item: UInt32, _ lanes: Lanes, at now: Second) -> (Permission, [Turn]) {
        for lane in [lanes.site, lanes.host, lanes.address] where lane != Self.noLane {
            let state = states[Int(lane)]
            if state.isBusy {
                join(item, lane)
                return (.inLine, turns(lanes, besides: lane, at: now))
            }
            if isPausing(state, at: now) {
                return (.pausing(until: state.free), turns(lanes, besides: lane, at: now))
            }
        }
        for lane in [lanes.site, lanes.host, lanes.address] where lane != Self.noLane {
            states[Int(lane)].isBusy = true
            states[Int(lane)].isCooling = false
        }
        return (.granted, [])
    }

    /// Whose turn it is in an item's lanes, where it may have been called and does not go.
    package mutating func turns(_ lanes: Lanes, besides own: Lane = noLane, at now: Second) -> [Turn] {
        lanes.all.filter { $0 != own }.compactMap { next(in: $0, at: now) }
    }

    /// A pause that ends later than any can was begun by a clock that ran ahead.
    private func isPausing(_ state: State, at now: Second) -> Bool {
        state.free > now && state.free <= now + Self.longest
    }

    /// The request is over. Returns who is next in each line.
    package mutating func finished(_ lanes: Lanes, at now: Second) -> [Turn] {
        lanes.all.compactMap { lane in
            let state = states[Int(lane)]
            states[Int(lane)].isBusy = false
            states[Int(lane)].free = max(now + Second(state.pause), state.isCooling ? state.free : 0)
            return next(in: lane, at: now)
        }
    }

    /// No cool-down and no pause is longer, in seconds.
    package static let longest: Second = 86_400

    /// Nobody asks there before `until`: the server has had enough of us.
    package mutating func cool(_ lane: Lane, until: Second, at now: Second) {
        let until = min(until, now + Self.longest)
        guard lane != Self.noLane, states[Int(lane)].free < until else { return }
        states[Int(lane)].free = until
        states[Int(lane)].isCooling = true
    }

    /// Until when somebody is left alone who has had enough of us; `nil` for nobody.
    package func rest(of lanes: Lanes, at now: Second) -> Second? {
        lanes.all.map { states[Int($0)] }.filter { $0.isCooling && isPausing($0, at: now) }.map(\.free).max()
    }

    /// Lets a lane's owner have this pause from now on, in seconds, but never less than the usual one.
    package mutating func slow(_ lane: Lane, pause: Second) {
        states[Int(lane)].pause = UInt16(clamping: max(pause, Self.pause))
    }

    /// What holds up whoever would ask now; `nil` for nothing.
    package func obstacle(_ lanes: Lanes, at now: Second) -> Obstacle? {
        for lane in lanes.all {
            let state = states[Int(lane)]
            if state.isBusy { return lane == lanes.address ? .addressIsBusy : .siteIsBusy }
            if isPausing(state, at: now) {
                return state.isCooling ? .cooling(until: state.free) : .pausing(until: state.free)
            }
        }
        return nil
    }

    package enum Obstacle: Sendable, Equatable {
        case siteIsBusy, addressIsBusy
        case pausing(until: Second)
        case cooling(until: Second)
    }

    /// Nobody is in line any more, and there are `count` items now: everybody will ask again. A clock that was set back
    /// leaves no pause longer than one can be.
    package mutating func clearLines(count: Int, at now: Second) {
        for lane in states.indices {
            states[lane].first = Self.none
            states[lane].last = Self.none
            if !states[lane].isCooling { states[lane].free = min(states[lane].free, now + Second(states[lane].pause)) }
        }
        following = Array(repeating: Self.none, count: count)
    }

    /// Moves every pause and cool-down with the clock, so that it lasts as long as before.
    package mutating func setClock(back seconds: Second) {
        for lane in states.indices { states[lane].free -= min(states[lane].free, seconds) }
    }

    private mutating func join(_ item: UInt32, _ lane: Lane) {
        following[Int(item)] = Self.none
        let last = states[Int(lane)].last
        if last == Self.none { states[Int(lane)].first = item } else { following[Int(last)] = item }
        states[Int(lane)].last = item
    }

    /// Calls the first in a lane's line, if the lane has one and nobody is in it.
    package mutating func next(in lane: Lane, at now: Second) -> Turn? {
        guard lane != Self.noLane, !states[Int(lane)].isBusy else { return nil }
        let item = states[Int(lane)].first
        guard item != Self.none else { return nil }
        states[Int(lane)].first = following[Int(item)]
        if states[Int(lane)].first == Self.none { states[Int(lane)].last = Self.none }
        return Turn(item: item, lane: lane, due: max(states[Int(lane)].free, now))
    }
}
