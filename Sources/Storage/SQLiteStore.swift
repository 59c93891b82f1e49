// The store on SQLite, through GRDB: one connection, on the store queue, and one fsync for all changes that wait.
// Reads and writes block this queue and no other.

import Dispatch
package import FoundationEssentials
import GRDB
package import Model
package import Runtime

/// `MentionStore` in one SQLite file (WAL, synchronous=FULL).
package actor SQLiteStore: MentionStore {
    private let executor: QueueExecutor
    private let database: DatabaseQueue
    private var waiting: [(change: Change, done: CheckedContinuation<Result<Void, StoreError>, Never>)] = []
    private var journaled: Int64 = 0

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Opens the file, creating or migrating it as needed.
    package init(path: String, executor: QueueExecutor) throws(StoreError) {
        self.executor = executor
        var configuration = Configuration()
        configuration.label = "earshot.sqlite"
        configuration.journalMode = .wal
        configuration.prepareDatabase { db in
            // In KiB: what is read from the outbox is still there when it is deleted, some hundred deliveries later.
            try db.execute(sql: "PRAGMA trusted_schema = OFF; PRAGMA cache_size = -16384")
            // Debian's SQLite writes zeros over all that is deleted, which here is in the journal anyway.
            try db.execute(sql: "PRAGMA secure_delete = OFF")
            // In pages, 16 MB: each checkpoint waits for the disk twice.
            try db.execute(sql: "PRAGMA wal_autocheckpoint = 4000")
        }
        do {
            database = try DatabaseQueue(path: path, configuration: configuration)
            try database.inDatabase(Self.makeDurable)
            try Schema.migrator.migrate(database)
        } catch {
            throw StoreError("\(path): cannot be opened as Earshot's store: \(error)")
        }
    }

    /// FULL: a WAL commit is fsynced before it is acknowledged (sqlite.org/pragma.html#pragma_synchronous). GRDB sets
    /// NORMAL while it opens a WAL, so this comes after that, and is held to its word.
    private static func makeDurable(_ db: Database) throws {
        try db.execute(sql: "PRAGMA synchronous = FULL")
        guard try Int.fetchOne(db, sql: "PRAGMA synchronous") == 2 else {
            throw StoreError("SQLite does not take synchronous = FULL")
        }
    }

    // MARK: Sources

    package func enrol(_ sources: Sources, at now: Date) throws(StoreError) -> [SourceOutline] {
        try write { db in try Enrolment(sources: sources, now: now).run(db) }
    }

    package func state(of source: Int64) throws(StoreError) -> SourceState {
        try read { db in
            let select = try db.cachedStatement(
                sql: "SELECT * FROM source LEFT JOIN reading ON reading.source = source.id WHERE id = ?")
            guard let row = try Row.fetchOne(select, arguments: [source]) else {
                throw StoreError("source \(source) is not in the store")
            }
            return SourceState(row)
        }
    }

    package func forgetMentions(before date: Date) throws(StoreError) {
        try write { db in
            let delete = try db.cachedStatement(sql: "DELETE FROM mention WHERE found < ?")
            try delete.execute(arguments: [date.timeIntervalSince1970])
        }
    }

    package func unknown(among mentions: [String]) throws(StoreError) -> Set<String> {
        try read { db in
            let select = try db.cachedStatement(sql: "SELECT 1 FROM mention WHERE id = ?")
            return Set(try mentions.filter { try Row.fetchOne(select, arguments: [$0]) == nil })
        }
    }

    // MARK: Changes

    package func commit(_ change: Change) async throws(StoreError) {
        let result = await withCheckedContinuation { done in
            waiting.append((change, done))
            // The flush queues up behind the changes that are on their way to this actor now, and takes them along.
            if waiting.count == 1 { executor.queue.async { self.assumeIsolated { $0.flush() } } }
        }
        try result.get()
    }

    private func flush() {
        let group = waiting
        let changes = group.map(\.change)
        let journaled = journaled
        waiting = []
        let results = together(changes, journaled) ?? apart(changes, journaled)
        for (waiter, result) in zip(group, results) { waiter.done.resume(returning: result) }
    }

    /// All changes or none; `nil` when that failed: it is nearly always well, and savepoints cost more than small
    /// changes.
    private func together(_ changes: [Change], _ journaled: Int64) -> [Result<Void, StoreError>]? {
        try? write { db in
            try JournalRow.forget(upTo: journaled, db)
            return try changes.map { .success(try $0.write(db)) }
        }
    }

    /// Those changes that can be written.
    private func apart(_ changes: [Change], _ journaled: Int64) -> [Result<Void, StoreError>] {
        do throws(StoreError) {
            return try write { db in
                try JournalRow.forget(upTo: journaled, db)
                return try changes.map { try Self.apply($0, db) }
            }
        } catch {
            return changes.map { _ in .failure(error) }
        }
    }

    /// Each change in a savepoint of its own, so that one that cannot be written takes no other with it. A full disk
    /// or a broken one ends the whole transaction, which SQLite rolls back.
    private static func apply(_ change: Change, _ db: Database) throws -> Result<Void, StoreError> {
        do {
            try db.inSavepoint {
                try change.write(db)
                return .commit
            }
            return .success(())
        } catch let error where db.isInsideTransaction {
            return .failure(StoreError("\(error)"))
        }
    }

    // MARK: Outbox

    package func outbox(
        of receiver: String, after place: OutboxPlace, besides known: Set<String>, limit: Int, bytes: Int
    ) throws(StoreError) -> OutboxPart {
        try read { db in
            let select = try db.cachedStatement(
                sql: """
                    SELECT id, receiver, body, attempts, due, rowid FROM delivery
                    WHERE receiver = ? AND parked = 0 AND (due, rowid) > (?, ?) ORDER BY due, rowid
                    """)
            let rows = try Row.fetchCursor(select, arguments: [receiver, place.due, place.row])
            var deliveries: [Delivery] = []
            var room = bytes
            while let row = try rows.next() {
                let id: String = row[0]
                guard !known.contains(id) else { continue }
                let delivery = try Delivery(row, id: id, receiver: receiver)
                deliveries.append(delivery)
                room -= delivery.body.count
                if deliveries.count == limit || room <= 0 {
                    return OutboxPart(deliveries, end: OutboxPlace(due: row[4], row: row[5]))
                }
            }
            return OutboxPart(deliveries)
        }
    }

    package func backlog() throws(StoreError) -> [Backlog] {
        try read { db in
            let sql = """
                SELECT receiver, SUM(parked = 0), SUM(parked > 0) FROM delivery GROUP BY receiver ORDER BY receiver
                """
            return try Row.fetchAll(db, sql: sql).map { Backlog(receiver: $0[0], queued: $0[1], parked: $0[2]) }
        }
    }

    // MARK: Journal lines

    package func numberLines(above sequence: Int64) throws(StoreError) {
        try write { db in try JournalRow.number(above: sequence, db) }
    }

    package func journalLines(after sequence: Int64, limit: Int) throws(StoreError) -> [JournalLine] {
        try read { db in try JournalRow.lines(after: sequence, limit: limit, db) }
    }

    package func journalHolds(upTo sequence: Int64) {
        journaled = max(journaled, sequence)
    }

    // MARK: Access

    /// Folds the WAL into the file and closes it; whatever is asked later fails.
    package func close() {
        try? database.close()
    }

    /// `@Sendable`, so that the body is not the actor's: GRDB runs it on a queue of its own while ours waits.
    func read<T>(_ body: @Sendable (Database) throws -> T) throws(StoreError) -> T {
        do { return try database.unsafeRead(body) } catch { throw StoreError("\(error)") }
    }

    func write<T>(_ body: @Sendable (Database) throws -> T) throws(StoreError) -> T {
        do { return try database.write(body) } catch { throw StoreError("\(error)") }
    }
}
