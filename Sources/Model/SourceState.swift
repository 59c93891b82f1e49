// What is remembered of a source between polls.

package import FoundationEssentials

/// What the store keeps of one source.
package struct SourceState: Sendable, Equatable {
    /// The store's key; a source keeps it for as long as its address is the same.
    package var id: Int64
    /// When the next poll is due, and why then.
    package var due: Date
    package var reason: DueReason = .new

    /// The last poll: when, the server's status, and how it went in a line that a person understands.
    package var polled: Date?
    package var status: Int?
    package var outcome: String?
    /// Failed polls since the last good one, and when the first of them was.
    package var failures = 0
    package var failingSince: Date?

    package var validators = Validators()
    /// Whole documents in a row that were as the one before, though the request had asked for changes only: of a server
    /// that does so twice the validators are no use.
    package var vainConditions = 0
    /// When the server last sent a whole document, and when one last held something new.
    package var answered: Date?
    package var changed: Date?
    /// Where permanent redirects lead, while that is being watched.
    package var move: Move?
    /// The address that is asked instead of the configured one, after such a move.
    package var address: String?

    package var rhythm = Rhythm()
    /// Whether it was told that nothing comes any more.
    package var isSilent = false
    /// What the reader had to repair or drop in the last document, in words; `nil` for nothing.
    package var findings: String?
    /// What the last document that was read left behind; `nil` before the first.
    package var reading: Reading?

    package init(id: Int64, due: Date) {
        self.id = id
        self.due = due
    }

    /// Whether asking for changes only has an effect.
    package var hasWorkingValidators: Bool {
        validators != Validators() && vainConditions < 2
    }
}

/// A permanent redirect that is seen again and again.
package struct Move: Sendable, Equatable {
    /// Without credentials.
    package var address: String
    package var since: Date
    package var times: Int

    package init(address: String, since: Date, times: Int) {
        self.address = address
        self.since = since
        self.times = times
    }
}

/// Why a source is asked when it is, and not sooner.
package enum DueReason: String, Sendable, Codable, CaseIterable {
    case new, interval, rhythm, bare, fresh, advice, quiet, retryAfter, throttled, backoff, challenge, gone, disallowed,
        offline, crowded

    /// In words that complete "The next poll is due then because …".
    package var text: String {
        switch self {
        case .new: "it was added and has not been asked yet"
        case .interval: "that is its interval"
        case .rhythm: "that is how often it publishes"
        case .bare: "its server knows neither ETag nor Last-Modified, so that each poll costs a whole document"
        case .fresh: "the server says that its answer is good until then (Cache-Control or Expires)"
        case .advice: "the feed asks for that (ttl or updatePeriod)"
        case .quiet: "the feed says that it does not change before (skipHours or skipDays)"
        case .retryAfter: "the server asks for rest until then (Retry-After)"
        case .throttled: "the server answers that it is asked too often"
        case .backoff: "it keeps failing, and is asked less and less often"
        case .challenge: "its server wants a browser (Cloudflare's challenge)"
        case .gone: "the server says that it is gone for good (410); it is looked at again once a month"
        case .disallowed: "its robots.txt does not allow it"
        case .offline: "nobody could be reached, so that it is our own network or name server"
        case .crowded: "a site that it leads to rests, or has too many of ours waiting for it"
        }
    }
}

/// What a read document leaves behind.
package struct Reading: Sendable, Equatable {
    /// SHA-256 of the body, cut to 64 bits: a body with the same hash is not read again.
    package var bodyHash: UInt64
    /// When the first document was read. What it held before that is not news.
    package var baseline: Date
    package var seen: SeenEntries
    /// Says by which settings the last document was read; `nil` for one of before that was remembered.
    package var settingsMark: UInt64?
    /// Entries whose own pages are to be fetched, the next first: only where the user wants them followed.
    package var waiting: [WaitingEntry] = []
    /// When entries may last have gone by between two polls, and when the page of one was last given up.
    package var entriesMissed: Date?
    package var pagesMissed: Date?

    package init(bodyHash: UInt64, baseline: Date, seen: SeenEntries) {
        self.bodyHash = bodyHash
        self.baseline = baseline
        self.seen = seen
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
