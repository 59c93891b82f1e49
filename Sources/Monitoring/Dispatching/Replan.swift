// What waits, after the configuration was loaded again or the clock was set back.

import Alerting
import FoundationEssentials
import Model
import Storage

/// Brings one waiting group in line with the routes as they are now.
struct Replan {
    let routing: Routing
    let ledger: any Ledger
    let group: Group
    let now: Date

    /// Members read at a time.
    private static let chunk = 200

    func run() throws {
        guard let due = try ledger.due(group.key) else { return }
        switch group.kind {
        case .source: try moveTrouble()
        case .overflow: if !routing.receivers.contains(group.receiver) { try reroute() }
        case .mentions, .digest:
            // What was left over once is told as it is.
            guard !group.route.isEmpty else { return try ledger.plan(group.key, at: now) }
            guard let route = routing.tree.byID[group.route] else { return try reroute() }
            if due > now { try ledger.plan(group.key, at: min(due, latest(route))) }
        case .spike, .test: break
        }
    }

    /// When a group of this route falls due at the latest, as if it had begun to wait now. What is due earlier stays so:
    /// a group that is told outside the hours puts itself off.
    private func latest(_ route: Route) -> Date {
        if group.priority == .high { return now }
        if group.kind == .digest, let digest = route.digest { return digest.next(after: now) }
        return max(route.opening(after: now), now + max(route.groupWait, route.groupInterval))
    }

    /// The members of a route that is gone go where they would go if they were found now. Where one has been before, by
    /// another of its routes, it is not told twice. Those that would be told to nobody are told at once to whom they
    /// waited for: a route may be gone by a slip.
    private func reroute() throws {
        while case let members = try ledger.members(of: group.key, limit: Self.chunk), !members.isEmpty {
            var decision = Decision(routing, ledger, at: now)
            let findings = try members.map { try Finding($0) }
            try decision.decide(findings.filter { routing.tells($0.mention) })
            for finding in findings where !routing.tells(finding.mention) {
                try ledger.gather(finding.member(), into: leftOver, due: now, interval: 0, at: now)
            }
            try ledger.removeFirst(members.count, from: group.key)
        }
        try ledger.close(group.key, at: now, again: now, mustAgain: false)
    }

    /// The group without its route: one of many mentions becomes one alert still.
    private var leftOver: Group {
        var group = group
        group.kind = group.kind == .mentions ? .mentions : .digest
        group.route = ""
        group.key = Identifiers.group(
            group.kind, route: "", receiver: group.receiver, labels: group.labels, group.priority)
        return group
    }

    private func moveTrouble() throws {
        guard let other = routing.troubleGroup else {
            // Nobody wants to know any more; the journal has it.
            try ledger.removeFirst(.max, from: group.key)
            return try ledger.close(group.key, at: now, again: now, mustAgain: false)
        }
        if other.key != group.key { try ledger.move(group.key, into: other, due: now) }
    }
}

/// Sees to it that digests which come even when there is nothing to tell fall due.
struct EmptyDigests {
    let routing: Routing
    let ledger: any Ledger
    let now: Date

    func run() throws {
        for route in routing.tree.byID.values where route.receiver != nil && route.groupBy.isEmpty {
            guard let digest = route.digest, digest.comesEmpty else { continue }
            try ledger.await(Group(.digest, labels: [:], at: route), due: digest.next(after: now))
        }
    }
}
