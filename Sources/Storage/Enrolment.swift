// Taking over a configuration's sources, by the million: one pass over the table, and one transaction for what is new.

package import FoundationEssentials
import GRDB
package import Model

/// What the schedule needs to know of a source, in 64 bytes; the rest stays in the store until the source is polled.
package struct SourceOutline: Sendable, Equatable {
    package var id: Int64
    package var due: Date
    /// `nil` for a source that was never polled.
    package var polled: Date?
    package var failures: Int32
    /// Entries a second (`Rhythm.rate`).
    package var rate: Float
    package var hasWorkingValidators: Bool
    /// Where it moved to, of the few that did.
    package var address: String?
    /// The server's last answer, and why the source is due when it is.
    package var status: Int32?
    package var reason = DueReason.new
}

struct Enrolment {
    let sources: Sources
    let now: Date

    /// Stands for a key where there is none yet: SQLite counts from 1.
    private static let missing: Int64 = 0

    /// How long the state of a source stays that is no longer configured: a slip of the pen, or a list that failed to
    /// load, must not make old entries news.
    private static let grace: TimeInterval = 30 * 86_400

    /// The outlines of all sources in their order. New ones are entered, due now; those no longer configured are
    /// marked, and forgotten after thirty days.
    func run(_ db: Database) throws -> [SourceOutline] {
        let index = SourceIndex(sources)
        var outlines = Array(repeating: SourceOutline(id: Self.missing, due: now), count: sources.count)
        var dropped: [Int64] = []
        var returned: [Int64] = []
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT id, due, polled, failures, etag IS NOT NULL OR last_modified IS NOT NULL, vain_conditions,
                    rhythm, moved, dropped, address, status, reason FROM source
                """)
        while let row = try rows.next() {
            guard let position = position(of: row, index) else {
                if row[8] == nil { dropped.append(row[0]) }
                continue
            }
            if row[8] != nil { returned.append(row[0]) }
            outlines[position] = SourceOutline(row, now)
        }
        try mark(db, dropped, at: now.timeIntervalSince1970)
        try mark(db, returned, at: nil)
        try forget(db)
        try enter(&outlines, db)
        return outlines
    }

    private func position(of row: Row, _ index: SourceIndex) -> Int? {
        let address: String = row[9]
        var copy = address
        return copy.withUTF8 { index.position(of: UnsafeRawBufferPointer($0), in: sources) }
    }

    private func mark(_ db: Database, _ ids: [Int64], at time: Double?) throws {
        let update = try db.cachedStatement(sql: "UPDATE source SET dropped = ? WHERE id = ?")
        for id in ids { try update.execute(arguments: [time, id]) }
    }

    private func forget(_ db: Database) throws {
        let oldest = (now - Self.grace).timeIntervalSince1970
        try db.execute(
            sql: """
                DELETE FROM reading WHERE source IN (SELECT id FROM source WHERE dropped < ?);
                DELETE FROM source WHERE dropped < ?
                """, arguments: [oldest, oldest])
    }

    /// In the order of their addresses, which is the order of the table's index: it grows at its end.
    private func enter(_ outlines: inout [SourceOutline], _ db: Database) throws {
        let missing = outlines.indices.filter { outlines[$0].id == Self.missing }
            .map { (position: $0, key: sources.key(at: $0)) }
        let insert = try db.cachedStatement(sql: "INSERT INTO source (address, due) VALUES (?, ?)")
        for (position, key) in missing.sorted(by: { $0.key < $1.key }) {
            try insert.execute(arguments: [key, now.timeIntervalSince1970])
            outlines[position].id = db.lastInsertedRowID
        }
    }
}

extension SourceOutline {
    /// One that nothing is known of yet.
    package init(id: Int64, due: Date) {
        self.init(
            id: id, due: due, polled: nil, failures: 0, rate: Rhythm().rate(at: due), hasWorkingValidators: false,
            address: nil)
    }

    /// The same of a state that is not in the store yet.
    package init(_ state: SourceState, at now: Date) {
        self.init(
            id: state.id, due: state.due, polled: state.polled, failures: Int32(clamping: state.failures),
            rate: state.rhythm.rate(at: now), hasWorkingValidators: state.hasWorkingValidators, address: state.address,
            status: state.status.map { Int32(clamping: $0) }, reason: state.reason)
    }

    fileprivate init(_ row: Row, _ now: Date) {
        let rhythm = (row[6] as Data?).flatMap { Rhythm(bytes: [UInt8]($0)) } ?? Rhythm()
        self.init(
            id: row[0], due: Date(timeIntervalSince1970: row[1]),
            polled: (row[2] as Double?).map { Date(timeIntervalSince1970: $0) }, failures: row[3],
            rate: rhythm.rate(at: now), hasWorkingValidators: row[4] && (row[5] as Int) < 2, address: row[7],
            status: row[10], reason: (row[11] as String?).flatMap(DueReason.init) ?? .new)
    }
}
