// Journal lines in the store, from their commit until the journal durably holds them. The lines of one change are one
// row: a row each would cost as much as all else that is written of a delivery.

import FoundationEssentials
import GRDB
import Glibc

/// `sequence` is the number of the row's last line; the others count down from it. Lines are JSON objects without their
/// number; a line feed ends each.
enum JournalRow {
    private static let newline = UInt8(ascii: "\n")

    static func insert(_ lines: [[UInt8]], _ db: Database) throws {
        guard !lines.isEmpty else { return }
        // AUTOINCREMENT keeps the highest number that was ever used there (sqlite.org/autoinc.html).
        let insert = try db.cachedStatement(
            sql: """
                INSERT INTO journal_line (sequence, event) VALUES
                (coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'journal_line'), 0) + ?, ?)
                """)
        try insert.execute(arguments: [lines.count, joined(lines)])
    }

    private static func joined(_ lines: [[UInt8]]) -> Data {
        var joined = Data(capacity: lines.reduce(0) { $0 + $1.count + 1 })
        for line in lines {
            joined += line
            joined.append(newline)
        }
        return joined
    }

    /// Numbers what comes from above `sequence` on.
    static func number(above sequence: Int64, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO sqlite_sequence (name, seq) SELECT 'journal_line', 0
                WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'journal_line');
                UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'journal_line'
                """, arguments: [sequence])
    }

    static func lines(after sequence: Int64, limit: Int, _ db: Database) throws -> [JournalLine] {
        let select = try db.cachedStatement(
            sql: "SELECT sequence, event FROM journal_line WHERE sequence > ? ORDER BY sequence")
        let rows = try Row.fetchCursor(select, arguments: [sequence])
        var lines: [JournalLine] = []
        while lines.count < limit, let row = try rows.next() {
            let events = try row.withUnsafeData(atIndex: 1) { divided($0 ?? Data()) }
            let first = row[0] as Int64 - Int64(events.count) + 1
            // The journal may hold the first ones, after a crash while it was written.
            let numbered = zip(first..., events).drop { $0.0 <= sequence }
            lines += numbered.prefix(limit - lines.count).map { JournalLine(sequence: $0, event: $1) }
        }
        return lines
    }

    private static func divided(_ joined: Data) -> [[UInt8]] {
        joined.withUnsafeBytes { bytes in
            var lines: [[UInt8]] = []
            var rest = bytes[...]
            // Mentions are long: memchr finds an end thirty times as fast as a loop over the bytes does.
            while !rest.isEmpty, let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress {
                let end = memchr(start, Int32(newline), rest.count).map { UnsafeRawPointer($0) - start } ?? rest.count
                lines.append(Array(rest.prefix(end)))
                rest = rest.dropFirst(end + 1)
            }
            return lines
        }
    }

    static func forget(upTo sequence: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM journal_line WHERE sequence <= ?").execute(arguments: [sequence])
    }
}
