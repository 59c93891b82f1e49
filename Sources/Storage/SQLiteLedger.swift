// The ledger on SQLite.

import FoundationEssentials
import GRDB
import Model

/// Valid inside one transaction.
struct SQLiteLedger: Ledger {
    let db: Database

    // MARK: Stories

    func told(_ story: String, in scope: Int64) throws -> (mention: String, group: String?)? {
        let select = try db.cachedStatement(
            sql: "SELECT mention, group_key FROM story_told WHERE story = ? AND scope = ?")
        return try Row.fetchOne(select, arguments: [story, scope]).map { (mention: $0[0], group: $0[1]) }
    }

    func tell(_ story: Story, in scope: Int64, by mention: String, group: String?) throws {
        let remember = try db.cachedStatement(
            sql: "INSERT INTO story (id, seen, sketch) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING")
        try remember.execute(arguments: [story.id, story.seen.timeIntervalSince1970, Data(story.sketch)])
        let tell = try db.cachedStatement(
            sql: "INSERT INTO story_told (story, scope, mention, group_key) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")
        try tell.execute(arguments: [story.id, scope, mention, group])
    }

    // MARK: Groups

    func gather(_ member: Member, into group: Group, due: Date, interval: TimeInterval, at now: Date) throws {
        // A last alert in the future was made by a clock that ran ahead.
        try enter(
            group, due: due,
            merging: """
                due = min(coalesce(due, 9e99), max(excluded.due, min(coalesce(told, 0), :now) + :interval))
                """, ["now": now.timeIntervalSince1970, "interval": interval])
        try insert(member, into: group.key)
    }

    func isWaiting(_ member: String, in group: String) throws -> Bool {
        let select = try db.cachedStatement(sql: "SELECT 1 FROM member WHERE group_key = ? AND id = ?")
        return try Row.fetchOne(select, arguments: [group, member]) != nil
    }

    func priority(of group: String) throws -> Alert.Priority? {
        let select = try db.cachedStatement(sql: "SELECT priority FROM alert_group WHERE key = ?")
        return try String.fetchOne(select, arguments: [group]).flatMap(Alert.Priority.init)
    }

    func join(_ copy: Member, in group: String) throws -> Bool {
        guard let original = copy.original, try isWaiting(original, in: group) else { return false }
        try insert(copy, into: group)
        return true
    }

    private func insert(_ member: Member, into group: String) throws {
        let insert = try db.cachedStatement(
            sql: """
                INSERT INTO member (group_key, id, original, rank, body, routes) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (group_key, id) DO NOTHING
                """)
        let routes = member.routes.joined(separator: " ")
        try insert.execute(arguments: [
            group, member.id, member.original, member.rank, Data(member.body), routes,
        ])
    }

    func await(_ group: Group, due: Date) throws {
        try enter(group, due: due, merging: "due = coalesce(due, excluded.due)", [:])
    }

    private func enter(
        _ group: Group, due: Date, merging: String, _ arguments: [String: (any DatabaseValueConvertible)?]
    ) throws {
        let enter = try db.cachedStatement(
            sql: """
                INSERT INTO alert_group (key, kind, route, receiver, labels, priority, due)
                VALUES (:key, :kind, :route, :receiver, :labels, :priority, :due) ON CONFLICT (key) DO UPDATE SET \(merging)
                """)
        let labels = try JSONEncoder.earshot.encode(group.labels)
        let own: [String: (any DatabaseValueConvertible)?] = [
            "key": group.key, "kind": group.kind.rawValue, "route": group.route, "receiver": group.receiver,
            "labels": String(decoding: labels, as: UTF8.self), "priority": group.priority.rawValue,
            "due": due.timeIntervalSince1970,
        ]
        try enter.execute(arguments: StatementArguments(own.merging(arguments) { own, _ in own }))
    }

    func originals(of group: String, limit: Int) throws -> [Member] {
        let select = try db.cachedStatement(
            sql: """
                SELECT id, original, rank, body, routes FROM member WHERE group_key = ? AND original IS NULL
                ORDER BY number LIMIT ?
                """)
        return try Row.fetchAll(select, arguments: [group, limit]).map(Member.init)
    }

