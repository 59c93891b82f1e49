// The tables, and every step that led to them. A migration that was released is never edited: a later one mends it.

import GRDB

enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: sources, mentions, outbox, journal lines", migrate: foundation)
        migrator.registerMigration("2: stories, groups, allowances", migrate: gathering)
        migrator.registerMigration("3: silences, tallies", migrate: silencing)
        migrator.registerMigration("4: what the schedule knows of sources", migrate: schedule)
        migrator.registerMigration("5: entries whose pages are to be fetched", migrate: following)
        migrator.registerMigration("6: when something was missed", migrate: missing)
        migrator.registerMigration("7: sketches say their version", migrate: versioning)
        migrator.registerMigration("8: the routes that a waiting mention has taken", migrate: routing)
        migrator.registerMigration("9: by which settings a document was read", migrate: marking)
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

    private static func gathering(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE story (
                    id TEXT PRIMARY KEY,
                    seen REAL NOT NULL,
                    sketch BLOB NOT NULL
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX story_seen ON story (seen);
                CREATE TABLE story_told (
                    story TEXT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
                    scope INTEGER NOT NULL,
                    mention TEXT NOT NULL,
                    group_key TEXT,
                    PRIMARY KEY (story, scope)
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE alert_group (
                    key TEXT PRIMARY KEY,
                    kind TEXT NOT NULL,
                    route TEXT NOT NULL,
                    receiver TEXT NOT NULL,
                    labels TEXT NOT NULL,
                    priority TEXT NOT NULL,
                    due REAL,
                    told REAL
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX alert_group_due ON alert_group (due);
                CREATE TABLE member (
                    number INTEGER PRIMARY KEY,
                    group_key TEXT NOT NULL REFERENCES alert_group (key),
                    id TEXT NOT NULL,
                    original TEXT,
                    rank REAL NOT NULL,
                    body BLOB NOT NULL,
                    UNIQUE (group_key, id)
                ) STRICT;
                CREATE INDEX member_original ON member (group_key, original, number);
                CREATE INDEX member_rank ON member (group_key, rank) WHERE original IS NULL;
                CREATE TABLE allowance (
                    receiver TEXT PRIMARY KEY,
                    since REAL NOT NULL,
                    alerts INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID;
                """)
    }

    private static func silencing(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE silence (
                    id TEXT PRIMARY KEY,
                    matchers TEXT NOT NULL,
                    reason TEXT NOT NULL,
                    author TEXT NOT NULL,
                    starts REAL NOT NULL,
                    ends REAL NOT NULL
                ) STRICT;
                CREATE TABLE tally (
                    scope TEXT NOT NULL,
                    bucket INTEGER NOT NULL,
                    count INTEGER NOT NULL,
                    PRIMARY KEY (scope, bucket)
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE tally_scope (
                    key TEXT PRIMARY KEY,
                    route TEXT NOT NULL,
                    labels TEXT NOT NULL,
                    since REAL NOT NULL,
                    counted REAL NOT NULL,
                    episode TEXT,
                    opened REAL
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX tally_scope_route ON tally_scope (route);
                """)
    }

    /// What a document left behind moves into a table of its own: most polls do not touch it, and a start reads the
    /// rest of every source.
    private static func schedule(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE reading (
                    source INTEGER PRIMARY KEY,
                    body_hash INTEGER NOT NULL,
                    baseline REAL NOT NULL,
                    seen BLOB NOT NULL
                ) STRICT;
                INSERT INTO reading (source, body_hash, baseline, seen)
                    SELECT id, body_hash, baseline, seen FROM source
                    WHERE body_hash IS NOT NULL AND baseline IS NOT NULL AND seen IS NOT NULL;
                ALTER TABLE source DROP COLUMN body_hash;
                ALTER TABLE source DROP COLUMN baseline;
                ALTER TABLE source DROP COLUMN seen;
                ALTER TABLE source ADD COLUMN reason TEXT;
                ALTER TABLE source ADD COLUMN status INTEGER;
                ALTER TABLE source ADD COLUMN failing_since REAL;
                ALTER TABLE source ADD COLUMN vain_conditions INTEGER NOT NULL DEFAULT 0;
                ALTER TABLE source ADD COLUMN answered REAL;
                ALTER TABLE source ADD COLUMN changed REAL;
                ALTER TABLE source ADD COLUMN move_address TEXT;
                ALTER TABLE source ADD COLUMN move_since REAL;
                ALTER TABLE source ADD COLUMN move_times INTEGER;
                ALTER TABLE source ADD COLUMN moved TEXT;
                ALTER TABLE source ADD COLUMN rhythm BLOB;
                ALTER TABLE source ADD COLUMN silent INTEGER NOT NULL DEFAULT 0;
                ALTER TABLE source ADD COLUMN findings TEXT;
                ALTER TABLE source ADD COLUMN dropped REAL;
                """)
    }

    /// JSON, `NULL` where nothing waits.
    private static func following(_ db: Database) throws {
        try db.execute(sql: "ALTER TABLE reading ADD COLUMN waiting BLOB")
    }

    private static func missing(_ db: Database) throws {
        try db.execute(
            sql: """
                ALTER TABLE reading ADD COLUMN entries_missed REAL;
                ALTER TABLE reading ADD COLUMN pages_missed REAL;
                """)
    }

    /// Until here all were of the first. `||` makes a text of two blobs, with the same bytes.
    private static func versioning(_ db: Database) throws {
        try db.execute(sql: "UPDATE story SET sketch = CAST(x'01' || sketch AS BLOB)")
    }

    /// The routes' ids with spaces between them; none is known of what waited until here.
    private static func routing(_ db: Database) throws {
        try db.execute(sql: "ALTER TABLE member ADD COLUMN routes TEXT NOT NULL DEFAULT ''")
    }

    /// Not known of what was read until here.
    private static func marking(_ db: Database) throws {
        try db.execute(sql: "ALTER TABLE reading ADD COLUMN settings_mark INTEGER")
    }
}
