// From a mention to the outbox: routes what polls find, in the transaction that remembers it, and tells groups when
// they fall due. It lives on the store queue, beside the recorder; what waits is in the store, and here only an alarm
// for it.

import Alerting
package import Configuration
package import FoundationEssentials
import Journaling
package import Logging
import Matching
package import Model
package import Runtime
package import Storage

/// Decides where mentions go and when.
package actor Dispatcher {
    private let executor: QueueExecutor
    private let clock: any Clock
    private let store: any MentionStore
    private let recorder: Recorder
    private let courier: Courier
    private let log: Logger

    private var routing = Routing()
    private var stories = StoryKeeper()
    private var rhythm = SpikeRhythm()
    private var alarm: (any Alarm)?
    /// The look for due groups that is under way, and whether something came since it began.
    private var look: Task<Void, Never>?
    private var mustLookAgain = false
    /// Whether what waits is not in line yet with the routes, or with a clock that was set back.
    private var mustPlanAgain = false
    private var isStopping = false
    private var tidying = Tidying()
    /// The latest time seen: the clock was set back if it is earlier now.
    private var latest = Date.distantPast

    /// Groups told at a time; their transactions share one fsync.
    private static let most = 64
    /// When the store cannot be read or written, it is tried again after this long, in seconds.
    private static let pause: TimeInterval = 30

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    package init(
        executor: QueueExecutor, clock: any Clock, store: any MentionStore, recorder: Recorder, courier: Courier,
        log: Logger
    ) {
        self.executor = executor
        self.clock = clock
        self.store = store
        self.recorder = recorder
        self.courier = courier
        self.log = log
    }

    // MARK: Taking over a configuration

    /// Reads back which stories are known and what is silenced. To be called once, before anything is committed.
    package func restore() async throws(StoreError) {
        let now = clock.now
        stories.restore(
            try await store.stories(since: now - StoryKeeper.lifetime, limit: StoryKeeper.capacity))
        try await readSilences(at: now)
    }

    private func readSilences(at now: Date) async throws(StoreError) {
        routing.silences = try await store.silences(endingAfter: now).compactMap { silence in
            do throws(MatcherError) {
                return try SilenceRule(silence)
            } catch {
                log.error("silence \(silence.id) cannot be kept: \(error)")
                return nil
            }
        }
    }

    /// Routes by another configuration from now on. What waits for a route that is no longer there goes where the new
    /// routes send it; everything else that waits stays with its route, by that one's new hours.
    package func use(_ settings: Settings) {
        routing = Routing(settings, silences: routing.silences)
        mustPlanAgain = true
        wake()
    }

    /// While that fails, what waits is told by the plan it has.
    private func planAgain() async {
        mustPlanAgain = false
        do throws(StoreError) {
            try await planWaiting(at: clock.now)
        } catch {
            mustPlanAgain = true
            log.error("what waits cannot be planned anew: \(error)")
        }
    }

    private func planWaiting(at now: Date) async throws(StoreError) {
        // By a clock that ran ahead, some may have seemed to be over.
        try await readSilences(at: now)
        var key = ""
        while case let groups = try await store.waitingGroups(after: key, limit: Self.most), let last = groups.last {
            try await commit { routing, ledger in
                for group in groups { try Replan(routing: routing, ledger: ledger, group: group, now: now).run() }
            }
            key = last.key
        }
        try await commit { routing, ledger in try EmptyDigests(routing: routing, ledger: ledger, now: now).run() }
    }

    /// Plans anew if the clock was set back: what was to wait until a time of the old clock would wait for long. To be
    /// called now and then, as alarms go by the clock too.
    package func followClock() {
        let now = clock.now
        defer { latest = now }
        guard now < latest - 1 else { return }
        tidying.followClock(to: now)
        mustPlanAgain = true
        wake()
    }

    private func commit(
        _ decide: @escaping @Sendable (Routing, any Ledger) throws -> Void
    ) async throws(StoreError) {
        var change = Change()
        change.decide = { [routing] ledger in try decide(routing, ledger) }
        try await recorder.commit(change)
    }

    // MARK: What polls find

    /// Commits a poll's change with its new mentions and all that becomes of them: journal lines, deliveries, members
    /// of groups. Everything that costs time is done on the caller's side of the queue.
    ///
    /// - Parameter troubles: what a person should be told of the source.
    package nonisolated func commit(
        _ change: Change, _ mentions: [Mention], _ troubles: [SourceTrouble], at now: Date
    ) async throws(StoreError) {
        let sketches = mentions.map(StorySketch.init)
        let (stories, routing) = await stories(of: mentions, sketches, at: now)
        var change = change
        do {
            let findings = zip(mentions, stories).map { mention, story in
                var mention = mention
                mention.story = story.id
                return Finding(mention, story: story)
            }
            change.lines += findings.map { JournalEvent.line(mention: $0.body, at: now) }
            change.lines += try troubles.map { try JournalEvent(.source($0), at: now).encoded() }
            let members = try routing.troubleMembers(troubles)
            change.decide = { ledger in
                var decision = Decision(routing, ledger, at: now)
                try decision.decide(findings)
                try decision.decide(members)
            }
        } catch {
            throw StoreError("a mention cannot be written as JSON: \(error)")
        }
        try await commit(change, at: now)
    }

    /// On the store queue from here on: no hop between the commit and what follows it.
    private func commit(_ change: Change, at now: Date) async throws(StoreError) {
        try await recorder.commit(change)
        rhythm.count(at: now)
        wake()
    }

    private func stories(
        of mentions: [Mention], _ sketches: [StorySketch], at now: Date
    ) -> ([Story], Routing) {
        (zip(mentions, sketches).map { stories.story(of: $0, $1, at: now) }, routing)
    }

    // MARK: What falls due

    /// Tells every group that is due, and wakes up for the next. To be called whenever something was committed; several
    /// calls at once are one look.
    package func wake() {
        guard !isStopping else { return }
        mustLookAgain = true
        guard look == nil else { return }
        look = Task {
            var next: Date?
            while mustLookAgain {
                mustLookAgain = false
                next = await tellDue()
            }
            look = nil
            ring(at: next)
        }
    }

    /// Tells what is due, and has the courier look for that and for what was told directly.
    ///
    /// - Returns: when to look again.
    private func tellDue() async -> Date? {
        if mustPlanAgain { await planAgain() }
        do throws(StoreError) {
            while !isStopping {
                let now = clock.now
                let groups = try await store.dueGroups(at: now, limit: Self.most)
                if groups.isEmpty { break }
                try await commit { routing, ledger in
                    for group in groups { try Flush(routing: routing, ledger: ledger, group: group, now: now).run() }
                }
            }
            let now = clock.now
            try await lookForSpikes(at: now)
            await courier.wake()
            try await tidy(at: now)
            let spikes = routing.counts ? rhythm.next(after: now) : nil
            let plan = mustPlanAgain ? now + Self.pause : nil
            return [try await store.nextGroupDue(), spikes, plan].compactMap { $0 }.min()
        } catch {
            log.error("what waits cannot be told: \(error)")
            // What was told directly does not wait for that.
            await courier.wake()
            return clock.now + Self.pause
        }
    }

    private func lookForSpikes(at now: Date) async throws(StoreError) {
        guard routing.counts, let look = rhythm.look(at: now) else { return }
        try await commit { routing, ledger in
            let check = SpikeCheck(routing: routing, ledger: ledger, now: now)
            switch look {
            case .bucketEnded(let ranThroughout): try check.endBucket(ranThroughout: ranThroughout)
            case .counted(let since): try check.look(since: since)
            }
        }
    }

    private func ring(at date: Date?) {
        guard !isStopping else { return }
        let alarm =
            self.alarm
            ?? clock.alarm(on: executor.queue) { [weak self] in
                self?.assumeIsolated { $0.wake() }
            }
        self.alarm = alarm
        alarm.set(date)
    }

    private func tidy(at now: Date) async throws(StoreError) {
        routing.silences.removeAll { $0.silence.ends <= now }
        if tidying.begins(at: now) { try await Tidying.run(in: store, at: now) }
    }

    // MARK: Silences

    /// Silences that last or are still to come, and with `past` those that ended in the last month.
    package func silences(past: Bool) async throws(StoreError) -> [Silence] {
        let now = clock.now
        return try await store.silences(endingAfter: past ? now - Tidying.longMemory : now)
    }

    /// Holds back what matches, from now or from `starts` on. What waits already is told.
    ///
    /// - Throws: a `MatcherError` that says what is wrong with it, or a `StoreError`.
    package func add(_ silence: Silence) async throws {
        guard routing.silences.count < Self.mostSilences else {
            throw StoreError("there are \(Self.mostSilences) silences already")
        }
        let rule = try SilenceRule(silence)
        try await record(silence, .added)
        routing.silences.append(rule)
    }

    /// Ends a silence now.
    ///
    /// - Returns: the silence as it was; `nil` when none of that id lasts or is still to come.
    package func expire(silence id: String) async throws -> Silence? {
        let now = clock.now
        guard let rule = routing.silences.first(where: { $0.silence.id == id && $0.silence.ends > now }) else {
            return nil
        }
        var ended = rule.silence
        ended.ends = now
        ended.starts = min(ended.starts, now)
        try await record(ended, .expired)
        routing.silences.removeAll { $0.silence.id == id }
        return ended
    }

    private func record(_ silence: Silence, _ change: JournalEvent.SilenceReport.Change) async throws {
        var all = Change()
        all.silences = [silence]
        let report = JournalEvent.SilenceReport(silence, change: change)
        all.lines = [try JournalEvent(.silence(report), at: clock.now).encoded()]
        try await recorder.commit(all)
    }

    /// Each is asked of every mention.
    private static let mostSilences = 1_000

    /// Waits until everything that is due was told.
    package func settle() async {
        while let look { await look.value }
    }

    /// Tells nothing more; what waits is in the store.
    package func stop() async {
        isStopping = true
        alarm?.set(nil)
        await settle()
    }
}
