// The tables, and every step that led to them. A migration that was released is never edited: a later one mends it.

import GRDB

enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: sources, mentions, outbox, journal lines", migrate: foundation)
        return migrator
    }

    /// Times are seconds since 1970 as REAL; hashes are 64-bit patterns as INTEGER.
    private static func foundation(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE source (
                    id INTEGER PRIMARY KEY,
                    address TEXT NOT NULL UNIQUE,
                    due REAL NOT NULL,
                    failures INTEGER NOT NULL DEFAULT 0,
                    polled REAL,
                    outcome TEXT,
                    etag TEXT,
                    last_modified TEXT,
                    body_hash INTEGER,
                    baseline REAL,
                    seen BLOB
                ) STRICT;
                CREATE TABLE mention (
                    id TEXT PRIMARY KEY,
                    found REAL NOT NULL
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE delivery (
                    id TEXT PRIMARY KEY,
                    receiver TEXT NOT NULL,
                    body BLOB NOT NULL,
                    attempts INTEGER NOT NULL,
                    due REAL NOT NULL,
                    attempted REAL,
                    reason TEXT,
                    parked INTEGER NOT NULL DEFAULT 0
                ) STRICT;
                CREATE INDEX delivery_queue ON delivery (receiver, parked, due);
                CREATE TABLE journal_line (
                    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                    event BLOB NOT NULL
                ) STRICT;
                """)
    }
}
