// Where mentions go and when: a tree of routes, in Alertmanager's words.

package import FoundationEssentials
package import Model

/// A node of the tree. What it does not say itself it has from its parent: the receiver, grouping and waits.
package struct Route: Sendable, Equatable {
    /// All must hold; the root has none.
    package var matchers: [Matcher] = []
    /// The receiver's name; `nil` when mentions go to the journal alone.
    package var receiver: String?
    /// Mentions that differ in one of these are told in different alerts.
    package var groupBy: [Subject] = []
    /// How long the first mention of a group waits for others, in seconds.
    package var groupWait: TimeInterval = 0
    /// The least time between two alerts of one group, in seconds.
    package var groupInterval: TimeInterval = 0
    /// Whether siblings further down may have the mention too.
    package var continues = false
    package var hours = RouteHours()
    package var digest: Digest?
    package var spike: SpikeRule?
    /// High: passes hours and digest.
    package var priority = Alert.Priority.normal
    /// Whether the copies of a text join its first alert.
    package var joinsCopies = true
    package var routes: [Route] = []

    /// The same for a route with the same path of matchers and the same receiver, across restarts and reloads; given
    /// by the tree.
    package internal(set) var id = ""
    /// The matchers from the root down.
    package internal(set) var path: [Matcher] = []

    package init(receiver: String? = nil) {
        self.receiver = receiver
    }

    /// The labels that a mention is grouped by.
    package func group(of mention: Mention) -> [String: String] {
        var labels: [String: String] = [:]
        for subject in groupBy { labels[subject.name] = subject.values(in: mention).joined(separator: ",") }
        return labels
    }

    /// Whether a mention of this priority goes out with the transaction that finds it, when the hours allow it.
    package var tellsAtOnce: Bool { digest == nil && groupWait == 0 && groupInterval == 0 }
}

/// When a route may send.
package struct RouteHours: Sendable, Equatable {
    /// Open in any of these; always when there are none.
    package var active: [Hours] = []
    /// Closed in any of these.
    package var mute: [Hours] = []
    /// Whether what comes while it is closed is dropped instead of held; the journal has it either way.
    package var drops = false

    package init(active: [Hours] = [], mute: [Hours] = [], drops: Bool = false) {
        self.active = active
        self.mute = mute
        self.drops = drops
    }

    package func isOpen(at date: Date) -> Bool {
        (active.isEmpty || active.contains { $0.contains(date) }) && !mute.contains { $0.contains(date) }
    }

    /// How far ahead an opening is looked for: a day that comes once a year is found.
    private static let horizon = 400

    /// The earliest time from `date` on at which it is open; `nil` when that is more than a year away.
    package func opening(from date: Date) -> Date? {
        if isOpen(at: date) { return date }
        func openings(day: Int) -> [Date] {
            (active + mute).flatMap { $0.changes(day: day, from: date) }.filter { $0 > date && isOpen(at: $0) }
        }
        for day in 0...Self.horizon {
            guard let first = openings(day: day).min() else { continue }
            // The next day of another zone may have begun by then.
            return openings(day: day + 1).reduce(first, min)
        }
        return nil
    }
}
