// What polls leave behind, on its way into the store: at once what is new, now and then what is not. It lives on the
// monitor's queue, so that the monitor asks it without a hop.

import Alerting
import FoundationEssentials
import Logging
import Model
import Runtime
import Storage

/// The states of sources, as the store has them or is about to.
actor SourceMemory {
    private let executor: QueueExecutor
    private let clock: any Clock
    private let store: any MentionStore
    private let recorder: Recorder
    private let dispatcher: Dispatcher
    private let log: Logger

    /// States after polls that brought nothing new; written together, now and then.
    private var visits: [Int64: SourceState] = [:]
    /// Those of them that are on their way into the store.
    private var writing: [Int64: SourceState] = [:]
    private var writer: Task<Void, Never>?
    private var checkpoint: (any Alarm)?

    /// Unchanged polls are written at most this long after they were made, in seconds: what a crash can cost is that
    /// the last few of them are asked again, conditionally.
    private static let checkpointInterval: TimeInterval = 5

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(
        executor: QueueExecutor, clock: any Clock, store: any MentionStore, recorder: Recorder, dispatcher: Dispatcher,
        log: Logger
    ) {
        self.executor = executor
        self.clock = clock
        self.store = store
        self.recorder = recorder
        self.dispatcher = dispatcher
        self.log = log
    }

    // MARK: What is known

    /// Takes over a configuration's sources.
    ///
    /// - Returns: what is known of each, in their order: what the store says, or what it was not told yet.
    func enrol(_ sources: Sources) async throws(StoreError) -> [SourceOutline] {
        await writeVisits()
        let outlines = try await store.enrol(sources, at: clock.now)
        // Of polls that ended meanwhile, or could not be written.
        guard !visits.isEmpty || !writing.isEmpty else { return outlines }
        return outlines.map { outline in
            (visits[outline.id] ?? writing[outline.id]).map { SourceOutline($0, at: clock.now) } ?? outline
        }
    }

    /// The stored state, or a newer one that waits to be stored.
    func state(of id: Int64) async throws(StoreError) -> SourceState {
        // Asked first: between the answer of the store and now, what was on its way may have arrived there.
        let waiting = visits[id] ?? writing[id]
        let stored = try await store.state(of: id)
        guard var newer = visits[id] ?? writing[id] ?? waiting else { return stored }
        newer.reading = stored.reading
        return newer
    }

    /// Those entries of a source that wait for their pages.
    func line(of id: Int64) async throws(StoreError) -> WaitingLine {
        WaitingLine(try await store.state(of: id).reading?.waiting ?? [])
    }

    /// Those of some mentions that were not found before.
    func unknown(among mentions: [Mention]) async throws(StoreError) -> [Mention] {
        guard !mentions.isEmpty else { return [] }
        let unknown = try await store.unknown(among: mentions.map(\.id))
        return mentions.filter { unknown.contains($0.id) }
    }

    // MARK: What is new

    /// One transaction: the source's state, its mentions, and what becomes of them. Before it nothing counts; after it
    /// nothing is lost.
    ///
    /// - Parameter before: ids of mentions to remember without telling anybody.
    func commit(
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

    // MARK: What is not

    /// Has a state written that nothing depends on, some seconds from now.
    func note(_ visit: SourceState) {
        visits[visit.id] = visit
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
    }

    /// One write at a time, so that no older state follows a newer.
    func writeVisits() async {
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
}
