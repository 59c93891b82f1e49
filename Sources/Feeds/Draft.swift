// A feed, an entry or an entry's source while it is being read: everything as the document states it, candidates
// weighed against each other, dates unread and links unresolved until the whole document is known.

internal import Markup
internal import Model

/// What a document has said so far.
struct Draft {
    var id: String?
    /// RSS's isPermaLink, which is true unless the document denies it.
    var idIsPermalink = true
    /// The id is RSS's guid, which doubles as the link.
    var idIsGUID = false
    var title = Candidate<RichText>()
    var link = Candidate<String>()
    var links: [Link] = []
    var authors: [Person] = []
    /// Authors from places that only count when there are no others: webMaster, dc:publisher.
    var otherAuthors: [Person] = []
    var published: String?
    var updated: String?
    var created: String?
    var language: String?
    var summary = Candidate<RichText>()
    var contents: [RichText] = []
    /// Summaries that lost to better ones: text of the entry all the same.
    var otherTexts: [RichText] = []
    var categories: [Model.Category] = []
    var comments = Comments()
    var inReplyTo: String?
    var rating: Double?
    var enclosures: [Enclosure] = []
    var source: [Draft] = []
    var extras: [Extra] = []
    /// What relative links in it resolve against, `nil` for the document's base.
    var base: String?

    /// Nothing in it that a query could look at or a person could follow.
    var isEmpty: Bool {
        id == nil && title.value == nil && links.isEmpty && summary.value == nil && contents.isEmpty
            && enclosures.isEmpty && authors.isEmpty && published == nil && updated == nil
    }
}

/// The best of what was seen for one field: a lower rank wins, of equal ranks the first.
struct Candidate<Value> {
    private(set) var value: Value?
    private var rank = Int.max

    /// Takes `value` if it is better than what is there, and returns the one that lost.
    @discardableResult
    mutating func offer(_ value: Value, rank: Int) -> Value? {
        guard rank < self.rank else { return value }
        defer {
            self.value = value
            self.rank = rank
        }
        return self.value
    }

    /// The same, but of equal ranks the last wins.
    mutating func offerLast(_ value: Value, rank: Int) {
        guard rank <= self.rank else { return }
        self.value = value
        self.rank = rank
    }
}

/// A document that has been read, before its dates and links are settled.
struct FeedDraft {
    var version: FeedVersion
    var feed = Draft()
    var entries: [Draft] = []
    var pace = Pace()
    var hubs: [Hub] = []
    var encoding = "utf-8"
    var findings = Findings()
    var context: ReadingContext

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
