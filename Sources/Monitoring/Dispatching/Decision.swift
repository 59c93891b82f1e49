// What becomes of the mentions of one poll: decided in the transaction that remembers them, so that what is decided and
// what it was decided by are one. Nothing of it is kept in memory.

import Alerting
import FoundationEssentials
import Journaling
import Model
import Storage

/// Decides for findings at their routes.
struct Decision {
    let routing: Routing
    let ledger: any Ledger
    let now: Date
    /// What is told with this transaction, in the order of the findings.
    private var direct: [Direct: [Told]] = [:]
    private var order: [Direct] = []
    /// The copies among them, by their original's id.
    private var copies: [String: [String]] = [:]

    private struct Direct: Hashable {
        var route: String
        var labels: [String: String]
        var priority: Alert.Priority
    }

    init(_ routing: Routing, _ ledger: any Ledger, at now: Date) {
        self.routing = routing
        self.ledger = ledger
        self.now = now
    }

    /// Decides for what was found just now, at all its routes.
    mutating func decide(_ findings: [Finding]) throws {
        for var finding in findings {
            let mention = finding.mention
            let silence = routing.silences.first { $0.holds(back: mention, at: now) }
            let routes = routing.tree.routes(for: mention).filter { $0.receiver != nil }
            finding.routes = routes.map(\.id)
            for route in routes {
                if route.spike != nil { try count(mention, at: route) }
                if let silence {
                    try withhold(mention, at: route, .silence, of: silence.silence.id)
                } else {
                    try decide(finding, at: route)
                }
            }
        }
        try tellDirect()
    }

    /// Decides for what waited where nothing is told any more, at these routes. It was counted when it was found, and a
    /// silence that has begun since holds back nothing that waits.
    mutating func decide(waiting: [(Finding, [Route])]) throws {
        for (finding, routes) in waiting {
            var finding = finding
            finding.routes += routes.map(\.id)
            for route in routes { try decide(finding, at: route) }
        }
        try tellDirect()
    }

    /// Gathers trouble with sources, which is told a little later than it came.
    func decide(_ troubles: [Member]) throws {
        guard let group = routing.troubleGroup else { return }
        for trouble in troubles {
            try ledger.gather(
                trouble, into: group, due: now + SourceTroubleRule.wait, interval: SourceTroubleRule.interval, at: now)
        }
    }

    private mutating func decide(_ finding: Finding, at route: Route) throws {
        let mention = finding.mention
        let priority = route.priority(of: mention, urgent: routing.urgent)
        let hasLimit = routing.limits[route.receiver ?? ""] != nil
        let course = route.course(priority: priority, at: now, hasLimit: hasLimit)
        if case .withheld(let reason) = course { return try withhold(mention, at: route, reason) }

        let scope = Identifiers.scope(route: route.id, watch: mention.watch)
        if let story = finding.story, let first = try ledger.told(story.id, in: scope) {
            if first.mention == mention.id {
                // It waited at two routes that are gone, and is here by the other. If it waits no more where it did, it
                // was taken from here when this route was gone.
                guard let group = first.group, try !ledger.isWaiting(mention.id, in: group) else { return }
            } else if route.joinsCopies, try join(finding, first, at: route, priority) {
                return
            }
        }
        var group: Group?
        switch course {
        case .now:
            tell(finding, at: route, priority)
        case .gathered(let due, let reason):
            let kind: Alert.Kind = reason == .digest ? .digest : .mentions
            let waiting = Group(kind, labels: route.group(of: mention), at: route, priority)
            let interval = priority == .high ? 0 : route.groupInterval
            try ledger.gather(finding.member(), into: waiting, due: due, interval: interval, at: now)
            group = waiting
        case .withheld: break
        }
        if let story = finding.story { try ledger.tell(story, in: scope, by: mention.id, group: group?.key) }
    }

    /// Every mention counts, also a copy and one that a silence holds back.
    private func count(_ mention: Mention, at route: Route) throws {
        let labels = route.group(of: mention)
        let key = Identifiers.tally(route: route.id, labels: labels)
        let scope = TallyScope(key: key, route: route.id, labels: labels, since: now)
        try ledger.count(in: scope, bucket: SpikeCheck.bucket(now), at: now)
    }

