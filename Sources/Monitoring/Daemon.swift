// Everything put together, in the order in which a mention passes through it. Tests start it in their own process.

import Alerting
package import Configuration
package import Fetching
package import FoundationEssentials
import Journaling
package import Logging
package import Model
package import Runtime
package import Storage

/// A running Earshot: its queues, its store, its journal, and the two actors that do the work.
package struct Daemon: Sendable {
    private let folder: StateFolder
    private let store: SQLiteStore
    private let recorder: Recorder
    private let courier: Courier
    private let dispatcher: Dispatcher
    private let monitor: Monitor
    private let fetcher: Fetcher
    private let clock: any Clock
    private let log: Logger

    /// The queues that a process needs, made once.
    package struct Queues: Sendable {
        package let network = QueueExecutor(label: "earshot.network")
        package let store = QueueExecutor(label: "earshot.store")

        package init() {}
    }

    /// Opens the store and the journal, and brings both to the same state if the last process was killed in between.
    ///
    /// - Parameter dice: in -1...1; spreads polls and retries.
    /// - Throws: `StoreError` or `JournalError`, which name the file.
    package init(
        settings: Settings, queues: Queues, clock: any Clock, transport: any Transport, log: Logger,
        dice: @escaping @Sendable () -> Double = { .random(in: -1...1) }
    ) async throws {
        self.log = log
        self.clock = clock
        fetcher = Fetcher(transport: transport)
        folder = try StateFolder(path: settings.state)
        store = try SQLiteStore(path: folder.database, executor: queues.store)
        let journal = try Journal(path: settings.journal)
        if journal.tornBytes > 0 {
            log.warning("\(journal.path): the last line was torn (\(journal.tornBytes) bytes, moved to .torn)")
        }
        try await store.numberLines(above: journal.lastSequence)
        recorder = Recorder(executor: queues.store, store: store, journal: journal, log: log)
        await recorder.bringJournalUpToDate()
        courier = Courier(
            executor: queues.network, clock: clock, transport: transport, store: store, recorder: recorder,
            log: log, dice: dice)
        dispatcher = Dispatcher(
            executor: queues.store, clock: clock, store: store, recorder: recorder, courier: courier, log: log)
        try await dispatcher.restore()
        monitor = Monitor(
            executor: queues.network, clock: clock, store: store, recorder: recorder, dispatcher: dispatcher,
            log: log, dice: dice)
    }

    /// Begins to poll and to deliver, or goes on by another configuration.
    ///
    /// The state folder and the journal's path stay as they were: they change with a restart.
    ///
    /// - Throws: `StoreError`; then all goes on by the configuration before.
    package func start(_ settings: Settings) async throws {
        // Compiling the queries may take a while, and happens here, on neither queue. What can fail comes first.
        try await monitor.use(settings, Poller(fetcher: fetcher, settings: settings))
        await courier.use(settings)
        await dispatcher.use(settings)
        await monitor.begin()
        await follow(Set(settings.receivers.map(\.name)))
    }

    /// Goes on in a new journal file if the old one was renamed.
    package func rotateJournal() async {
        await recorder.rotateJournal()
    }

    /// Polls every source once, due or not, then tries the outbox once, at the pace of each receiver.
    package func runOnce(
        _ settings: Settings, progress: @escaping @Sendable (Source, PollOutcome) -> Void
    ) async throws {
        try await monitor.use(settings, Poller(fetcher: fetcher, settings: settings))
        await dispatcher.use(settings)
        await monitor.pollEverySource(progress)
        await dispatcher.settle()
        await follow(Set(settings.receivers.map(\.name)))
        await courier.use(settings)
        await settle()
        await courier.settleAtPace()
    }

    /// Queued and parked deliveries of every receiver that has any.
    package func backlog() async throws -> [Backlog] {
        try await store.backlog()
    }

    /// Silences that last or are still to come, and with `past` those that ended in the last month.
    package func silences(past: Bool) async throws -> [Silence] {
        try await dispatcher.silences(past: past)
    }

    /// Of the receivers that have a rate limit, how much of it was used.
    package func allowances() async throws -> [Allowance] {
        try await store.allowances()
    }

    /// Makes a silence.
    ///
    /// - Parameter duration: in seconds, from `starts` or now on.
    /// - Throws: an error that says what is wrong with it.
    package func addSilence(
        _ matchers: [String], for duration: TimeInterval, from starts: Date?, reason: String, author: String
    ) async throws -> Silence {
        let now = clock.now
        guard duration > 0, duration <= SilenceRule.longest else {
            throw MatcherError("a silence lasts for more than 0 s and at most a year, which is 31622400 s")
        }
        let starts = starts ?? now
        guard starts <= now + SilenceRule.longest else { throw MatcherError("a silence begins within a year") }
        let id = Identifiers.silence(matchers + [reason, "\(now.timeIntervalSince1970)"])
        let silence = Silence(
            id: id, matchers: matchers, reason: reason, author: author, starts: starts, ends: starts + duration)
        try await dispatcher.add(silence)
        return silence
    }

    /// Ends a silence now; `nil` when there is none of that id.
    package func expireSilence(_ id: String) async throws -> Silence? {
        try await dispatcher.expire(silence: id)
    }

    /// The sources whose name or address contains `text`, at most `limit` of them.
    package func sources(matching text: String, limit: Int) async throws -> SourceListing {
        try await monitor.sources(matching: text, limit: limit)
    }

    /// The deliveries that are not tried again by themselves.
    package var parked: ParkedList {
        ParkedList(store: store, recorder: recorder, courier: courier, clock: clock)
    }

    /// Sends a receiver a test alert; `nil` when the configuration that runs has no such receiver.
    package func test(receiver name: String) async throws -> ReceiverTest? {
        try await courier.test(name)
    }

    /// Waits until every poll and every delivery that is due has been made.
    package func settle() async {
        await monitor.settle()
        await dispatcher.settle()
        await courier.settle()
    }

    /// Finishes what is under way, at most `grace` seconds of it, and writes down the rest. Nothing is lost either way.
    package func stop(grace: TimeInterval) async {
        async let sent: Void = courier.stop(grace: grace)
        await monitor.stop(grace: grace)
        await dispatcher.stop()
        await sent
        await store.close()
        folder.unlock()
    }

    /// Returns once both queues have answered: what a watchdog wants to know.
    package func pulse() async -> Status {
        await monitor.followClock(to: clock.now)
        await dispatcher.followClock()
        await courier.wake()
        // A change that was decided by the configuration before may have been committed since.
        if let receivers = await courier.receivers { await follow(receivers) }
        let backlog = (try? await store.backlog()) ?? []
        return await monitor.status(
            queued: backlog.reduce(0) { $0 + $1.queued }, parked: backlog.reduce(0) { $0 + $1.parked })
    }

    /// What waits for a receiver that is gone is parked, so that a person sees it, and nothing is lost by a slip.
    private func follow(_ receivers: Set<String>) async {
        do {
            let (stranded, back) = try await parked.follow(receivers)
            for (name, count) in stranded.sorted(by: { $0.key < $1.key }) {
                log.warning("\(name) is not configured any more: \(count) deliveries that wait for it are parked")
            }
            for (name, count) in back.sorted(by: { $0.key < $1.key }) {
                log.notice("\(name) is configured again: \(count) deliveries that were parked for it are queued")
            }
        } catch {
            log.error("what waits for receivers that are gone cannot be parked: \(error)")
        }
    }
}

/// What a running daemon says of itself.
package struct Status: Sendable, Codable, CustomStringConvertible {
    package var sources: Int
    package var failing: Int
    package var queued: Int
    package var parked: Int

    package var description: String {
        "\(sources) sources, \(failing) failing; \(queued) deliveries queued, \(parked) parked"
    }
}
