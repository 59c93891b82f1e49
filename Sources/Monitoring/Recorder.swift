// The one way into the store and the journal. It lives on the store queue, so that writing a change and bringing the
// journal up to date never leave it.

import Dispatch
package import Journaling
package import Logging
package import Runtime
package import Storage

/// Commits changes, then appends the lines they brought to the journal.
///
/// A line is committed with its mention, and is appended to the file right after. When the file cannot be written the
/// lines wait in the store, and go first at the next chance: a full journal disk holds no alert back.
package actor Recorder {
    private let executor: QueueExecutor
    private let store: any MentionStore
    private let journal: Journal
    private let log: Logger
    private var journalFails = false

    /// Lines read from the store at a time.
    private static let batch = 1_000

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    package init(executor: QueueExecutor, store: any MentionStore, journal: sending Journal, log: Logger) {
        self.executor = executor
        self.store = store
        self.journal = journal
        self.log = log
    }

    /// Commits a change with these events as its lines, which are encoded here: senders have no time for it.
    package func commit(_ change: Change, _ events: [JournalEvent]) async throws {
        var change = change
        change.lines = try events.map { try $0.encoded() }
        try await commit(change)
    }

    /// Returns once the change would survive a power cut, and its lines are in the journal if that can be written.
    package func commit(_ change: Change) async throws(StoreError) {
        try await store.commit(change)
        if !change.lines.isEmpty || change.decide != nil || journalFails { await bringJournalUpToDate() }
    }

    /// Appends what was committed and is not in the file yet, as after a crash between the two.
    package func bringJournalUpToDate() async {
        do {
            while case let lines = try await store.journalLines(after: journal.lastSequence, limit: Self.batch),
                !lines.isEmpty
            {
                // Another change may have appended them while this one waited for its answer.
                let missing = lines.filter { $0.sequence > journal.lastSequence }
                try journal.append(missing.map { ($0.sequence, $0.event) })
                await store.journalHolds(upTo: journal.lastSequence)
            }
            if journalFails { log.notice("the journal can be written again") }
            journalFails = false
        } catch {
            if !journalFails { log.error("\(error); its lines wait in the store") }
            journalFails = true
        }
    }

    /// Goes on in a new file, after a rotation renamed the old one.
    package func rotateJournal() async {
        journal.rotate()
        await bringJournalUpToDate()
    }
}
