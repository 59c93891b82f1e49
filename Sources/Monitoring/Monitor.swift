// The story, source by source: due → fetch → read → recognise → remember, after which the courier delivers. It lives on
// the network queue and holds what is needed to decide who is asked next; what was found is in the store.

import Alerting
package import Configuration
import Dispatch
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
    private var agenda = Agenda()
    /// Who is told of trouble with sources, and from when on.
    private var trouble: SourceTroubleRule?
    private var polls: [Int64: Task<Void, Never>] = [:]
    /// Those of them that wait for their turn to go on.
    private var waiting: [Int64: CheckedContinuation<Result<Void, NoTurn>, Never>] = [:]
    /// Who wants to know when no poll can go on by itself.
    private var onlookers: [CheckedContinuation<Void, Never>] = []
    /// States after polls that brought nothing new; written together, now and then.
    private var visits: [Int64: SourceState] = [:]
    /// Those of them that are on their way into the store.
    private var writing: [Int64: SourceState] = [:]
    private var writer: Task<Void, Never>?
    private var alarm: (any Alarm)?
    private var checkpoint: (any Alarm)?
    private var isStopping = false
    /// When old mentions are forgotten next.
    private var forgets = Date.distantPast
    /// The latest time seen: the clock was set back if it is earlier now.
    private var latest: Date
    /// While every source is polled once, due or not.
    private var round: Round?

    /// When a source's state cannot be read, the source is tried again after this long, in seconds.
    private static let storePause: TimeInterval = 60
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
        // So that the store knows what the agenda knows.
        await writeVisits()
        let outlines = try await store.enrol(settings.sources, at: clock.now)
        self.poller = poller
        trouble = settings.trouble
        agenda.use(settings.sources, upToDate(outlines), budget: settings.polling.budget, at: clock.now)
    }

    /// What the store says, or what it was not told yet: of polls that ended meanwhile, or could not be written.
    private func upToDate(_ outlines: [SourceOutline]) -> [SourceOutline] {
        guard !visits.isEmpty || !writing.isEmpty else { return outlines }
        return outlines.map { outline in
            (visits[outline.id] ?? writing[outline.id]).map { SourceOutline($0, at: clock.now) } ?? outline
        }
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
                polls[id] = Task { await poll(id, source, poller) }
            case .turn(let id): goOn(id, .success(()))
            case .noTurn(let id, let until): goOn(id, .failure(NoTurn(until: until)))
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
                waiting[id] = continuation
                // A poll that is called off asks nobody any more.
                if isStopping || Task.isCancelled { callOff(id) }
                pollDue()
                tellOnlookers()
            }
        } onCancel: {
            executor.queue.async { self.assumeIsolated { $0.callOff(id) } }
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

    private func goOn(_ id: Int64, _ result: Result<Void, NoTurn>) {
        waiting.removeValue(forKey: id)?.resume(returning: result)
    }

    /// Has a poll that waits come to its end.
    private func callOff(_ id: Int64) {
        polls[id]?.cancel()
        goOn(id, .failure(NoTurn(until: clock.now)))
    }

    private func tellOnlookers() {
        guard polls.count == waiting.count else { return }
        for onlooker in onlookers { onlooker.resume() }
        onlookers = []
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
            await follow(&poll, of: source, poller, fetcher)
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
        let before = try await lastState(of: id)
        let poll = await poller.poll(source, before, at: clock.now, fetcher)
        if case .failed(.unreachable(.cancelled)) = poll.outcome { return poll }
        // The poll may have waited for its turns.
        return await remembered(poll, after: before, of: source, at: clock.now)
    }

    /// The stored state, or a newer one that waits to be stored.
    private func lastState(of id: Int64) async throws(StoreError) -> SourceState {
        // Asked first: between the answer of the store and now, what was on its way may have arrived there.
        let waiting = visits[id] ?? writing[id]
        let stored = try await store.state(of: id)
        guard var newer = visits[id] ?? writing[id] ?? waiting else { return stored }
        newer.reading = stored.reading
        return newer
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
            plan(&poll, of: source, at: now)
            note(poll)
        }
        return poll
    }

    /// Before the commit in here nothing counts; after it nothing is lost.
    private func remember(
        _ poll: inout Poll, after before: SourceState, of source: Source, at now: Date
    ) async throws(StoreError) {
        let mentions = try await unknown(among: poll.mentions)
        poll.outcome = poll.outcome.counting(mentions.count)
        poll.state.isSilent = Coverage.isSilent(poll.state, at: now)
        plan(&poll, of: source, at: now)
        let troubles = troubles(of: source, before, poll.state, poll.outcome, at: now)
        guard poll.hasRead || !mentions.isEmpty || !troubles.isEmpty else { return note(poll) }
        try await commit(poll.visit, mentions, before: poll.before, troubles, at: now)
    }

    private func unknown(among mentions: [Mention]) async throws(StoreError) -> [Mention] {
        guard !mentions.isEmpty else { return [] }
        let unknown = try await store.unknown(among: mentions.map(\.id))
        return mentions.filter { unknown.contains($0.id) }
    }

    private func troubles(
        of source: Source, _ before: SourceState, _ after: SourceState, _ outcome: PollOutcome, at now: Date
    ) -> [SourceTrouble] {
        let coverage = Coverage(
            source: source, before: before, after: after, outcome: outcome, now: now,
            telling: trouble?.failures ?? SourceTroubleRule.failures)
        return coverage.reports
    }

    private func commit(
        _ visit: SourceState, _ mentions: [Mention], before: [String] = [], _ troubles: [SourceTrouble], at now: Date
    ) async throws(StoreError) {
        var change = Change()
        change.visits = [visit]
        change.mentions = (mentions.map(\.id) + before).map { Change.MentionKey(id: $0, found: now) }
        // Out of the way first: the checkpoint could write the older state after this one.
        let noted = visits.removeValue(forKey: visit.id)
        do throws(StoreError) {
            try await dispatcher.commit(change, mentions, troubles, at: now)
        } catch {
            visits[visit.id] = visits[visit.id] ?? noted
            throw error
        }
        visits[visit.id] = nil
        writing[visit.id] = nil
    }

    /// Counts the outcome, and decides when the source is asked again.
    private func plan(_ poll: inout Poll, of source: Source, at now: Date) {
        let wasOffline = agenda.isOffline
        poll.outcome = agenda.weighed(poll.outcome, of: poll.state)
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
        polls[id] = nil
        let now = clock.now
        var landing = poll?.landing ?? Landing(due: now + pause)
        landing.isTheEnd = round != nil
        agenda.finished(id, poll?.state, landing, at: now)
        round?.end(id, source, outcome)
        pollDue()
        tellOnlookers()
    }

    private func tell(_ outcome: PollOutcome, of source: Source) {
        switch outcome {
        case .unchanged, .postponed: log.debug("\(source.name): \(outcome)")
        case .read: log.info("\(source.name): \(outcome)")
        case .failed: log.notice("\(source.name): \(outcome)")
        }
    }

    // MARK: Follow

    /// Asks for the pages of entries that wait for theirs, one after the other until the source is due again, and
    /// remembers what each said before it asks for the next: after a crash a page is asked for again at worst.
    ///
    /// Thousands may wait in here for their turn, so that no more than one entry is held meanwhile.
    private func follow(_ poll: inout Poll, of source: Source, _ poller: Poller, _ fetcher: PoliteFetcher) async {
        guard poll.isGood, poll.state.reading?.waiting.isEmpty == false, poller.follows(source) else { return }
        poll.letGo()
        var round = PageRound()
        do throws(StoreError) {
            repeat {
                guard let entry = round.next(in: try await line(of: poll.state.id)) else { return }
                let followed = await poller.follow(entry, of: source, fetcher, at: clock.now)
                if case .calledOff = followed { return }
                if case .noTurn = followed { round.rest(entry) }
                try await remember(followed, of: entry, in: &poll, of: source, at: clock.now)
            } while clock.now < poll.state.due
        } catch {
            log.error("\(source.name): the pages of its entries have to wait: \(error)")
        }
    }

    private func line(of id: Int64) async throws(StoreError) -> WaitingLine {
        WaitingLine(try await store.state(of: id).reading?.waiting ?? [])
    }

    /// As with a document, one commit holds what a page brought and that its entry waits no more.
    private func remember(
        _ followed: Followed, of entry: WaitingEntry, in poll: inout Poll, of source: Source, at now: Date
    ) async throws(StoreError) {
        let mentions = try await unknown(among: followed.mentions)
        let before = try await lastState(of: poll.state.id)
        var after = before
        var line = WaitingLine(before.reading?.waiting ?? [])
        line.settle(entry, followed, at: now)
        after.reading?.note(line, at: now)
        poll.note(followed, telling: mentions.count, in: &after)
        let troubles = troubles(of: source, before, after, poll.outcome, at: now)
        try await commit(after, mentions, troubles, at: now)
        if !mentions.isEmpty { log.info("\(source.name): the page of an entry, \(mentions.count) mentions") }
    }

    // MARK: Unchanged polls

    private func note(_ poll: Poll) {
        visits[poll.state.id] = poll.visit
        callCheckpoint()
    }

    private func callCheckpoint() {
        guard checkpoint == nil else { return }
        checkpoint = clock.alarm(on: executor.queue) { [weak self] in
            guard let self else { return }
            Task { await self.writeNow() }
        }
        checkpoint?.set(clock.now + Self.checkpointInterval)
    }

    private func writeNow() async {
        checkpoint = nil
        await writeVisits()
        await forgetMentions()
    }

    /// One write at a time, so that no older state follows a newer.
    private func writeVisits() async {
        while let writer { await writer.value }
        guard !visits.isEmpty else { return }
        let task = Task {
            await commitVisits()
            writer = nil
        }
        writer = task
        await task.value
    }

    private func commitVisits() async {
        writing = visits
        visits = [:]
        var change = Change()
        change.visits = Array(writing.values)
        do throws(StoreError) {
            try await recorder.commit(change)
        } catch {
            log.error("due times cannot be saved: \(error)")
            visits.merge(writing) { newer, _ in newer }
            callCheckpoint()
        }
        writing = [:]
    }

    /// Mentions are remembered for longer than any entry stays in a feed's window or is brought back by an edit.
    private static let memory: TimeInterval = 400 * 86_400

    private func forgetMentions() async {
        let now = clock.now
        guard now >= forgets else { return }
        forgets = now + 86_400
        do throws(StoreError) {
            try await store.forgetMentions(before: now - Self.memory)
        } catch {
            log.error("old mentions cannot be forgotten: \(error)")
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
        let state = try await lastState(of: id)
        guard agenda.id(of: source, at: position) == id else { return nil }
        let now = clock.now
        let waiting = state.due <= now ? agenda.waiting(position, at: now) : nil
        return SourceStatus(source, state, waiting: waiting, at: now)
    }

    package func status(queued: Int) -> Status {
        Status(sources: agenda.count, failing: agenda.failingCount, queued: queued)
    }

    /// Begins no further poll and returns when those under way are over. After `grace` seconds these are called off, and
    /// at once those that wait for their turn: whatever they would have brought is still there at the next start.
    package func stop(grace: TimeInterval) async {
        isStopping = true
        alarm?.set(nil)
        let deadline = clock.alarm(on: executor.queue) { [weak self] in
            self?.assumeIsolated { monitor in monitor.polls.values.forEach { $0.cancel() } }
        }
        deadline.set(clock.now + grace)
        for id in waiting.keys { callOff(id) }
        await settle()
        deadline.set(nil)
        await writeVisits()
    }

    /// Waits until no poll is under way but those that wait for their turn.
    package func settle() async {
        while polls.count > waiting.count { await withCheckedContinuation { onlookers.append($0) } }
    }
}
