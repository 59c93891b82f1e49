// What is remembered of a source between polls.

package import FoundationEssentials

/// What the store keeps of one source.
package struct SourceState: Sendable, Equatable {
    /// The store's key; a source keeps it for as long as its address is the same.
    package var id: Int64
    /// When the next poll is due.
    package var due: Date
    /// Failed polls since the last good one.
    package var failures: Int
    package var validators: Validators
    /// What the last document that was read left behind; `nil` before the first.
    package var reading: Reading?

    package init(
        id: Int64, due: Date, failures: Int = 0, validators: Validators = Validators(), reading: Reading? = nil
    ) {
        self.id = id
        self.due = due
        self.failures = failures
        self.validators = validators
        self.reading = reading
    }
}

/// What a read document leaves behind.
package struct Reading: Sendable, Equatable {
    /// SHA-256 of the body, cut to 64 bits: a body with the same hash is not read again.
    package var bodyHash: UInt64
    /// When the first document was read. What it held before that is not news.
    package var baseline: Date
    package var seen: SeenEntries

    package init(bodyHash: UInt64, baseline: Date, seen: SeenEntries) {
        self.bodyHash = bodyHash
        self.baseline = baseline
        self.seen = seen
    }
}

/// One poll as the store records it.
package struct Visit: Sendable, Equatable {
    /// The source's key in the store.
    package var source: Int64
    package var polled: Date
    /// How it went, in a word or a line that a person understands.
    package var outcome: String
    package var due: Date
    package var failures: Int
    /// `nil` keeps the stored ones.
    package var validators: Validators?
    /// `nil` keeps the stored one: nothing new was read.
    package var reading: Reading?

    package init(
        source: Int64, polled: Date, outcome: String, due: Date, failures: Int, validators: Validators? = nil,
        reading: Reading? = nil
    ) {
        self.source = source
        self.polled = polled
        self.outcome = outcome
        self.due = due
        self.failures = failures
        self.validators = validators
        self.reading = reading
    }
}

/// What makes the next request conditional: both values of one response, kept and sent back as they were.
package struct Validators: Sendable, Hashable {
    package var etag: String?
    package var lastModified: String?

    /// Values with control characters, or over 1 KiB, are dropped: they could smuggle a header or fill the store.
    package init(etag: String? = nil, lastModified: String? = nil) {
        self.etag = Self.safe(etag)
        self.lastModified = Self.safe(lastModified)
    }

    private static func safe(_ value: String?) -> String? {
        guard let value, !value.isEmpty, value.utf8.count <= 1_024 else { return nil }
        return value.utf8.contains { $0 < 0x20 || $0 == 0x7F } ? nil : value
    }
}
