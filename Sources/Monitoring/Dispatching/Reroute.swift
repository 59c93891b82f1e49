// What becomes of what waited where nothing is told any more: its route, or its receiver, went with a reload.

import Alerting
import FoundationEssentials
import Journaling
import Model
import Storage

/// Finds another place for each member of a group.
///
/// The routes that a mention has taken had their turn, and are not asked again. If those that it takes now tell nobody,
/// and those tell nobody either, it is told at once to whom it waited for: a route may be gone by a slip.
struct Reroute {
    let routing: Routing
    let ledger: any Ledger
    let group: Group
    let now: Date

    /// Members read at a time.
    private static let chunk = 200

    func run() throws {
        while case let members = try ledger.members(of: group.key, limit: Self.chunk), !members.isEmpty {
            var decision = Decision(routing, ledger, at: now)
            var waiting: [(Finding, [Route])] = []
            for var member in members {
                var finding = try Finding(member)
                let routes = routing.tree.routes(for: finding.mention).filter { $0.receiver != nil }
                let new = routes.filter { !member.routes.contains($0.id) }
                let taken = routes.filter { member.routes.contains($0.id) }
                finding.routes = remaining(of: member.routes)
                member.routes = finding.routes
                waiting.append((finding, new))
                if new.contains(where: { tells($0, finding.mention, at: now) }) { continue }
                if taken.contains(where: { tells($0, finding.mention, at: finding.mention.found) }) {
                    try leaveToOthers(finding.mention)
                } else {
                    try keep(member)
                }
            }
            try decision.decide(waiting: waiting)
            try ledger.removeFirst(members.count, from: group.key)
        }
        try ledger.close(group.key, at: now, again: now, mustAgain: false)
    }

    /// The route that is gone has not told of it: it is asked again if it comes back. Which one that was, a summary
    /// does not know.
    private func remaining(of routes: [String]) -> [String] {
        group.route.isEmpty ? [] : routes.filter { $0 != group.route }
    }

    /// Whether a route tells somebody of a mention that it gets at `time`, then or later.
    private func tells(_ route: Route, _ mention: Mention, at time: Date) -> Bool {
        let priority = route.priority(of: mention, urgent: routing.urgent)
        if case .withheld = route.course(priority: priority, at: time) { return false }
        return true
    }

    private func leaveToOthers(_ mention: Mention) throws {
        // What the route's matchers were is not known any more.
        let report = JournalEvent.WithheldReport(
            mention: mention.id, receiver: group.receiver, route: "", reason: Course.Reason.reload.rawValue, of: nil)
        try ledger.note(try JournalEvent(.withheld(report), at: now).encoded())
    }

    /// A copy stays with its original, unless that has gone elsewhere.
    private func keep(_ member: Member) throws {
        if try ledger.join(member, in: leftOver.key) { return }
        var member = member
        member.original = nil
        try ledger.gather(member, into: leftOver, due: now, interval: 0, at: now)
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
}