    /// A copy of what was told before: it is counted in the alert that still waits, or else in the journal alone.
    ///
    /// - Returns: whether it may be left at that: an urgent copy does not wait where its original does.
    private mutating func join(
        _ copy: Finding, _ first: (mention: String, group: String?), at route: Route, _ priority: Alert.Priority
    ) throws -> Bool {
        if let group = first.group {
            if priority == .high, try ledger.isWaiting(first.mention, in: group),
                try ledger.priority(of: group) != .high
            {
                return false
            }
            if try ledger.join(copy.member(copyOf: first.mention), in: group) { return true }
        } else if joinDirect(copy.mention, to: first.mention, at: route) {
            return true
        }
        try withhold(copy.mention, at: route, .copy, of: first.mention)
        return true
    }

    /// Whether the first one is told with this same transaction.
    private mutating func joinDirect(_ copy: Mention, to original: String, at route: Route) -> Bool {
        for key in order where key.route == route.id {
            guard let place = direct[key]?.firstIndex(where: { $0.mention.id == original }) else { continue }
            direct[key]?[place].join(copy)
            copies[original, default: []].append(copy.id)
            return true
        }
        return false
    }

    private mutating func tell(_ finding: Finding, at route: Route, _ priority: Alert.Priority) {
        let key = Direct(route: route.id, labels: route.group(of: finding.mention), priority: priority)
        if direct[key] == nil { order.append(key) }
        direct[key, default: []].append(finding.told)
    }

    private func tellDirect() throws {
        for key in order {
            guard let route = routing.tree.byID[key.route], let receiver = route.receiver else { continue }
            for batch in (direct[key] ?? []).batches {
                let alert = Alert(batch, route: route, to: receiver, group: key.labels, key.priority, at: now)
                let ids = batch.flatMap { [$0.mention.id] + (copies[$0.mention.id] ?? []) }
                try ledger.deliver(alert, batch.map(\.body), for: ids)
            }
        }
    }

    private func withhold(
        _ mention: Mention, at route: Route, _ reason: Course.Reason, of other: String? = nil
    ) throws {
        let report = JournalEvent.WithheldReport(
            mention: mention.id, receiver: route.receiver ?? "", route: route.path.text, reason: reason.rawValue,
            of: other)
        try ledger.note(try JournalEvent(.withheld(report), at: now).encoded())
    }
}

extension Group {
    init(_ kind: Alert.Kind, labels: [String: String], at route: Route, _ priority: Alert.Priority = .normal) {
        let receiver = route.receiver ?? ""
        self.init(
            key: Identifiers.group(kind, route: route.id, receiver: receiver, labels: labels, priority), kind: kind,
            route: route.id, receiver: receiver, labels: labels, priority: priority)
    }
}

extension Alert {
    /// A message of mentions.
    init(
        _ told: [Told], route: Route, to receiver: String, group: [String: String], _ priority: Priority, at now: Date
    ) {
        let copies = Dictionary(told.map { ($0.mention.id, $0.copies) }, uniquingKeysWith: { first, _ in first })
        self.init(
            id: Identifiers.alert(receiver: receiver, route: route.id, parts: told.map(\.mention.id)),
            receiver: receiver, route: route.path.text, group: group, priority: priority, made: now,
            mentions: told.map(\.mention), count: told.reduce(0) { $0 + 1 + $1.copies.count },
            copies: copies.filter { $0.value.count > 0 })
    }
}

extension Ledger {
    /// Puts an alert into the outbox, and into the journal with all that it stands for.
    ///
    /// - Parameters:
    ///   - mentions: those that it tells, as JSON.
    ///   - ids: those of its mentions and their copies, told or counted.
    func deliver(_ alert: Alert, _ mentions: [[UInt8]] = [], for ids: [String]) throws {
        try deliver(try Delivery(alert, mentions: mentions))
        // A line stays short enough for any reader.
        for start in stride(from: 0, to: max(1, ids.count), by: 1_000) {
            let part = Array(ids[start..<min(ids.count, start + 1_000)])
            try note(
                try JournalEvent(.alert(JournalEvent.AlertReport(alert, mentions: part)), at: alert.made).encoded())
        }
    }
}
