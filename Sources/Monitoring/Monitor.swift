// The story, source by source: due → fetch → read → recognise → remember, after which the courier delivers. It lives on
// the network queue and holds what is needed to decide who is asked next; what was found is in the store.

import Alerting
package import Configuration
import Fetching
package import FoundationEssentials
import Journaling
package import Logging
package import Model
package import Runtime
package import Storage

/// Polls every source when it is due, and remembers what it brought.
package actor Monitor {
    private let executor: QueueExecutor
    private let clock: any Clock
    private let store: any MentionStore
    private let recorder: Recorder
    private let dispatcher: Dispatcher
    private let log: Logger
    private let dice: @Sendable () -> Double

    /// `nil` until there is a configuration; nothing is polled without.
    private var poller: Poller?
    private var watched: [Int64: Watched] = [:]
    private var schedule = Schedule()
    private var budget = HostBudget()
    private var polls: [Int64: Task<Void, Never>] = [:]
    /// Polls that changed nothing but their source's due time; written together, now and then.
    private var visits: [Int64: Visit] = [:]
    private var alarm: (any Alarm)?
    private var checkpoint: (any Alarm)?
    private var isStopping = false
    /// The latest time seen: the clock was set back if it is earlier now.
    private var latest: Date
    /// While every source is polled once, due or not.
    private var round: Round?

    /// Polls under way at once. Each may hold a body of up to 32 MiB, most hold 32 kB.
    private static let most = 128
    /// Unchanged polls are written at most this long after they were made, in seconds: what a crash can cost is that
    /// the last few of them are asked again, conditionally.
    private static let checkpointInterval: TimeInterval = 5

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// - Parameter dice: in -1...1; spreads polls and backoff.
    package init(
        executor: QueueExecutor, clock: any Clock, store: any MentionStore, recorder: Recorder, dispatcher: Dispatcher,
        log: Logger, dice: @escaping @Sendable () -> Double
    ) {
        self.executor = executor
        self.clock = clock
        latest = clock.now
        self.store = store
        self.recorder = recorder
        self.dispatcher = dispatcher
        self.log = log
        self.dice = dice
    }

    // MARK: Taking over a configuration

    /// Watches the sources of a configuration from now on, with a poller made of it. A source that was watched before
    /// keeps its due time, unless its interval became shorter.
    package func use(_ settings: Settings, _ poller: Poller) async throws(StoreError) {
        let states = try await store.enrol(settings.sources.map(\.key), due: clock.now)
        self.poller = poller
        let before = watched
        watched = [:]
        for (source, state) in zip(settings.sources, states) {
            let known = before[state.id]
            watched[state.id] = Watched(
                source, due: known?.due ?? state.due, failures: known?.failures ?? state.failures, at: clock.now)
        }
    }

    /// Begins to poll what is watched; to be called again after each `use`.
    package func begin() {
        planAll { $0.due }
        pollDue()
    }

    /// Plans every source anew, but for those being polled: they are planned when that ends.
    private func planAll(due: (Watched) -> Date) {
        schedule = Schedule()
        budget.clearLines()
        for (id, source) in watched where polls[id] == nil { schedule.plan(id, at: due(source)) }
    }

    /// Plans anew if the clock was set back, since what was due by the old time would be due much later by the new. To
    /// be called now and then, as alarms go by the clock too.
    package func followClock(to now: Date) {
        defer { latest = now }
        guard now < latest - HostBudget.pause else { return }
        log.notice("the clock was set back by \(Int(latest.timeIntervalSince(now))) s")
        for id in watched.keys { watched[id]?.clamp(at: now) }
        if round == nil { begin() }
    }

    // MARK: Due

    /// Begins every poll that is due and allowed, and wakes up for the next.
    private func pollDue() {
        guard !isStopping, let poller else { return }
        let now = clock.now
        while polls.count < Self.most, let id = schedule.takeDue(at: now) {
            guard let source = watched[id] else { continue }
            switch budget.ask(source.host, for: id, at: now) {
            case .granted: polls[id] = Task { await poll(id, source, poller) }
            case .busy: break
            case .pausing(let until): schedule.plan(id, at: until)
            }
        }
        // With no room left, the end of a poll wakes us.
        if polls.count < Self.most { ring(at: schedule.next) }
    }

    private func ring(at date: Date?) {
        let alarm =
            self.alarm
            ?? clock.alarm(on: executor.queue) { [weak self] in
                self?.assumeIsolated { $0.pollDue() }
            }
        self.alarm = alarm
        alarm.set(date)
    }

    // MARK: Fetch, read, recognise, remember

    private func poll(_ id: Int64, _ source: Watched, _ poller: Poller) async {
        let now = clock.now
        var outcome: PollOutcome
        do throws(StoreError) {
            let state = try await store.state(of: id)
            let poll = await poller.poll(source.source, state, at: now)
            if case .failed(.unreachable(.cancelled)) = poll.outcome { return end(id, source, nil) }
            outcome = try await remember(poll, of: id, source, at: now)
        } catch {
            outcome = .failed(.unsaved("\(error)"))
            visits[id] = plan(id, source, outcome, at: now)
        }
        end(id, source, outcome)
    }

    /// Before the commit in here nothing counts; after it nothing is lost.
    private func remember(
        _ poll: Poll, of id: Int64, _ source: Watched, at now: Date
    ) async throws(StoreError) -> PollOutcome {
        let unknown = try await store.unknown(among: poll.mentions.map(\.id))
        let mentions = poll.mentions.filter { unknown.contains($0.id) }
        let outcome = poll.outcome.counting(mentions)
        let troubles = source.reports(on: outcome, isGap: poll.isGap)

        var visit = plan(id, source, outcome, at: now)
        visit.validators = poll.validators
        visit.reading = poll.reading
        guard poll.reading != nil || !mentions.isEmpty || !troubles.isEmpty else {
            visits[id] = visit
            return outcome
        }
        var change = Change()
        change.visits = [visit]
        change.mentions = (mentions.map(\.id) + poll.before).map { Change.MentionKey(id: $0, found: now) }
        try await dispatcher.commit(change, mentions, troubles, at: now)
        visits[id] = nil
        return outcome
    }

    /// Decides when the source is asked again.
    private func plan(_ id: Int64, _ source: Watched, _ outcome: PollOutcome, at now: Date) -> Visit {
        let failures = outcome.failures(after: source.failures)
        let due = Backoff.due(after: outcome, of: source.source, failures: failures, at: now, dice: dice())
        watched[id]?.due = due
        watched[id]?.failures = failures
        return Visit(source: id, polled: now, outcome: "\(outcome)", due: due, failures: failures)
    }

    /// - Parameter outcome: `nil` when the poll was called off.
    private func end(_ id: Int64, _ source: Watched, _ outcome: PollOutcome?) {
        polls[id] = nil
        if let (next, due) = budget.finished(source.host, at: clock.now) { schedule.plan(next, at: due) }
        if let outcome {
            tell(outcome, of: source.source)
            round?.end(id, source.source, outcome)
        }
        if round == nil, let source = watched[id] { schedule.plan(id, at: source.due) }
        if !visits.isEmpty { callCheckpoint() }
        pollDue()
    }

    private func tell(_ outcome: PollOutcome, of source: Source) {
        switch outcome {
        case .unchanged: log.debug("\(source.name): \(outcome)")
        case .read: log.info("\(source.name): \(outcome)")
        case .failed: log.notice("\(source.name): \(outcome)")
        }
    }

    // MARK: Unchanged polls

    private func callCheckpoint() {
        guard checkpoint == nil else { return }
        checkpoint = clock.alarm(on: executor.queue) { [weak self] in
            guard let self else { return }
            Task { await self.writeVisits() }
        }
        checkpoint?.set(clock.now + Self.checkpointInterval)
    }

    private func writeVisits() async {
        checkpoint = nil
        budget.forgetIdle(at: clock.now)
        let written = visits
        visits = [:]
        var change = Change()
        change.visits = Array(written.values)
        do throws(StoreError) {
            try await recorder.commit(change)
        } catch {
            log.error("due times cannot be saved: \(error)")
            visits.merge(written) { newer, _ in newer }
        }
    }

    // MARK: One round, and the end

    /// Polls every source once, due or not, and returns when all have been.
    ///
    /// - Parameter progress: called on the network queue after each.
    package func pollEverySource(_ progress: @escaping @Sendable (Source, PollOutcome) -> Void) async {
        guard !watched.isEmpty else { return }
        await withCheckedContinuation { done in
            round = Round(left: Set(watched.keys), progress: progress, done: done)
            let now = clock.now
            planAll { _ in now }
            pollDue()
        }
        round = nil
    }

    package func status(queued: Int) -> Status {
        Status(sources: watched.count, failing: watched.values.count { $0.failures > 0 }, queued: queued)
    }

    /// Begins no further poll and returns when those under way are over. After `grace` seconds these are called off:
    /// whatever they would have brought is still there at the next start.
    package func stop(grace: TimeInterval) async {
        isStopping = true
        alarm?.set(nil)
        let deadline = clock.alarm(on: executor.queue) { [weak self] in
            self?.assumeIsolated { monitor in monitor.polls.values.forEach { $0.cancel() } }
        }
        deadline.set(clock.now + grace)
        await settle()
        deadline.set(nil)
        await writeVisits()
    }

    /// Waits until no poll is under way.
    package func settle() async {
        while let poll = polls.values.first { await poll.value }
    }
}