    func top(of group: String, among count: Int, limit: Int) throws -> [Member] {
        let select = try db.cachedStatement(
            sql: """
                SELECT id, original, rank, body, routes FROM member
                WHERE group_key = :group AND original IS NULL AND number <=
                    (SELECT max(number) FROM
                        (SELECT number FROM member WHERE group_key = :group ORDER BY number LIMIT :count))
                ORDER BY rank DESC, number DESC LIMIT :limit
                """)
        return try Row.fetchAll(select, arguments: ["group": group, "count": count, "limit": limit]).map(Member.init)
    }

    func copies(of member: String, in group: String, limit: Int) throws -> (ids: [String], first: [Member]) {
        let ids = try db.cachedStatement(
            sql: "SELECT id FROM member WHERE group_key = ? AND original = ? ORDER BY number")
        let all = try String.fetchAll(ids, arguments: [group, member])
        guard !all.isEmpty else { return ([], []) }
        let select = try db.cachedStatement(
            sql: """
                SELECT id, original, rank, body, routes FROM member WHERE group_key = ? AND original = ?
                ORDER BY number LIMIT ?
                """)
        return (all, try Row.fetchAll(select, arguments: [group, member, limit]).map(Member.init))
    }

    func ids(of group: String, limit: Int) throws -> [String] {
        let select = try db.cachedStatement(sql: "SELECT id FROM member WHERE group_key = ? ORDER BY number LIMIT ?")
        return try String.fetchAll(select, arguments: [group, limit])
    }

    func members(of group: String, limit: Int) throws -> [Member] {
        let select = try db.cachedStatement(
            sql: "SELECT id, original, rank, body, routes FROM member WHERE group_key = ? ORDER BY number LIMIT ?")
        return try Row.fetchAll(select, arguments: [group, limit]).map(Member.init)
    }

    func remove(_ members: [String], from group: String) throws {
        let remove = try db.cachedStatement(sql: "DELETE FROM member WHERE group_key = ? AND (id = ? OR original = ?)")
        for member in members { try remove.execute(arguments: [group, member, member]) }
    }

    func removeFirst(_ limit: Int, from group: String) throws {
        let remove = try db.cachedStatement(
            sql: """
                DELETE FROM member WHERE number IN
                (SELECT number FROM member WHERE group_key = ? ORDER BY number LIMIT ?)
                """)
        try remove.execute(arguments: [group, limit])
    }

    func move(_ group: String, into other: Group, due: Date) throws {
        try enter(other, due: due, merging: "due = min(coalesce(due, 9e99), excluded.due)", [:])
        // The same mention may come by two routes: there it has one key for both.
        let move = try db.cachedStatement(sql: "UPDATE OR REPLACE member SET group_key = ? WHERE group_key = ?")
        try move.execute(arguments: [other.key, group])
        try db.cachedStatement(sql: "UPDATE alert_group SET due = NULL WHERE key = ?").execute(arguments: [group])
    }

    func close(_ group: String, at now: Date, again due: Date, mustAgain: Bool) throws {
        let update = try db.cachedStatement(
            sql: """
                UPDATE alert_group SET told = :now, due = CASE WHEN :must OR EXISTS
                    (SELECT 1 FROM member WHERE group_key = :key) THEN :due END
                WHERE key = :key
                """)
        try update.execute(arguments: [
            "now": now.timeIntervalSince1970, "must": mustAgain, "key": group, "due": due.timeIntervalSince1970,
        ])
    }

    func isDue(_ group: String, at now: Date) throws -> Bool {
        let select = try db.cachedStatement(sql: "SELECT 1 FROM alert_group WHERE key = ? AND due <= ?")
        return try Row.fetchOne(select, arguments: [group, now.timeIntervalSince1970]) != nil
    }

    func due(_ group: String) throws -> Date? {
        let select = try db.cachedStatement(sql: "SELECT due FROM alert_group WHERE key = ?")
        return try Double.fetchOne(select, arguments: [group]).map(Date.init(timeIntervalSince1970:))
    }

    func plan(_ group: String, at due: Date) throws {
        let update = try db.cachedStatement(sql: "UPDATE alert_group SET due = ? WHERE key = ?")
        try update.execute(arguments: [due.timeIntervalSince1970, group])
    }

