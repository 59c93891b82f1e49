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

    func run() throws {
        guard let due = try ledger.due(group.key) else { return }
        switch group.kind {
        case .source: try moveTrouble()
        case .overflow:
            guard routing.receivers.contains(group.receiver) else { return try reroute() }
            try ledger.plan(group.key, at: min(due, now + (routing.limits[group.receiver]?.period ?? 0)))
        case .mentions, .digest:
            // What was left over once is told as it is.
            guard !group.route.isEmpty else { return try ledger.plan(group.key, at: now) }
            guard let route = routing.tree.byID[group.route] else { return try reroute() }
            if due > now { try ledger.plan(group.key, at: min(due, latest(route))) }
        case .spike, .test: break
        }
    }

    /// When a group of this route falls due at the latest, as if it had begun to wait now. What is due earlier stays
    /// so: a group that is told outside the hours puts itself off.
    private func latest(_ route: Route) -> Date {
        if group.priority == .high { return now }
        if group.kind == .digest, let digest = route.digest { return digest.next(after: now) }
        return max(route.opening(after: now), now + max(route.groupWait, route.groupInterval))
    }

    private func reroute() throws {
        try Reroute(routing: routing, ledger: ledger, group: group, now: now).run()
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
