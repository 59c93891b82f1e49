// The parked list: deliveries that are not tried again by themselves, until a person says so.

package import FoundationEssentials
import GRDB
package import Model

/// A parked delivery, without the alert in it.
package struct ParkedDelivery: Sendable, Equatable, Codable {
    /// The alert's id.
    package var id: String
    package var receiver: String
    package var attempts: Int
    /// When the last attempt was made.
    package var parked: Date
    /// Why it was the last.
    package var reason: String
}

/// Which parked deliveries are meant; what is `nil` does not matter.
package struct ParkedFilter: Sendable, Equatable, Codable {
    package var receiver: String?
    /// Parked at this time or later.
    package var since: Date?
    /// The alerts' ids.
    package var ids: [String]?

    package init(receiver: String? = nil, since: Date? = nil, ids: [String]? = nil) {
        self.receiver = receiver
        self.since = since
        self.ids = ids
    }
}

extension Change {
    /// What a person decided about a parked delivery. One that is not parked any more is left as it is.
    package enum ParkedFate: Sendable {
        /// It is queued again, as if it were new.
        case redelivered(due: Date)
        case dropped
    }
}

extension SQLiteStore {
    package func parked(_ filter: ParkedFilter, limit: Int) throws(StoreError) -> [ParkedDelivery] {
        var conditions = ["parked = 1"]
        var arguments = StatementArguments()
        if let receiver = filter.receiver {
            conditions.append("receiver = ?")
            arguments += [receiver]
        }
        if let since = filter.since {
            conditions.append("attempted >= ?")
            arguments += [since.timeIntervalSince1970]
        }
        if let ids = filter.ids {
            conditions.append("id IN (SELECT value FROM json_each(?))")
            arguments += [String(decoding: (try? JSONEncoder().encode(ids)) ?? Data(), as: UTF8.self)]
        }
        let sql = """
            SELECT id, receiver, attempts, attempted, reason FROM delivery
            WHERE \(conditions.joined(separator: " AND ")) ORDER BY attempted, id LIMIT ?
            """
        arguments += [limit]
        return try read { [arguments] db in
            try Row.fetchAll(db, sql: sql, arguments: arguments).map(ParkedDelivery.init)
        }
    }

    package func parkedDelivery(_ id: String) throws(StoreError) -> Delivery? {
        try read { db in
            let sql = "SELECT id, receiver, body, attempts, due FROM delivery WHERE id = ? AND parked = 1"
            return try Row.fetchOne(db, sql: sql, arguments: [id]).map(Delivery.init)
        }
    }
}

extension ParkedDelivery {
    fileprivate init(_ row: Row) {
        self.init(
            id: row[0], receiver: row[1], attempts: row[2],
            parked: Date(timeIntervalSince1970: row[3] as Double? ?? 0), reason: row[4] as String? ?? "")
    }
}

extension Change.ParkedFate {
    func write(_ id: String, _ db: Database) throws {
        switch self {
        case .redelivered(let due):
            let sql = "UPDATE delivery SET parked = 0, attempts = 0, due = ?, reason = NULL WHERE id = ? AND parked = 1"
            try db.cachedStatement(sql: sql).execute(arguments: [due.timeIntervalSince1970, id])
        case .dropped:
            try db.cachedStatement(sql: "DELETE FROM delivery WHERE id = ? AND parked = 1").execute(arguments: [id])
        }
    }
}
