// What waits and what was told, read outside of a change.

package import FoundationEssentials
import GRDB
package import Model

extension SQLiteStore {
    package func dueGroups(at now: Date, limit: Int) throws(StoreError) -> [Group] {
        try read { db in
            let select = try db.cachedStatement(sql: "SELECT * FROM alert_group WHERE due <= ? ORDER BY due LIMIT ?")
            return try Row.fetchAll(select, arguments: [now.timeIntervalSince1970, limit]).map(Group.init)
        }
    }

    package func nextGroupDue() throws(StoreError) -> Date? {
        try read { db in
            let select = try db.cachedStatement(sql: "SELECT min(due) FROM alert_group")
            return try Double.fetchOne(select).map(Date.init(timeIntervalSince1970:))
        }
    }

    package func waitingGroups(after key: String, limit: Int) throws(StoreError) -> [Group] {
        try read { db in
            let sql = "SELECT * FROM alert_group WHERE key > ? AND due IS NOT NULL ORDER BY key LIMIT ?"
            return try Row.fetchAll(db, sql: sql, arguments: [key, limit]).map(Group.init)
        }
    }

    package func stories(since: Date, limit: Int) throws(StoreError) -> [Story] {
        try read { db in
            let sql = "SELECT id, sketch, seen FROM story WHERE seen >= ? ORDER BY seen DESC, id DESC LIMIT ?"
            return try Row.fetchAll(db, sql: sql, arguments: [since.timeIntervalSince1970, limit]).reversed().map {
                Story(id: $0[0], sketch: [UInt8]($0[1] as Data), seen: Date(timeIntervalSince1970: $0[2]))
            }
        }
    }

    package func allowances() throws(StoreError) -> [Allowance] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT receiver, since, alerts FROM allowance ORDER BY receiver").map {
                Allowance(receiver: $0[0], since: Date(timeIntervalSince1970: $0[1]), alerts: $0[2])
            }
        }
    }

    package func silences(endingAfter time: Date) throws(StoreError) -> [Silence] {
        try read { db in
            let sql = "SELECT * FROM silence WHERE ends > ? ORDER BY rowid"
            return try Row.fetchAll(db, sql: sql, arguments: [time.timeIntervalSince1970]).map(Silence.init)
        }
    }

    package func forget(
        storiesBefore stories: Date, beyond limit: Int, groupsBefore groups: Date, talliesBefore tallies: Date
    ) throws(StoreError) {
        try write { db in
            try db.execute(
                sql: """
                    DELETE FROM story WHERE seen < ?;
                    DELETE FROM story WHERE id IN (SELECT id FROM story ORDER BY seen DESC, id DESC LIMIT -1 OFFSET ?);
                    DELETE FROM alert_group WHERE due IS NULL AND coalesce(told, 0) < ?
                        AND NOT EXISTS (SELECT 1 FROM member WHERE group_key = key);
                    DELETE FROM tally WHERE bucket < ?;
                    DELETE FROM tally_scope WHERE counted < ? AND episode IS NULL;
                    DELETE FROM silence WHERE ends < ?
                    """,
                arguments: [
                    stories.timeIntervalSince1970, limit, groups.timeIntervalSince1970,
                    Int(tallies.timeIntervalSince1970 / Spike.bucket), tallies.timeIntervalSince1970,
                    tallies.timeIntervalSince1970,
                ])
        }
    }
}
