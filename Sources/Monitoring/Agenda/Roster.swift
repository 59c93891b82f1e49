// The sources of a configuration, and of each what it takes to decide about it, in some 40 bytes. A value.

import Fetching
import FoundationEssentials
import Model
import Storage

/// Sources by their number, as the schedule and the lines have it.
struct Roster: Sendable {
    private(set) var sources = Sources()
    private var rows: [Row] = []
    /// Where the few sources are that have moved.
    private var moved: [UInt32: String] = [:]
    private var gain = Gain()
    private var eagerness = Gain.unbounded
    /// Changes of rates since the eagerness was worked out.
    private var changes = 0

    /// What is kept of each source beside its text; the schedule and the lines have 12 bytes more.
    struct Row: Sendable {
        let id: Int64
        fileprivate(set) var lanes: HostBudget.Lanes
        fileprivate var rate: Float
        fileprivate(set) var failures: UInt16
        fileprivate var isBare: Bool
        /// Whether its site is on a private network, or this machine.
        fileprivate(set) var isPrivate: Bool
    }

    var count: Int { rows.count }
    var indices: Range<Int> { rows.indices }
    var ids: Set<Int64> { Set(rows.map(\.id)) }
    var failingCount: Int { rows.count { $0.failures > 0 } }
    var lanes: [HostBudget.Lanes] { rows.map(\.lanes) }

    subscript(item: UInt32) -> Row { rows[Int(item)] }

    /// A source's key in the store, if it is still the one at this position.
    func id(of source: Source, at position: Int) -> Int64? {
        guard rows.indices.contains(position), sources.url(at: position) == source.url else { return nil }
        return rows[position].id
    }

    /// Those of some rows, by their keys in the store.
    func sources(where isWanted: (Row) -> Bool) -> [Int64: Source] {
        let wanted = rows.indices.filter { isWanted(rows[$0]) }
        return Dictionary(wanted.map { (rows[$0].id, sources[$0]) }, uniquingKeysWith: { _, later in later })
    }

    // MARK: Taking over a configuration

    /// - Parameter outlines: what the store knows of each of the sources, in the same order.
    mutating func use(_ sources: Sources, _ outlines: [SourceOutline], _ hosts: inout HostBudget) {
        let lanes = ownLanes
        self.sources = sources
        rows = []
        rows.reserveCapacity(outlines.count)
        hosts.reserve(outlines.count)
        moved = [:]
        gain = Gain()
        for (position, outline) in outlines.enumerated() {
            let item = UInt32(position)
            if let address = outline.address { moved[item] = address }
            enter(outline, item, lanes[outline.id], &hosts)
        }
        changes = rows.count + 1
    }

    /// By the source's key: what has answered keeps its address over a reload, and its host's lane.
    private var ownLanes: [Int64: HostBudget.Lanes] {
        let answered = rows.lazy.filter {
            $0.lanes.address != HostBudget.noLane || $0.lanes.host != HostBudget.noLane
        }
        return Dictionary(answered.map { ($0.id, $0.lanes) }, uniquingKeysWith: { _, later in later })
    }

    private mutating func enter(
        _ outline: SourceOutline, _ item: UInt32, _ own: HostBudget.Lanes?, _ hosts: inout HostBudget
    ) {
        let site = Site(home(of: item))
        var row = Row(
            id: outline.id, lanes: HostBudget.Lanes(site: hosts.lane(of: site)), rate: outline.rate,
            failures: UInt16(clamping: outline.failures),
            isBare: outline.polled != nil && !outline.hasWorkingValidators, isPrivate: site.isPrivate)
        if let own { (row.lanes.host, row.lanes.address) = (own.host, own.address) }
        rows.append(row)
        count(item, entering: true)
    }

    // MARK: Where a source is asked

    /// The address that a source is asked at.
    func home(of item: UInt32) -> String {
        moved[item] ?? sources.url(at: Int(item))
    }

    /// Where a source is asked, if it has moved.
    func newAddress(of item: UInt32) -> String? {
        moved[item]
    }

