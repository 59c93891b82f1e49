// A source's state as two rows: what every poll changes and the schedule needs, and apart from it what only a poll that
// reads needs. A million of the first are read at every start.

import FoundationEssentials
import GRDB
import Model

extension SourceState {
    /// Brings the source's row up to date. Without a reading the stored one stays: nothing new was read.
    func write(_ db: Database) throws {
        let update = try db.cachedStatement(
            sql: """
                UPDATE source SET due = ?, reason = ?, polled = ?, status = ?, outcome = ?, failures = ?,
                    failing_since = ?, etag = ?, last_modified = ?, vain_conditions = ?, answered = ?, changed = ?,
                    move_address = ?, move_since = ?, move_times = ?, moved = ?, rhythm = ?, silent = ?, findings = ?
                WHERE id = ?
                """)
        try update.execute(arguments: [
            due.timeIntervalSince1970, reason.rawValue, polled?.timeIntervalSince1970, status, outcome, failures,
            failingSince?.timeIntervalSince1970, validators.etag, validators.lastModified, vainConditions,
            answered?.timeIntervalSince1970, changed?.timeIntervalSince1970, move?.address,
            move?.since.timeIntervalSince1970, move?.times, address,
            rhythm == Rhythm() ? nil : Data(rhythm.bytes), isSilent, findings, id,
        ])
        guard let reading else { return }
        let keep = try db.cachedStatement(
            sql: """
                INSERT INTO reading (
                    source, body_hash, baseline, seen, settings_mark, waiting, entries_missed, pages_missed
                ) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (source) DO UPDATE
                SET body_hash = excluded.body_hash, baseline = excluded.baseline, seen = excluded.seen,
                    settings_mark = excluded.settings_mark, waiting = excluded.waiting,
                    entries_missed = excluded.entries_missed, pages_missed = excluded.pages_missed
                """)
        try keep.execute(arguments: [
            id, Int64(bitPattern: reading.bodyHash), reading.baseline.timeIntervalSince1970, reading.seen.blob,
            reading.settingsMark.map { Int64(bitPattern: $0) },
            reading.waiting.isEmpty ? nil : try JSONEncoder().encode(reading.waiting),
            reading.entriesMissed?.timeIntervalSince1970, reading.pagesMissed?.timeIntervalSince1970,
        ])
    }

    /// From a row of `source` joined with its `reading`.
    init(_ row: Row) {
        self.init(id: row["id"], due: Date(timeIntervalSince1970: row["due"]))
        reason = (row["reason"] as String?).flatMap(DueReason.init) ?? .new
        polled = date(row["polled"])
        status = row["status"]
        outcome = row["outcome"]
        failures = row["failures"]
        failingSince = date(row["failing_since"])
        validators = Validators(etag: row["etag"], lastModified: row["last_modified"])
        vainConditions = row["vain_conditions"]
        answered = date(row["answered"])
        changed = date(row["changed"])
        if let moving: String = row["move_address"], let since = date(row["move_since"]),
            let times: Int = row["move_times"]
        {
            move = Move(address: moving, since: since, times: times)
        }
        address = row["moved"]
        rhythm = (row["rhythm"] as Data?).flatMap { Rhythm(bytes: [UInt8]($0)) } ?? Rhythm()
        isSilent = row["silent"]
        findings = row["findings"]
        if let hash: Int64 = row["body_hash"], let baseline = date(row["baseline"]), let seen: Data = row["seen"] {
            var reading = Reading(bodyHash: UInt64(bitPattern: hash), baseline: baseline, seen: SeenEntries(blob: seen))
            reading.settingsMark = (row["settings_mark"] as Int64?).map { UInt64(bitPattern: $0) }
            // Damage to it must not keep the source from being polled.
            reading.waiting =
                (row["waiting"] as Data?).flatMap { try? JSONDecoder().decode([WaitingEntry].self, from: $0) } ?? []
            reading.entriesMissed = date(row["entries_missed"])
            reading.pagesMissed = date(row["pages_missed"])
            self.reading = reading
        }
    }
}

private func date(_ seconds: Double?) -> Date? {
    seconds.map { Date(timeIntervalSince1970: $0) }
}

extension SeenEntries {
    private static let recordSize = 24

    /// Less than a record, so that the length says whether there is a key.
    private static let keySize = 16

    /// The key, then 24 bytes an entry: identity, alias and content; all little-endian.
    var blob: Data {
        var data = Data(capacity: Self.keySize + marks.count * Self.recordSize)
        func append(_ number: UInt64) {
            withUnsafeBytes(of: number.littleEndian) { data.append(contentsOf: $0) }
        }
        if let key {
            append(key.low)
            append(key.high)
        }
        for mark in marks {
            append(mark.identity)
            append(mark.alias)
            append(mark.content)
        }
        return data
    }

    /// Of before there were keys, where the length says that there is none.
    init(blob: Data) {
        let hasKey = blob.count % Self.recordSize == Self.keySize
        self = blob.withUnsafeBytes { bytes in
            func number(_ offset: Int) -> UInt64 {
                UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            }
            let start = hasKey ? Self.keySize : 0
            let ends = stride(from: start + Self.recordSize, through: bytes.count, by: Self.recordSize)
            return SeenEntries(
                key: hasKey ? MarkKey(low: number(0), high: number(8)) : nil,
                marks: ends.map { end in
                    let at = end - Self.recordSize
                    return EntryMarks(identity: number(at), alias: number(at + 8), content: number(at + 16))
                })
        }
    }
}