    // MARK: Tallies

    /// Scopes of one route; a label that strangers choose must not fill the store.
    private static let mostScopes = 1_000

    func count(in scope: TallyScope, bucket: Int, at now: Date) throws {
        let note = try db.cachedStatement(sql: "UPDATE tally_scope SET counted = ? WHERE key = ?")
        try note.execute(arguments: [now.timeIntervalSince1970, scope.key])
        if db.changesCount == 0 {
            let scopes = try db.cachedStatement(sql: "SELECT count(*) FROM tally_scope WHERE route = ?")
            guard try Int.fetchOne(scopes, arguments: [scope.route]) ?? 0 < Self.mostScopes else { return }
            let labels = String(decoding: try JSONEncoder.earshot.encode(scope.labels), as: UTF8.self)
            try db.execute(
                sql: "INSERT INTO tally_scope (key, route, labels, since, counted) VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    scope.key, scope.route, labels, scope.since.timeIntervalSince1970, now.timeIntervalSince1970,
                ])
        }
        let count = try db.cachedStatement(
            sql: """
                INSERT INTO tally (scope, bucket, count) VALUES (?, ?, 1)
                ON CONFLICT (scope, bucket) DO UPDATE SET count = count + 1
                """)
        try count.execute(arguments: [scope.key, bucket])
    }

    func mark(_ scope: String, bucket: Int) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO tally (scope, bucket, count) VALUES (?, ?, 1)", arguments: [scope, bucket])
    }

    func scopes(countedSince since: Date) throws -> [TallyScope] {
        let sql = "SELECT * FROM tally_scope WHERE counted >= ? OR episode IS NOT NULL"
        return try Row.fetchAll(db, sql: sql, arguments: [since.timeIntervalSince1970]).map(TallyScope.init)
    }

    func sum(of scope: String, in buckets: Range<Int>) throws -> Int {
        let select = try db.cachedStatement(
            sql: "SELECT coalesce(sum(count), 0) FROM tally WHERE scope = ? AND bucket >= ? AND bucket < ?")
        return try Int.fetchOne(select, arguments: [scope, buckets.lowerBound, buckets.upperBound]) ?? 0
    }

    func setEpisode(_ episode: TallyScope.Episode?, of scope: String) throws {
        let update = try db.cachedStatement(sql: "UPDATE tally_scope SET episode = ?, opened = ? WHERE key = ?")
        try update.execute(arguments: [episode?.kind.rawValue, episode?.opened.timeIntervalSince1970, scope])
    }

    // MARK: Receivers

    func allowance(of receiver: String) throws -> (since: Date, alerts: Int)? {
        let select = try db.cachedStatement(sql: "SELECT since, alerts FROM allowance WHERE receiver = ?")
        return try Row.fetchOne(select, arguments: [receiver]).map {
            (since: Date(timeIntervalSince1970: $0[0]), alerts: $0[1])
        }
    }

    func setAllowance(of receiver: String, since: Date, alerts: Int) throws {
        let set = try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO allowance (receiver, since, alerts) VALUES (?, ?, ?)")
        try set.execute(arguments: [receiver, since.timeIntervalSince1970, alerts])
    }

    func deliver(_ delivery: Delivery) throws {
        try delivery.insert(db)
    }

    func note(_ line: [UInt8]) throws {
        try JournalRow.insert([line], db)
    }
}

extension Member {
    init(_ row: Row) {
        let routes = (row[4] as String).split(separator: " ").map(String.init)
        self.init(id: row[0], original: row[1], rank: row[2], body: [UInt8](row[3] as Data), routes: routes)
    }
}

extension TallyScope {
    init(_ row: Row) throws {
        let labels = try JSONDecoder.earshot.decode([String: String].self, from: Data((row["labels"] as String).utf8))
        self.init(
            key: row["key"], route: row["route"], labels: labels, since: Date(timeIntervalSince1970: row["since"]))
        guard let kind = (row["episode"] as String?).flatMap(Spike.Kind.init), let opened: Double = row["opened"] else {
            return
        }
        episode = Episode(kind: kind, opened: Date(timeIntervalSince1970: opened))
    }
}
