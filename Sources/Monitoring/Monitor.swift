// The story, source by source: due → fetch → read → recognise → remember, after which the courier delivers. It lives on
// the network queue and holds what is needed to decide who is asked next; what was found goes into the store.

import Alerting
package import Configuration
import Dispatch
import Fetching
package import FoundationEssentials
package import Logging
package import Model
package import Runtime
package import Storage

/// Polls every source when it is due, and remembers what it brought.
package actor Monitor {
    private let executor: QueueExecutor
    private let clock: any Clock
    private let memory: SourceMemory
    private let log: Logger
    private let dice: @Sendable () -> Double

    /// `nil` until there is a configuration; nothing is polled without.
    private var poller: Poller?
    private var agenda = Agenda()
    /// Who is told of trouble with sources, and from when on.
    private var trouble: SourceTroubleRule?
    private var polls = PollsUnderWay()
    private var alarm: (any Alarm)?
    private var isStopping = false
    /// The latest time seen: the clock was set back if it is earlier now.
    private var latest: Date
    /// While every source is polled once, due or not.
    private var round: Round?

    /// When a source's state cannot be read, the source is tried again after this long, in seconds.
    private static let storePause: TimeInterval = 60

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// - Parameter dice: in -1...1; spreads polls and backoff.
    package init(
        executor: QueueExecutor, clock: any Clock, store: any MentionStore, recorder: Recorder, dispatcher: Dispatcher,
        log: Logger, dice: @escaping @Sendable () -> Double
    ) {
        self.executor = executor
        self.clock = clock
        latest = clock.now
        memory = SourceMemory(
            executor: executor, clock: clock, store: store, recorder: recorder, dispatcher: dispatcher, log: log)
        self.log = log
        self.dice = dice
    }

    // MARK: Taking over a configuration

    /// Watches the sources of a configuration from now on, with a poller made of it. A source that was watched before
    /// keeps its due time, unless its interval became shorter, or it failed and is asked or read otherwise now.
    package func use(_ settings: Settings, _ poller: Poller) async throws(StoreError) {
        let outlines = try await memory.enrol(settings.sources)
        let isChanged = self.poller.map(poller.changes) ?? { _, _ in false }
        self.poller = poller
        trouble = settings.trouble
        agenda.use(settings.sources, outlines, budget: settings.polling.budget, at: clock.now, isChanged: isChanged)
    }

    /// Begins to poll what is watched; to be called again after each `use`.
    package func begin() {
        pollDue()
    }

    /// Plans anew if the clock was set back, since what was due by the old time would be due much later by the new. To
    /// be called now and then, as alarms go by the clock too.
    package func followClock(to now: Date) {
        defer { latest = now }
        guard now < latest - 1 else { return }
        let back = latest.timeIntervalSince(now)
        log.notice("the clock was set back by \(Int(back)) s")
        agenda.setClock(back: back, to: now)
        pollDue()
    }

    // MARK: Due

    /// Begins every poll that is due and allowed, and wakes up for the next.
    private func pollDue() {
        guard !isStopping, let poller else { return }
        let now = clock.now
        latest = max(latest, now)
        while let beginning = agenda.begin(at: now) {
            switch beginning {
            case .poll(let id, let position):
                let source = agenda.sources[position]
                polls.begin(id, Task { await poll(id, source, poller) })
            case .turn(let id): polls.goOn(id, .success(()))
            case .noTurn(let id, let until): polls.goOn(id, .failure(NoTurn(until: until)))
            }
        }
        ring(at: agenda.next(at: now))
    }

    /// Returns when a poll under way may ask another address, having let go of what it asked before.
    private func turn(_ id: Int64, _ address: String, _ pause: Duration?) async throws(NoTurn) {
        if let until = agenda.goOn(id, to: address, pause: pause.map { Second(atLeast: $0) }, at: clock.now) {
            pollDue()
            throw NoTurn(until: until)
        }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                polls.wait(id, continuation)
                // A poll that is called off asks nobody any more.
                if isStopping || Task.isCancelled { polls.callOff(id, at: clock.now) }
                pollDue()
                polls.tellOnlookers()
            }
        } onCancel: {
            executor.queue.async { self.assumeIsolated { $0.polls.callOff(id, at: $0.clock.now) } }
        }
        try result.get()
    }

    /// A host that a poll was led to says that it is asked too often. Until when it is left alone; `nil` for a private
    /// one, which is not.
    private func rest(after response: Response) -> Date? {
        let now = clock.now
        let failure = PollOutcome.Failure.throttled(status: response.status, retryAfter: response.retryAfter(now: now))
        let isPrivate = Site(response.address).isPrivate
        guard let rest = Backoff.siteRest(after: failure, isPrivate: isPrivate) else { return nil }
        agenda.rest(response.address, until: now + rest, at: now)
        return now + rest
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

    private func poll(_ id: Int64, _ source: Source, _ poller: Poller) async {
        let turns = PoliteFetcher.Turns(
            wait: { [self] address, pause throws(NoTurn) in try await turn(id, address, pause) },
            rest: { [self] response in await rest(after: response) })
        let fetcher = poller.fetcher(turns)
        do throws(StoreError) {
            var poll = try await polled(id, source, poller, fetcher)
            if case .failed(.unreachable(.cancelled)) = poll.outcome { return end(id, source, poll.outcome) }
            tell(poll.outcome, of: source)
            await follower.follow(&poll, fetcher) { followed(id) }
            end(id, source, poll.outcome, poll)
        } catch {
            log.error("\(source.name): its state cannot be read: \(error)")
            end(id, source, .failed(.unknown("\(error)")), pause: Self.storePause)
        }
    }

    /// A poll that is remembered, unless it was called off.
    private func polled(
        _ id: Int64, _ source: Source, _ poller: Poller, _ fetcher: PoliteFetcher
    ) async throws(StoreError) -> Poll {
        let before = try await memory.state(of: id)
        let poll = await poller.poll(source, before, at: clock.now, fetcher)
        if case .failed(.unreachable(.cancelled)) = poll.outcome { return poll }
        // The poll may have waited for its turns.
        return await remembered(poll, after: before, of: source, at: clock.now)
    }

    private func remembered(
        _ poll: Poll, after before: SourceState, of source: Source, at now: Date
    ) async -> Poll {
        var poll = poll
        do throws(StoreError) {
            try await remember(&poll, after: before, of: source, at: now)
        } catch {
            // What the server wants for itself holds all the same.
            let landing = poll.landing
            poll = Poll(before, at: now)
            poll.landing = landing
            poll.outcome = .failed(.unsaved("\(error)"))
            plan(&poll, after: before, of: source, at: now)
            await memory.note(poll.visit)
        }
        return poll
    }

    /// Before the commit in here nothing counts; after it nothing is lost.
    private func remember(
        _ poll: inout Poll, after before: SourceState, of source: Source, at now: Date
    ) async throws(StoreError) {
        let mentions = try await memory.unknown(among: poll.mentions)
        poll.outcome = poll.outcome.counting(mentions.count)
        poll.state.isSilent = Coverage.isSilent(poll.state, at: now)
        plan(&poll, after: before, of: source, at: now)
        let coverage = Coverage(
            source: source, before: before, after: poll.state, outcome: poll.outcome, now: now, telling: failures)
        let troubles = coverage.reports
        guard poll.hasRead || !mentions.isEmpty || !troubles.isEmpty else { return await memory.note(poll.visit) }
        try await memory.commit(poll.visit, mentions, before: poll.before, troubles, at: now)
    }

    /// A source under way whose entries are to be followed, by the configuration that holds now.
    private func followed(_ id: Int64) -> PageFollower.Configured? {
        guard let poller, let source = agenda.source(underWay: id), poller.follows(source) else { return nil }
        return (source, poller)
    }

    private var follower: PageFollower {
        PageFollower(memory: memory, clock: clock, log: log, failures: failures)
    }

    /// Failed polls in a row after which a person is told.
    private var failures: Int { trouble?.failures ?? SourceTroubleRule.failures }

    /// Counts the outcome, and decides when the source is asked again.
    private func plan(_ poll: inout Poll, after before: SourceState, of source: Source, at now: Date) {
        let wasOffline = agenda.isOffline
        poll.outcome = agenda.weighed(poll.outcome, of: before, at: now)
        if agenda.isOffline != wasOffline {
            log.warning(wasOffline ? "the network is back" : "nobody can be reached: the network seems to be down")
        }
        poll.state.count(poll.outcome, at: now)
        agenda.plan(&poll.state, after: poll.outcome, poll.advice, of: source, at: now, dice: dice())
        guard case .failed(let failure) = poll.outcome else { return }
        let isPrivate = (poll.landing.site ?? Site(poll.state.address(of: source))).isPrivate
        if let rest = Backoff.siteRest(after: failure, isPrivate: isPrivate) { poll.landing.siteRest = now + rest }
    }

    /// - Parameters:
    ///   - poll: `nil` when it was called off, or never begun.
    ///   - pause: when to ask again then, in seconds from now.
    private func end(
        _ id: Int64, _ source: Source, _ outcome: PollOutcome, _ poll: Poll? = nil, pause: TimeInterval = 0
    ) {
        polls.end(id)
        let now = clock.now
        var landing = poll?.landing ?? Landing(due: now + pause)
        landing.isTheEnd = round != nil
        agenda.finished(id, poll?.state, landing, at: now)
        round?.end(id, source, outcome)
        pollDue()
        polls.tellOnlookers()
    }

    private func tell(_ outcome: PollOutcome, of source: Source) {
        switch outcome {
        case .unchanged, .postponed: log.debug("\(source.name): \(outcome)")
        case .read: log.info("\(source.name): \(outcome)")
        case .failed: log.notice("\(source.name): \(outcome)")
        }
    }

    // MARK: One round, and the end

    /// Polls every source once, due or not, and returns when all have been.
    ///
    /// - Parameter progress: called on the network queue after each.
    package func pollEverySource(_ progress: @escaping @Sendable (Source, PollOutcome) -> Void) async {
        guard agenda.count > 0 else { return }
        await withCheckedContinuation { done in
            round = Round(left: agenda.ids, progress: progress, done: done)
            agenda.makeAllDue(at: clock.now)
            pollDue()
        }
        round = nil
    }

    package var sources: Sources { agenda.sources }

    /// `nil` when another configuration has come in between.
    func status(of source: Source, at position: Int) async throws(StoreError) -> SourceStatus? {
        guard let id = agenda.id(of: source, at: position) else { return nil }
        var state = try await memory.state(of: id)
        guard agenda.id(of: source, at: position) == id else { return nil }
        let now = clock.now
        state.due = agenda.due(position, planned: state.due)
        let waiting = state.due <= now ? agenda.waiting(position, at: now) : nil
        return SourceStatus(source, state, waiting: waiting, at: now)
    }

    func status(queued: Int, parked: Int) -> Status {
        Status(sources: agenda.count, failing: agenda.failingCount, queued: queued, parked: parked)
    }

    /// Begins no further poll and returns when those under way are over. After `grace` seconds these are called off,
    /// and at once those that wait for their turn: whatever they would have brought is still there at the next start.
    package func stop(grace: TimeInterval) async {
        isStopping = true
        alarm?.set(nil)
        let deadline = clock.alarm(on: executor.queue) { [weak self] in
            self?.assumeIsolated { $0.polls.cancelAll() }
        }
        deadline.set(clock.now + grace)
        polls.callOffThoseThatWait(at: clock.now)
        await settle()
        deadline.set(nil)
        await memory.writeVisits()
    }

    /// Waits until no poll is under way but those that wait for their turn.
    package func settle() async {
        while !polls.areAtRest { await withCheckedContinuation { polls.tell($0) } }
    }
}
