// What a group that falls due becomes: alerts, in the transaction that empties it.

import Alerting
import FoundationEssentials
import Model
import Storage

/// Tells a group, or puts it off.
struct Flush {
    let routing: Routing
    let ledger: any Ledger
    let group: Group
    let now: Date

    /// Mentions read at a time; a group with more is told in several transactions.
    private static let chunk = 50
    /// The most mentions that one digest or summary stands for; a larger one is told in parts.
    private static let most = 50_000
    /// Sources named in one alert.
    private static let mostSources = 20
    /// How many mentions a summary tells; the others are counted.
    private static let summaryTop = 10

    /// A group that came due before the clock was set back, or was told by another transaction, is left alone.
    func run() throws {
        guard try ledger.isDue(group.key, at: now) else { return }
        let route = routing.tree.byID[group.route]
        switch group.kind {
        case .mentions:
            let route = route ?? Route(receiver: group.receiver)
            guard group.priority == .high || route.hours.isOpen(at: now) else { return try wait(for: route) }
            try tellMentions(route)
        case .digest:
            guard let route else { return try tellDigest(nil, Route()) }
            guard route.hours.isOpen(at: now) else { return try wait(for: route) }
            try tellDigest(route.digest, route)
        case .overflow: try tellDigest(nil, Route())
        case .source: try tellSources()
        case .spike, .test: try ledger.close(group.key, at: now, again: now, mustAgain: false)
        }
    }

    private func wait(for route: Route) throws {
        try ledger.plan(group.key, at: route.opening(after: now))
    }

    // MARK: Mentions

    private func tellMentions(_ route: Route) throws {
        let originals = try ledger.originals(of: group.key, limit: Self.chunk).map { try Finding($0).told }
        for batch in originals.batches {
            guard try isAllowed() else { return try overflow() }
            let copies = try batch.map { try ledger.copies(of: $0.mention.id, in: group.key, limit: Told.places) }
            let told = try zip(batch, copies).map { told, copies in try told.joining(copies) }
            let alert = Alert(told, route: route, to: group.receiver, group: group.labels, group.priority, at: now)
            try ledger.deliver(alert, told.map(\.body), for: batch.map(\.mention.id) + copies.flatMap(\.ids))
            try ledger.remove(batch.map(\.mention.id), from: group.key)
        }
        try ledger.close(group.key, at: now, again: now, mustAgain: false)
    }

    // MARK: A receiver's rate limit

    private func isAllowed() throws -> Bool {
        guard let limit = routing.limits[group.receiver] else { return true }
        var allowance = try ledger.allowance(of: group.receiver) ?? (since: now, alerts: 0)
        // One that began in the future was begun by a clock that ran ahead.
        if now >= allowance.since + limit.period || allowance.since > now { allowance = (now, 0) }
        guard allowance.alerts < limit.count else { return false }
        try ledger.setAllowance(of: group.receiver, since: allowance.since, alerts: allowance.alerts + 1)
        return true
    }

    /// What is left goes into the receiver's summary, told when the limit's time is over.
    private func overflow() throws {
        let period = routing.limits[group.receiver]?.period ?? 0
        let since = try ledger.allowance(of: group.receiver)?.since ?? now
        let key = Identifiers.group(.overflow, route: "", receiver: group.receiver, labels: [:])
        let summary = Group(key: key, kind: .overflow, route: "", receiver: group.receiver, labels: [:])
        try ledger.move(group.key, into: summary, due: max(now, since + period))
    }

    // MARK: Digests and summaries

    /// - Parameter digest: `nil` for a summary, and for what a route gathered that has no digest any more.
    private func tellDigest(_ digest: Digest?, _ route: Route) throws {
        let ids = try ledger.ids(of: group.key, limit: Self.most)
        let next = digest?.next(after: now) ?? now
        let comesEmpty = digest?.comesEmpty == true && group.labels.isEmpty
        if !ids.isEmpty || comesEmpty {
            let limit = digest?.top ?? Self.summaryTop
            let top = try ledger.top(of: group.key, among: Self.most, limit: limit).map { member in
                try Finding(member).told.joining(
                    try ledger.copies(of: member.id, in: group.key, limit: Told.places))
            }
            var alert = Alert(top, route: route, to: group.receiver, group: group.labels, group.priority, at: now)
            alert.kind = group.kind
            alert.count = ids.count
            // The same mention may be the first of two summaries: it comes to a receiver by each of its routes.
            let parts = ids.prefix(1) + ["\(now.timeIntervalSince1970)"]
            alert.id = Identifiers.alert(receiver: group.receiver, route: group.key, parts: Array(parts))
            try ledger.deliver(alert, top.map(\.body), for: ids)
            try ledger.removeFirst(ids.count, from: group.key)
        }
        // More than one alert stands for: the rest comes at once.
        try ledger.close(group.key, at: now, again: ids.count == Self.most ? now : next, mustAgain: comesEmpty)
    }

    // MARK: Sources

    private func tellSources() throws {
        let ids = try ledger.ids(of: group.key, limit: Self.most)
        let members = try ledger.members(of: group.key, limit: Self.mostSources)
        if let first = members.first {
            let sources = try members.map {
                try JSONDecoder.earshot.decode(SourceTrouble.self, from: Data($0.body))
            }
            let parts = [first.id, "\(now.timeIntervalSince1970)"]
            let alert = Alert(
                id: Identifiers.alert(receiver: group.receiver, route: group.key, parts: parts), kind: .source,
                receiver: group.receiver, made: now, count: ids.count, sources: sources)
            try ledger.deliver(alert, for: [])
            try ledger.removeFirst(ids.count, from: group.key)
        }
        try ledger.close(group.key, at: now, again: now, mustAgain: false)
    }
}

extension Told {
    /// With the copies that waited beside it.
    fileprivate func joining(_ copies: (ids: [String], first: [Member])) throws -> Told {
        var told = self
        for copy in copies.first { told.join(try Finding(copy).mention) }
        told.copies.count = copies.ids.count
        return told
    }
}
