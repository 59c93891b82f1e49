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
    /// When that was.
    package var parked: Date
    /// Why it is not tried again.
    package var reason: String
}

/// Which parked deliveries are meant; what is `nil` does not matter.
package struct ParkedFilter: Sendable, Equatable, Codable {
    package var receiver: String?
    /// Parked at this time or later.
    package var since: Date?
    /// The alerts' ids.
    package var ids: [String]?
    /// Whether they are parked for the one reason that nobody of their receiver's name is configured.
    package var isStranded: Bool?

    package init(receiver: String? = nil, since: Date? = nil, ids: [String]? = nil, isStranded: Bool? = nil) {
        self.receiver = receiver
        self.since = since
        self.ids = ids
        self.isStranded = isStranded
    }
}

extension Change {
    /// What becomes of a parked delivery, or of one that comes to be parked without an attempt. One that is not parked
    /// any more, or is so already, is left as it is.
    package enum ParkedFate: Sendable {
        /// It is queued again, as if it were new.
        case redelivered(due: Date)
        /// The same for another receiver, whom the body names.
        case readdressed(to: String, body: [UInt8], due: Date)
        case dropped
        /// It is parked, since its receiver is not configured.
        case stranded(at: Date, reason: String)
    }
}

extension SQLiteStore {
    /// In the column `parked`, beside 0 for a delivery that is queued and 1 for one that was given up: its receiver is
    /// not configured.
    fileprivate static let stranded = 2

    package func parked(_ filter: ParkedFilter, limit: Int) throws(StoreError) -> [ParkedDelivery] {
        var (condition, arguments) = Self.condition(filter)
        let sql = """
            SELECT id, receiver, attempts, attempted, reason FROM delivery
            WHERE \(condition) ORDER BY attempted, id LIMIT ?
            """
        arguments += [limit]
        return try read { [arguments] db in
            try Row.fetchAll(db, sql: sql, arguments: arguments).map(ParkedDelivery.init)
        }
    }

    /// How many there are, by their receivers' names.
    package func parkedCounts(_ filter: ParkedFilter) throws(StoreError) -> [String: Int] {
        let (condition, arguments) = Self.condition(filter)
        return try read { db in
            let sql = "SELECT receiver, count(*) FROM delivery WHERE \(condition) GROUP BY receiver"
            let rows = try Row.fetchAll(db, sql: sql, arguments: arguments)
            return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
        }
    }

    private static func condition(_ filter: ParkedFilter) -> (sql: String, arguments: StatementArguments) {
        var conditions = [filter.isStranded == true ? "parked = \(Self.stranded)" : "parked > 0"]
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
        return (conditions.joined(separator: " AND "), arguments)
    }

    package func parkedDelivery(_ id: String) throws(StoreError) -> Delivery? {
        try read { db in
            let sql = "SELECT id, receiver, body, attempts, due FROM delivery WHERE id = ? AND parked > 0"
            return try Row.fetchOne(db, sql: sql, arguments: [id]).map { try Delivery($0, id: $0[0], receiver: $0[1]) }
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
            let sql = "UPDATE delivery SET parked = 0, attempts = 0, due = ?, reason = NULL WHERE id = ? AND parked > 0"
            try db.cachedStatement(sql: sql).execute(arguments: [due.timeIntervalSince1970, id])
        case .readdressed(let receiver, let body, let due):
            let sql = """
                UPDATE delivery SET parked = 0, attempts = 0, due = ?, reason = NULL, receiver = ?, body = ?
                WHERE id = ? AND parked > 0
                """
            try db.cachedStatement(sql: sql).execute(arguments: [due.timeIntervalSince1970, receiver, Data(body), id])
        case .dropped:
            try db.cachedStatement(sql: "DELETE FROM delivery WHERE id = ? AND parked > 0").execute(arguments: [id])
        case .stranded(let time, let reason):
            let sql = "UPDATE delivery SET parked = ?, attempted = ?, reason = ? WHERE id = ? AND parked = 0"
            try db.cachedStatement(sql: sql).execute(arguments: [
                SQLiteStore.stranded, time.timeIntervalSince1970, reason, id,
            ])
        }
    }
}
