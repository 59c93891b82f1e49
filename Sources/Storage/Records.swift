// How the nouns become rows, and rows the nouns.

import FoundationEssentials
import GRDB
import Model

extension Change {
    func write(_ db: Database) throws {
        for visit in visits { try visit.write(db) }
        // Not OR IGNORE: that would also pass over a row that breaks another constraint, and lose it.
        let remember = try db.cachedStatement(
            sql: "INSERT INTO mention (id, found) VALUES (?, ?) ON CONFLICT (id) DO NOTHING")
        for mention in mentions {
            try remember.execute(arguments: [mention.id, mention.found.timeIntervalSince1970])
        }
        for delivery in deliveries { try delivery.insert(db) }
        for attempt in attempts { try attempt.write(db) }
        for (receiver, time) in revived {
            let revive = try db.cachedStatement(
                sql: "UPDATE delivery SET due = :now WHERE receiver = :receiver AND parked = 0 AND due > :now")
            try revive.execute(arguments: ["now": time.timeIntervalSince1970, "receiver": receiver])
        }
        for silence in silences { try silence.write(db) }
        for (id, fate) in parked { try fate.write(id, db) }
        try JournalRow.insert(lines, db)
        // What becomes of the mentions: `Decision` in Monitoring, in the same transaction.
        try decide?(SQLiteLedger(db: db))
    }
}

extension Delivery {
    /// - Parameter row: of the columns id, receiver, body, attempts and due.
    init(_ row: Row, id: String, receiver: String) throws {
        // Not by way of Data, which would copy a body once more.
        let body = try row.withUnsafeData(atIndex: 2) { [UInt8]($0 ?? Data()) }
        self.init(
            id: id, receiver: receiver, body: body, attempts: row[3], due: Date(timeIntervalSince1970: row[4]))
    }

    /// A delivery that is in the outbox already stays as it is: its id says that it is the same.
    func insert(_ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO delivery (id, receiver, body, attempts, due) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (id) DO NOTHING
                """)
        try statement.execute(arguments: [id, receiver, Data(body), attempts, due.timeIntervalSince1970])
    }
}

extension Change.Attempt {
    func write(_ db: Database) throws {
        switch verdict {
        case .delivered:
            try db.cachedStatement(sql: "DELETE FROM delivery WHERE id = ? AND receiver = ?")
                .execute(arguments: [delivery, receiver])
        case .retry(let reason, let due):
            // One that was parked meanwhile keeps the reason for that.
            let sql = """
                UPDATE delivery SET attempts = attempts + 1, attempted = ?, due = ?,
                    reason = CASE WHEN parked = 0 THEN ? ELSE reason END
                WHERE id = ? AND receiver = ?
                """
            try db.cachedStatement(sql: sql).execute(arguments: [
                made.timeIntervalSince1970, due.timeIntervalSince1970, reason, delivery, receiver,
            ])
        case .parked(let reason):
            try park(db, reason: reason)
        case .receiverGone:
            try park(db, reason: "the receiver is gone (410)")
        }
    }

    private func park(_ db: Database, reason: String) throws {
        let sql = """
            UPDATE delivery SET attempts = attempts + 1, attempted = ?, reason = ?, parked = 1
            WHERE id = ? AND receiver = ?
            """
        try db.cachedStatement(sql: sql).execute(arguments: [made.timeIntervalSince1970, reason, delivery, receiver])
    }
}

extension Group {
    init(_ row: Row) throws {
        guard let kind = Alert.Kind(rawValue: row["kind"]), let priority = Alert.Priority(rawValue: row["priority"])
        else { throw StoreError("a group of an unknown kind") }
        let labels = try JSONDecoder.earshot.decode([String: String].self, from: Data((row["labels"] as String).utf8))
        self.init(
            key: row["key"], kind: kind, route: row["route"], receiver: row["receiver"], labels: labels,
            priority: priority)
    }
}

extension Silence {
    func write(_ db: Database) throws {
        let sql =
            "INSERT OR REPLACE INTO silence (id, matchers, reason, author, starts, ends) VALUES (?, ?, ?, ?, ?, ?)"
        let matchers = String(decoding: try JSONEncoder.earshot.encode(matchers), as: UTF8.self)
        try db.execute(
            sql: sql,
            arguments: [id, matchers, reason, author, starts.timeIntervalSince1970, ends.timeIntervalSince1970])
    }

    init(_ row: Row) throws {
        let matchers = try JSONDecoder.earshot.decode([String].self, from: Data((row["matchers"] as String).utf8))
        self.init(
            id: row["id"], matchers: matchers, reason: row["reason"], author: row["author"],
            starts: Date(timeIntervalSince1970: row["starts"]), ends: Date(timeIntervalSince1970: row["ends"]))
    }
}
