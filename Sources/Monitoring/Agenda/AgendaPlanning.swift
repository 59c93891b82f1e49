// When every source is asked next, planned as a whole: for another configuration, another clock, or all at once.

import Fetching
package import FoundationEssentials
package import Model
package import Storage

extension Agenda {
    /// Watches other sources from now on. Pauses, cool-downs and polls under way stay what they are.
    ///
    /// - Parameters:
    ///   - outlines: what the store knows of each of the sources, in the same order.
    ///   - isChanged: whether a source is asked or read otherwise than before.
    package mutating func use(
        _ sources: Sources, _ outlines: [SourceOutline], budget: Int?, at now: Date,
        isChanged: (_ before: Source, _ after: Source) -> Bool = { $0 != $1 }
    ) {
        requests = RequestBudget(perHour: budget)
        let known = roster.ids
        let before = roster.sources { $0.failures > 0 || flights[$0.id] != nil }
        roster.use(sources, outlines, &hosts)
        var flying: [Int64: UInt32] = [:]
        var dues: [Date] = []
        dues.reserveCapacity(outlines.count)
        for (position, outline) in outlines.enumerated() {
            let item = UInt32(position)
            let isFlying = flights[outline.id] != nil
            let old = isFlying || outline.failures > 0 ? before[outline.id] : nil
            let isChanged = old.map { isChanged($0, sources[position]) } ?? false
            if isFlying {
                flying[outline.id] = item
                if isChanged { flights.outdate(outline.id) }
            }
            // Of the sites of those that were watched before, the lanes know better.
            if let status = outline.status, status >= 400, !known.contains(outline.id) {
                restoreRest(outline, item, at: now)
            }
            let isMended = isChanged && Backoff.isOver(outline.reason, failures: Int(outline.failures))
            dues.append(isMended ? now : roster.due(item, outline))
        }
        flights.renumber { flying[$0] }
        plan(dues, at: now)
        dropIdleLanes(at: Second(notBefore: now))
    }

    /// A restart does not end the rest of a site that had had enough of us. Pauses it may end: they last a second.
    private mutating func restoreRest(_ outline: SourceOutline, _ item: UInt32, at now: Date) {
        guard let status = outline.status, let polled = outline.polled, outline.due > now else { return }
        let site = Site(roster.home(of: item))
        guard Manners.isThrottle(Int(status), at: site), !site.isPrivate else { return }
        let end = Backoff.siteRestEnd(due: outline.due, outline.reason, polled: polled)
        hosts.cool(roster[item].lanes.site, until: Second(notBefore: end), at: Second(notBefore: now))
    }

    /// Plans every source that is not being polled. Nothing is further away than it can have been planned: an interval
    /// may have become shorter, or a clock that ran ahead may have been set right.
    private mutating func plan(_ dues: [Date], at now: Date) {
        let second = Second(notBefore: now)
        hosts.clearLines(count: roster.count, at: second)
        schedule = Schedule(count: roster.count, at: Second(notAfter: now))
        let flying = Set(flights.all.compactMap(\.item))
        var overdue: [UInt32] = []
        for (position, due) in dues.enumerated() where !flying.contains(UInt32(position)) {
            let item = UInt32(position)
            if due <= now {
                overdue.append(item)
            } else {
                schedule.plan(item, at: min(Second(notBefore: due), second + roster.furthest(item)))
            }
        }
        spread(overdue, from: second)
        for id in flights.waitingIDs {
            if let item = flights[id]?.item { schedule.plan(item, at: second) } else { dismiss(id, until: second) }
        }
    }

    /// Sources that are all late at once, after a long sleep or at the first start, begin a hundred a second, or faster
    /// if that would take longer than their floor.
    mutating func spread(_ items: [UInt32], from now: Second) {
        for (number, item) in items.enumerated() {
            let share = Double(number) / Double(items.count)
            let wait = min(Double(number) / 100, roster.bounds(of: item).floor * share)
            schedule.plan(item, at: now + Second(wait))
        }
    }

    /// Plans everything as much earlier as the clock was set back by, so that it comes in as many seconds as before.
    package mutating func setClock(back seconds: TimeInterval, to now: Date) {
        hosts.setClock(back: Second(notBefore: Date(timeIntervalSince1970: seconds)))
        plan(roster.indices.map { schedule.due(UInt32($0)).date - seconds }, at: now)
    }

    /// Makes every source due now.
    package mutating func makeAllDue(at now: Date) {
        plan(Array(repeating: now, count: roster.count), at: now)
    }
}
