// Everything that decides who is asked now: the sources, the schedule, the budgets, and who is being asked. A value: it
// is told the time and what came of each poll, and starts nothing itself, so that a day of a million sources can be
// simulated in a minute.

import Fetching
package import FoundationEssentials
package import Model

/// The sources of a configuration and when each is asked.
package struct Agenda: Sendable {
    // Nobody touches these but `AgendaPlanning.swift`, which plans them anew.
    var roster = Roster()
    var schedule = Schedule()
    var hosts = HostBudget()
    var requests = RequestBudget()
    var flights = Flights()
    /// Polls that need not wait for their turn any more, and when they may try again.
    private var dismissals: [(id: Int64, until: Date)] = []
    private var reach = Reach()

    /// Polls under way at once; most hold 30 kB, and what they may hold at all is the transport's to bound.
    package static let mostFlights = 1_024
    /// Polls that may wait for a turn at what they ask next, beside those. One holds some kB, and where more than these
    /// are led, most would wait for an hour.
    private static let mostWaiting = 4_096
    /// When there is no room for a poll to wait, it is made again after this many seconds.
    private static let crowdPause: TimeInterval = 900
    /// Of these, how many may be of sources that failed last time: a thousand hosts that hang must not be all that we
    /// wait for.
    private static let mostAiling = 512
    /// When there is no room for a source that failed last time, it is tried again after this many seconds.
    private static let ailingPause: Second = 5

    package init() {}

    package var sources: Sources { roster.sources }
    package var count: Int { roster.count }
    package var ids: Set<Int64> { roster.ids }
    /// Sites and addresses that somebody goes by.
    package var laneCount: Int { hosts.laneCount }
    package var failingCount: Int { roster.failingCount }

    // MARK: Beginning polls, and going on with them

    /// What may be done now.
    package enum Beginning: Sendable, Equatable {
        /// The poll of the source with this key and position begins; it ends with `finished`.
        case poll(id: Int64, position: Int)
        /// A poll under way may ask what it waited for.
        case turn(id: Int64)
        /// A poll under way need not wait: what it wants to ask rests until then.
        case noTurn(id: Int64, until: Date)
    }

    package mutating func begin(at now: Date) -> Beginning? {
        let second = Second(notAfter: now)
        // A minute late is not busy but asleep, or a clock that was set ahead.
        spread(schedule.takeOverdue(by: 60, at: second), from: second)
        while dismissals.isEmpty, flights.asking < Self.mostFlights, requests.allows(at: second),
            let item = schedule.takeDue(at: second)
        {
            if let beginning = begin(item, at: second) { return beginning }
        }
        return dismissals.popLast().map { .noTurn(id: $0.id, until: $0.until) }
    }

    /// Begins the poll of an item that is due, or goes on with it, if it may ask.
    private mutating func begin(_ item: UInt32, at now: Second) -> Beginning? {
        let row = roster[item]
        if let flight = flights[row.id] {
            guard hasRoom(for: item, flight.lanes, isAiling: flight.isAiling, at: now),
                isGranted(item, flight.lanes, at: now)
            else { return nil }
            flights.endWait(row.id, goesOn: true)
            return .turn(id: row.id)
        }
        let lanes = roster.lanes(asking: item, hosts)
        let isAiling = row.failures > 0
        guard hasRoom(for: item, lanes, isAiling: isAiling, at: now), isGranted(item, lanes, at: now)
        else { return nil }
        flights.begin(row.id, Flights.Flight(item: item, home: lanes.site, lanes: lanes, isAiling: isAiling))
        return .poll(id: row.id, position: Int(item))
    }

    /// Whether one more may ask, if its source failed last time; otherwise it is planned for later, and holds up nobody
    /// who stands in line behind it.
    private mutating func hasRoom(
        for item: UInt32, _ lanes: HostBudget.Lanes, isAiling: Bool, at now: Second
    ) -> Bool {
        guard isAiling, flights.ailing >= Self.mostAiling else { return true }
        schedule.plan(item, at: now + Self.ailingPause)
        for turn in hosts.turns(lanes, at: now) { call(turn, at: now) }
        return false
    }

    /// Whether a request may be sent; otherwise the item stands in line, or is planned for when it may ask again.
    private mutating func isGranted(_ item: UInt32, _ lanes: HostBudget.Lanes, at now: Second) -> Bool {
        let (permission, turns) = hosts.ask(item, lanes, at: now)
        for turn in turns { call(turn, at: now) }
        switch permission {
        case .inLine: return false
        case .pausing(let until):
            call(HostBudget.Turn(item: item, lane: lanes.site, due: until), at: now)
            return false
        case .granted:
            requests.spend(at: now)
            return true
        }
    }

    /// A poll under way has what it asked for, and wants to ask `address` next: it lets go of the one and gets in line
    /// for the other. `begin` says when its turn has come.
    ///
    /// It holds no two sites at once, so that no two polls ever wait for each other. The address that answered the
    /// source last counts for everything it asks: nobody knows a better one, and mostly it is the same.
    ///
    /// - Parameter pause: what the host wants between two requests, in seconds; `nil` where that is not known. It holds
    ///   for that host alone: a link in somebody's entry must not slow all sources of a hoster.
    /// - Returns: `nil`, or when the poll may be made again, where it should not wait: the site or the host rests, or
    ///   too many wait.
    package mutating func goOn(_ id: Int64, to address: String, pause: Second? = nil, at now: Date) -> Date? {
        guard let flight = flights[id] else { return now }
        let second = Second(notBefore: now)
        var lanes = HostBudget.Lanes(site: hosts.lane(of: Site(address)), host: hosts.hostLane(of: address))
        if let pause {
            hosts.slow(lanes.host, pause: pause)
            if let item = flight.item { roster.findHost(of: item, hosts) }
        }
        release(flight, at: second)
        flights.letGo(id)
        guard let item = flight.item else { return now }
        lanes.address = roster[item].lanes.address
        if let rest = hosts.rest(of: lanes, at: second) { return rest.date }
        guard flights.waiting < Self.mostWaiting else { return now + Self.crowdPause }
        flights.wait(id, for: lanes)
        schedule.plan(item, at: second)
        dropIdleLanes(at: second)
        return nil
    }

    private mutating func release(_ flight: Flights.Flight, at now: Second) {
        var lanes = flight.lanes
        // Its host may have got a lane by what its source was just asked for: the pause counts from then on.
        if lanes.host == HostBudget.noLane, lanes.site != HostBudget.noLane, let item = flight.item {
            lanes.host = roster[item].lanes.host
        }
        for turn in hosts.finished(lanes, at: now) { call(turn, at: now) }
    }

    mutating func dropIdleLanes(at now: Second) {
        guard hosts.isWorthTidying else { return }
        let flying = flights.all.flatMap { [HostBudget.Lanes(site: $0.home), $0.lanes] }
        hosts.dropIdle(except: roster.lanes + flying, at: now)
    }

    /// A host that a poll was led to has had enough of us. The others of its domain are asked on.
    package mutating func rest(_ address: String, until: Date, at now: Date) {
        let host = hosts.hostLane(of: address)
        hosts.cool(host, until: Second(notBefore: until), at: Second(notBefore: now))
    }

    /// Plans whose turn it is. A poll that is to go on at a site that rests by now is told so, and the next is called.
    private mutating func call(_ turn: HostBudget.Turn, at now: Second) {
        var turn: HostBudget.Turn? = turn
        while let called = turn {
            let id = roster[called.item].id
            guard let flight = flights[id], let rest = hosts.rest(of: flight.lanes, at: now) else {
                return schedule.plan(called.item, at: called.due)
            }
            dismiss(id, until: rest)
            turn = hosts.next(in: called.lane, at: now)
        }
    }

    mutating func dismiss(_ id: Int64, until rest: Second) {
        flights.endWait(id, goesOn: false)
        dismissals.append((id, rest.date))
    }

    /// When there may be something to begin; `nil` when only the end of a poll can bring that about.
    package func next(at now: Date) -> Date? {
        guard dismissals.isEmpty else { return now }
        guard flights.asking < Self.mostFlights, let next = schedule.next else { return nil }
        return max(next, requests.next(at: Second(notAfter: now))).date
    }

    /// Where a source is asked, if it has moved.
    package func address(of position: Int) -> String? {
        roster.newAddress(of: UInt32(position))
    }

    // MARK: After polls

    /// Whether everybody is out of reach.
    package var isOffline: Bool { reach.isLost }

    /// The outcome of a poll under way, as it looks beside those of others: a source that could not be reached may not
    /// be to blame.
    ///
    /// - Parameter before: the source's, as the poll before left it.
    package mutating func weighed(_ outcome: PollOutcome, of before: SourceState, at now: Date) -> PollOutcome {
        guard let flight = flights[before.id] else { return outcome }
        let isPrivate = flight.item.map { roster[$0].isPrivate } ?? true
        reach.note(outcome, of: flight.home, isPrivate: isPrivate, wasWell: before.failures == 0, at: now)
        guard case .failed(.unreachable(let failure)) = outcome, reach.isToBlame(for: failure, of: before)
        else { return outcome }
        // All of them together a hundred a second: when the network is back, nobody meets a wave.
        return .failed(.offline(failure, pause: max(Self.offlinePause, Double(roster.count) / 100)))
    }

    /// How soon sources are asked again while nobody can be reached, in seconds.
    private static let offlinePause: TimeInterval = 300

    /// Decides when the source of a poll is asked again, and writes it into its state.
    package mutating func plan(
        _ state: inout SourceState, after outcome: PollOutcome, _ advice: Advice, of source: Source, at now: Date,
        dice: Double
    ) {
        let eagerness = roster.eagerness(within: requests.perHour)
        let next = NextPoll(
            after: outcome, advice, state: state, cadence: source.cadence, eagerness: eagerness, at: now, dice: dice)
        state.due = next.due
        state.reason = next.reason
    }

    /// The poll of a source is over.
    ///
    /// - Parameters:
    ///   - state: as it is now; `nil` when the poll was called off.
    ///   - landing: what the answer means for others.
    package mutating func finished(_ id: Int64, _ state: SourceState?, _ landing: Landing = Landing(), at now: Date) {
        guard let flight = flights.end(id) else { return }
        let second = Second(notBefore: now)
        if let rest = landing.siteRest {
            // The site that said so, and the one that leads there.
            let rest = Second(notBefore: rest)
            hosts.cool(flight.home, until: rest, at: second)
            if let site = landing.site { hosts.cool(hosts.lane(of: site), until: rest, at: second) }
        }
        if let pause = landing.pause, let item = flight.item { roster.slow(item, pause: pause, &hosts) }
        // Called off while it waited, it holds nobody up, and its number still stands in line.
        if flight.waits { return }
        release(flight, at: second)
        guard let item = flight.item else { return }
        if let state {
            roster.learn(item, state, peer: landing.peer, &hosts, at: now)
            dropIdleLanes(at: second)
        }
        guard !landing.isTheEnd else { return }
        var due = state?.due ?? landing.due ?? now
        if let state {
            // Its poll may have begun, and been planned, by the configuration before.
            let isMended = flight.isOutdated && Backoff.isOver(state.reason, failures: state.failures)
            due = isMended ? now : roster.due(item, state.due, state.reason, since: now)
        }
        schedule.plan(item, at: Second(notBefore: due))
    }

    // MARK: What the user sees

    /// A source's key in the store, if it is still the one at this position.
    package func id(of source: Source, at position: Int) -> Int64? {
        roster.id(of: source, at: position)
    }

    /// The source of a poll under way as it is configured now; `nil` once a reload has left it out.
    package func source(underWay id: Int64) -> Source? {
        flights[id]?.item.map { sources[Int($0)] }
    }

    /// When a source is asked next that its last poll planned for then: a reload may have made it sooner.
    package func due(_ position: Int, planned: Date) -> Date {
        let item = UInt32(position)
        return flights[roster[item].id] == nil ? min(planned, schedule.due(item).date) : planned
    }

    /// What a source that is due waits for.
    package func waiting(_ position: Int, at now: Date) -> Waiting {
        let row = roster[UInt32(position)]
        let second = Second(notAfter: now)
        if flights[row.id] != nil { return .beingPolled }
        switch hosts.obstacle(row.lanes, at: second) {
        case .siteIsBusy: return .site
        case .addressIsBusy: return .address
        case .pausing(let until): return .pause(until.date)
        case .cooling(let until): return .cooling(until.date)
        case nil: return requests.allows(at: second) ? .room : .budget
        }
    }
}