    /// The lanes that a source is asked by. Its host's is looked for each time: what is asked of other sources' entries
    /// may have brought it about.
    mutating func lanes(asking item: UInt32, _ hosts: HostBudget) -> HostBudget.Lanes {
        findHost(of: item, hosts)
        return rows[Int(item)].lanes
    }

    mutating func findHost(of item: UInt32, _ hosts: HostBudget) {
        guard rows[Int(item)].lanes.host == HostBudget.noLane, let host = hosts.knownHostLane(of: home(of: item))
        else { return }
        rows[Int(item)].lanes.host = host
    }

    /// Lets the host of a source have this pause, in seconds.
    mutating func slow(_ item: UInt32, pause: Second, _ hosts: inout HostBudget) {
        let host = hosts.hostLane(of: home(of: item))
        hosts.slow(host, pause: pause)
        rows[Int(item)].lanes.host = host
    }

    // MARK: How often

    /// The least and the most time between two polls, in seconds.
    func bounds(of item: UInt32) -> (floor: Double, ceiling: Double) {
        let cadence = sources.cadence(at: Int(item))
        let floor = (rows[Int(item)].isBare ? cadence.bareFloor : cadence.floor) / .seconds(1)
        return (floor, max(floor, cadence.ceiling / .seconds(1)))
    }

    /// When a source is due that the store has as due then: sooner where its interval became shorter since its last
    /// poll. What servers and feeds ask for stays what it is.
    func due(_ item: UInt32, _ outline: SourceOutline) -> Date {
        outline.polled.map { due(item, outline.due, outline.reason, since: $0) } ?? outline.due
    }

    /// - Parameter polled: no poll by the source's own cadence is due later than its longest interval from then on.
    func due(_ item: UInt32, _ planned: Date, _ reason: DueReason, since polled: Date) -> Date {
        guard rows[Int(item)].failures == 0, [.interval, .rhythm, .bare].contains(reason) else { return planned }
        return min(planned, polled + bounds(of: item).ceiling * (1 + Backoff.spread))
    }

    /// The furthest from now that a poll can have been planned, in seconds.
    func furthest(_ item: UInt32) -> Second {
        guard rows[Int(item)].failures == 0 else { return Second(Backoff.longestWait) }
        let bounds = bounds(of: item)
        return Second(max(bounds.ceiling, Freshness.longest) * (1 + Backoff.spread) + 1)
    }

    /// How eagerly all are asked. Solving for the gain takes a tenth of a millisecond, so it waits for a hundredth of
    /// the sources to change.
    ///
    /// - Parameter budget: requests an hour, if they are bounded.
    mutating func eagerness(within budget: Int?) -> Double {
        guard changes > rows.count / 100 else { return eagerness }
        eagerness = budget.map { gain.spending($0) } ?? Gain.unbounded
        changes = 0
        return eagerness
    }

    private mutating func count(_ item: UInt32, entering: Bool) {
        let row = rows[Int(item)]
        let bounds = bounds(of: item)
        if entering {
            gain.add(rate: row.rate, floor: bounds.floor, ceiling: bounds.ceiling)
        } else {
            gain.remove(rate: row.rate, floor: bounds.floor, ceiling: bounds.ceiling)
        }
    }

    // MARK: After a poll

    /// - Parameter peer: the public IP address that answered.
    mutating func learn(
        _ item: UInt32, _ state: SourceState, peer: String?, _ hosts: inout HostBudget, at now: Date
    ) {
        count(item, entering: false)
        rows[Int(item)].rate = state.rhythm.rate(at: now)
        rows[Int(item)].failures = UInt16(clamping: state.failures)
        rows[Int(item)].isBare = !state.hasWorkingValidators
        count(item, entering: true)
        changes += 1
        if moved[item] != state.address {
            moved[item] = state.address
            let site = Site(home(of: item))
            rows[Int(item)].lanes.site = hosts.lane(of: site)
            rows[Int(item)].lanes.host = HostBudget.noLane
            rows[Int(item)].isPrivate = site.isPrivate
        }
        if let peer { rows[Int(item)].lanes.address = hosts.lane(ofPeer: peer) }
    }
}
