// Whether counts are what they should be: looked at in one transaction, which also holds the alerts that come of it.

import Alerting
import FoundationEssentials
import Model
import Storage

/// Opens and closes the episodes of the scopes that routes count.
struct SpikeCheck {
    let routing: Routing
    let ledger: any Ledger
    let now: Date

    /// The bucket that `time` is in.
    static func bucket(_ time: Date) -> Int {
        Int((time.timeIntervalSince1970 / Spike.bucket).rounded(.down))
    }

    private static let bucketsPerDay = Int(86_400 / Spike.bucket)
    /// Under this name the buckets are noted in which the daemon ran throughout: what was not counted is not missing.
    static let running = "running"

    /// While a bucket lasts: a spike is told of without waiting for its end.
    ///
    /// - Parameter since: scopes that were not counted since cannot have changed.
    func look(since: Date) throws {
        let end = Self.bucket(now) + 1
        for scope in try ledger.scopes(countedSince: since) where scope.episode?.kind != .spike {
            try check(scope, end: end, isComplete: false)
        }
    }

    /// When a bucket has ended: everything.
    ///
    /// - Parameter ranThroughout: whether the daemon ran for all of it.
    func endBucket(ranThroughout: Bool) throws {
        let end = Self.bucket(now)
        if ranThroughout { try ledger.mark(Self.running, bucket: end - 1) }
        for scope in try ledger.scopes(countedSince: .distantPast) {
            try check(scope, end: end, isComplete: true)
        }
    }

    private func check(_ scope: TallyScope, end: Int, isComplete: Bool) throws {
        guard let route = routing.tree.byID[scope.route], let rule = route.spike else { return }
        let window = (end - rule.buckets)..<end
        let isWhole = try !isComplete || ran(throughout: window)
        let count = try ledger.sum(of: scope.key, in: window)
        let samples = try SpikeRule.days.compactMap { try sample(window, days: $0, of: scope) }
        guard let figures = rule.figures(count: count, samples: samples, isComplete: isComplete && isWhole) else {
            return
        }
        let open = scope.episode
        guard figures.kind != open?.kind else { return }
        if let open {
            // What has not ended yet, or was not watched to its end, closes nothing.
            guard isComplete, isWhole else { return }
            try tell(.resolved, open, figures, count, window, of: scope, at: route)
            try ledger.setEpisode(nil, of: scope.key)
        }
        guard let kind = figures.kind else { return }
        let episode = TallyScope.Episode(kind: kind, opened: now)
        try ledger.setEpisode(episode, of: scope.key)
        try tell(.firing, episode, figures, count, window, of: scope, at: route)
    }

    /// What the same window of an earlier day counted; `nil` when it was not counted throughout.
    private func sample(_ window: Range<Int>, days: Int, of scope: TallyScope) throws -> Int? {
        let shift = days * Self.bucketsPerDay
        let earlier = (window.lowerBound - shift)..<(window.upperBound - shift)
        guard earlier.lowerBound > Self.bucket(scope.since), try ran(throughout: earlier) else { return nil }
        return try ledger.sum(of: scope.key, in: earlier)
    }

    private func ran(throughout window: Range<Int>) throws -> Bool {
        try ledger.sum(of: Self.running, in: window) == window.count
    }

    private func tell(
        _ status: Alert.Status, _ episode: TallyScope.Episode, _ figures: SpikeRule.Figures, _ count: Int,
        _ window: Range<Int>, of scope: TallyScope, at route: Route
    ) throws {
        guard let receiver = route.receiver else { return }
        let opened = "\(episode.opened.timeIntervalSince1970)"
        let spike = Spike(
            kind: episode.kind, count: count, mean: figures.mean, deviation: figures.deviation,
            threshold: figures.threshold, end: min(now, Self.start(of: window.upperBound)),
            window: Double(window.count) * Spike.bucket, since: episode.opened)
        let parts = [scope.key, episode.kind.rawValue, opened]
        let alert = Alert(
            id: Identifiers.alert(receiver: receiver, route: route.id, parts: parts + [status.rawValue]), kind: .spike,
            receiver: receiver, route: route.path.text, group: scope.labels, priority: route.priority, made: now,
            count: count, spike: spike, status: status,
            episode: Identifiers.episode([receiver, route.id] + parts))
        try ledger.deliver(alert, for: [])
    }

    private static func start(of bucket: Int) -> Date {
        Date(timeIntervalSince1970: Double(bucket) * Spike.bucket)
    }
}
