// A document of entries as it was read: what it says of itself, and what had to be repaired to read it.

package import FoundationEssentials

/// A parsed document. Its entries stand in the document's order.
package struct Feed: Sendable, Equatable {
    package var version: FeedVersion
    package var entries: [Entry] = []
    package var id: String?
    package var title: RichText?
    package var subtitle: RichText?
    /// The page that the feed belongs to.
    package var link: String?
    package var links: [Link] = []
    package var authors: [Person] = []
    /// A BCP 47 tag.
    package var language: String?
    package var published: Date?
    package var updated: Date?
    package var categories: [Category] = []
    /// WebSub hubs (rel=hub, JSON Feed's hubs) that announce changes.
    package var hubs: [Hub] = []
    /// The feed's own address, as it states it.
    package var selfLink: String?
    /// The next page of an archived or paged feed (RFC 5005).
    package var next: String?
    package var pace = Pace()
    /// The encoding the bytes were read in, a WHATWG name in lower case.
    package var encoding: String
    /// What was repaired or dropped, and how often.
    package var findings = Findings()
    /// The rest of what the document says, kept only when the reader was asked to.
    package var extras: [Extra] = []

    package init(version: FeedVersion, encoding: String) {
        self.version = version
        self.encoding = encoding
    }
}

/// The formats that are told apart.
package enum FeedVersion: String, Sendable, CaseIterable {
    case rss090, rss091n, rss091u, rss092, rss093, rss094, rss20, rss10, rss
    case atom03, atom10, atom, cdf
    case json1, json11, json
    /// A page for people, a site's own JSON, a news sitemap.
    case html, endpoint, sitemap
}

/// A hub and the protocol it speaks (`webSub`, `rssCloud`).
package struct Hub: Sendable, Hashable {
    package var url: String
    package var type: String?

    package init(url: String, type: String? = nil) {
        self.url = url
        self.type = type
    }
}

/// What a feed says about how often it is worth asking.
package struct Pace: Sendable, Equatable {
    /// RSS's ttl: how long a copy may be kept.
    package var ttl: Duration?
    /// The syndication module's updatePeriod divided by its updateFrequency.
    package var period: Duration?
    /// Hours of the day, UTC, 0–23, in which the feed does not change.
    package var skipHours: Set<Int> = []
    /// Days of the week in which the feed does not change: 1 is Monday, 7 Sunday.
    package var skipDays: Set<Int> = []

    package init() {}
}

/// What had to be done to a document, and how often. Nothing is dropped without a count here.
package struct Findings: Sendable, Equatable {
    /// The kinds of repair and loss.
    package enum Kind: String, Sendable, CaseIterable, Codable {
        // The bytes
        case gunzipped, badBytes, doubleEncoded, controlCharacters
        // The markup
        case bareAmpersands, bareAngles, htmlReferences, unknownEntities, badReferences, brokenTags, unclosedElements,
            strayEndTags
        case declarationsDropped, doctypesDropped, commentsDropped, junkDropped, openSections
        case oversizedTags, tooDeep, textsCut, parserErrors, endsEarly
        // The entries
        case entriesSalvaged, entriesLost, entriesOverLimit, duplicateIDs, entriesWithoutID, entriesWithoutDate
        case illegibleDates, futureDates, ambiguousDates, emptyEntries, badItems, linksLeftRelative
        /// Entries' own pages, which robots.txt keeps us off.
        case closedPages
    }

    private var counts: [Kind: Int] = [:]

    package init() {}

    package var isEmpty: Bool { counts.isEmpty }

    /// Every finding with its count, in the order of `Kind`.
    package var all: [(kind: Kind, count: Int)] {
        Kind.allCases.compactMap { kind in counts[kind].map { (kind, $0) } }
    }

    package subscript(kind: Kind) -> Int {
        counts[kind] ?? 0
    }

    package mutating func note(_ kind: Kind, _ count: Int = 1) {
        guard count > 0 else { return }
        counts[kind, default: 0] += count
    }

    package mutating func merge(_ other: Findings) {
        counts.merge(other.counts, uniquingKeysWith: +)
    }
}