/// A watched source, with what decides when it is asked.
struct Watched: Sendable {
    let source: Source
    let host: String
    var due: Date
    var failures: Int

    init(_ source: Source, due: Date, failures: Int, at now: Date) {
        self.source = source
        self.failures = failures
        self.due = due
        host = Address.host(source.url) ?? source.url
        clamp(at: now)
    }

    /// No source is further away than it can have been planned: not after its interval became shorter, and not after a
    /// clock that ran ahead was set back.
    mutating func clamp(at now: Date) {
        due = min(due, now + (failures == 0 ? source.cadence.floor / .seconds(1) : Backoff.longestWait))
    }

    /// Failed polls in a row after which a person is told; a single one is the weather.
    private static let telling = 3

    /// What a person should be told after a poll.
    func reports(on outcome: PollOutcome, isGap: Bool) -> [SourceTrouble] {
        func report(_ state: SourceTrouble.State, _ reason: String? = nil) -> SourceTrouble {
            SourceTrouble(
                name: source.name, url: Address.shown(source.url), state: state, reason: reason)
        }
        switch outcome {
        case .failed(.refused(410, _)): return [report(.gone, "\(outcome)")]
        case .failed: return failures + 1 == Self.telling ? [report(.failing, "\(outcome)")] : []
        case .unchanged, .read:
            let recovered = failures >= Self.telling ? [report(.recovered)] : []
            return recovered + (isGap ? [report(.gap, "no entry of the last poll is left")] : [])
        }
    }
}

/// Every source once: what is left of it.
private struct Round {
    var left: Set<Int64>
    let progress: @Sendable (Source, PollOutcome) -> Void
    let done: CheckedContinuation<Void, Never>

    mutating func end(_ id: Int64, _ source: Source, _ outcome: PollOutcome) {
        guard left.remove(id) != nil else { return }
        progress(source, outcome)
        if left.isEmpty { done.resume() }
    }
}
