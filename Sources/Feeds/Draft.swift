// A feed, an entry or an entry's source while it is being read. What one element settles goes into the entry at once;
// candidates are weighed against each other; dates and relative links wait until the whole document is known.

internal import Markup
internal import Model

/// What a document has said so far of a feed, an entry or a source.
struct Draft {
    var entry = Entry(identity: "")
    var stated = Stated()
    var comments = Comments()
    /// RSS's isPermaLink, which is true unless the document denies it.
    var idIsPermalink = true
    /// The id is RSS's guid, which doubles as the link.
    var idIsGUID = false
    /// Authors from places that only count when there are no others: webMaster, dc:publisher.
    var otherAuthors: [Person] = []
    /// How many links it states, kept or not.
    private(set) var linkCount = 0
    /// Summaries that lost to better ones: text of the entry all the same.
    var otherTexts: [RichText] = []
    /// What an entry's source says beyond its name.
    var sourceExtras: [Extra] = []
    private var titleRank = Rank()
    private var linkRank = Rank()
    private var summaryRank = Rank()

    mutating func offerTitle(_ title: consuming RichText, rank: UInt8) {
        if titleRank.yields(to: rank) { entry.title = title }
    }

    /// - Parameter lastWins: of links of one rank.
    mutating func offerLink(_ link: String, rank: UInt8, lastWins: Bool = false) {
        if linkRank.yields(to: rank, lastWins: lastWins) { entry.link = link }
    }

    /// - Parameter keeps: somebody will look for more than what the link was good for.
    mutating func take(_ link: consuming Link, keeps: Bool) {
        linkCount += 1
        if keeps { entry.links.append(link) }
    }

    /// Takes a summary if it is better than the one that is there, and returns the one that lost.
    mutating func offerSummary(_ summary: consuming RichText, rank: UInt8) -> RichText? {
        guard summaryRank.yields(to: rank) else { return summary }
        let loser = entry.summary
        entry.summary = summary
        return loser
    }
}

/// How good the best of what was seen for one field is: a lower rank is better, of equal ranks the first counts.
private struct Rank {
    private var best = UInt8.max

    mutating func yields(to rank: UInt8, lastWins: Bool = false) -> Bool {
        guard rank < best || lastWins && rank == best else { return false }
        best = rank
        return true
    }
}

/// What an entry states and only the whole document can settle.
struct Stated {
    /// As written, not resolved.
    var id: String?
    /// The id is a link too, for an entry that has no other.
    var idIsLink = false
    var published: StatedDate?
    var updated: StatedDate?
    /// What relative links in it resolve against, `nil` for the document's base.
    var base: String?
    var hasRelativeLinks = false
    /// There is nothing that a query could look at or a person could follow.
    var isEmpty = false
}

/// A document that has been read, before its dates and links are settled.
struct FeedDraft {
    var version: FeedVersion
    var feed = Draft()
    var entries: [Entry] = []
    /// Of the entry at the same place.
    private(set) var stated: [Stated] = []
    var pace = Pace()
    private(set) var hubs: [Hub] = []
    var encoding = "utf-8"
    var findings = Findings()
    var links: LinkResolver
    let context: ReadingContext

    init(version: FeedVersion, context: ReadingContext) {
        self.version = version
        self.context = context
        links = LinkResolver(context.limits)
    }

    /// Makes room for as many entries as are expected: a list that grows moves all that it has.
    mutating func reserve(_ count: Int) {
        entries.reserveCapacity(min(count, context.limits.entries))
        stated.reserveCapacity(min(count, context.limits.entries))
    }

    mutating func add(_ hub: Hub) {
        if hubs.count < context.limits.listed { hubs.append(hub) }
    }

    /// Takes the entry out of a draft that is complete.
    mutating func append(_ draft: inout Draft) {
        draft.complete(context)
        // Swapped, because a copy would cost a count on every text and list in it.
        stated.append(Stated())
        swap(&stated[stated.count - 1], &draft.stated)
        entries.append(Entry(identity: ""))
        swap(&entries[entries.count - 1], &draft.entry)
    }

    /// Takes the entries of a draft whose links went on from this one's.
    mutating func append(entriesOf other: FeedDraft) {
        entries += other.entries
        stated += other.stated
        links = other.links
    }

    mutating func replaceEntries(by other: FeedDraft) {
        entries = other.entries
        stated = other.stated
        links = other.links
    }

    /// Takes over what was done to the bytes.
    mutating func note(_ text: CleanText) {
        encoding = text.encoding
        note(text.repairs)
        if text.wasCompressed { findings.note(.gunzipped) }
    }

    mutating func note(_ repairs: Repairs) {
        for (name, count) in repairs.all {
            if let kind = Findings.Kind(rawValue: name) { findings.note(kind, count) }
        }
    }
}
