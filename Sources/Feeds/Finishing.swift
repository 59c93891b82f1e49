// From drafts to a feed: dates are read, links resolved, languages inherited, identities given. It runs once the whole
// document is known, because what is ambiguous in one entry is settled by the others.

internal import FoundationEssentials
internal import Markup
internal import Model

extension FeedDraft {
    /// The feed, complete; this draft has no entries after it.
    /// - Parameter now: tells which dates lie in the future; they are kept as stated.
    mutating func finish(now: Date) -> Feed {
        var dates = DateSettler(language: feed.entry.language ?? "")
        for index in stated.indices {
            dates.look(stated[index].published)
            dates.look(stated[index].updated)
        }
        dates.look(feed.stated.published)
        dates.look(feed.stated.updated)
        let base = LinkBase(feed, context)
        var result = Feed(version: version, encoding: encoding)
        result.findings = findings
        fill(&result, base, &dates)
        for index in entries.indices { settle(index, base, &dates) }
        Identifier.identify(&entries, stated, &result.findings)
        count(&result, dates, now)
        swap(&result.entries, &entries)
        return result
    }

    /// What an entry has stated becomes what it has. Field by field, because to hand over all of it is to count it.
    private mutating func settle(_ index: Int, _ base: LinkBase, _ dates: inout DateSettler) {
        entries[index].published = dates.date(stated[index].published)
        entries[index].updated = dates.date(stated[index].updated)
        if entries[index].language == nil { entries[index].language = feed.entry.language }
        if stated[index].hasRelativeLinks { entries[index].resolveLinks(base, stated[index].base, &links) }
        // RSS 2.0: a guid is a link unless it says that it is none. Whether it leads anywhere is the feed's affair.
        if stated[index].idIsLink, entries[index].link == nil { entries[index].link = stated[index].id }
    }

    private func fill(_ result: inout Feed, _ base: LinkBase, _ dates: inout DateSettler) {
        let feed = self.feed.entry
        result.id = self.feed.resolvedID(context.base) ?? feed.id
        result.title = feed.title
        result.subtitle = feed.summary
        result.link = feed.link.map { base.resolve($0, nil) }
        result.links = feed.links.map { base.resolve($0, nil) }
        result.authors =
            feed.authors
            + self.feed.otherAuthors.filter { other in !feed.authors.contains { $0.isWritten(as: other) } }
        result.language = feed.language ?? context.language
        result.published = dates.date(self.feed.stated.published)
        result.updated = dates.date(self.feed.stated.updated)
        result.categories = feed.categories
        result.hubs = hubs.map { Hub(url: base.resolve($0.url, nil), type: $0.type) }
        result.selfLink = result.links.first { $0.rel == "self" }?.href
        result.next = result.links.first { $0.rel == "next" || $0.rel == "next-archive" }?.href
        result.pace = pace
        result.extras = feed.extras
    }

    private func count(_ result: inout Feed, _ dates: DateSettler, _ now: Date) {
        // A clock may be off by some minutes without anybody meaning the future.
        let future = now.addingTimeInterval(10 * 60)
        for index in entries.indices {
            if stated[index].id == nil { result.findings.note(.entriesWithoutID) }
            if stated[index].isEmpty { result.findings.note(.emptyEntries) }
            let date = entries[index].published ?? entries[index].updated
            if date == nil { result.findings.note(.entriesWithoutDate) }
            if let date, date > future { result.findings.note(.futureDates) }
        }
        result.findings.note(.linksLeftRelative, links.leftRelative)
        result.findings.note(.illegibleDates, dates.illegible)
        result.findings.note(.ambiguousDates, dates.ambiguous)
    }
}

/// What the links of one document resolve against: xml:base where there is one, then the feed's link, then its address.
struct LinkBase {
    let base: String?

    init(_ feed: Draft, _ context: ReadingContext) {
        let link = feed.entry.link.map { Reference.resolve($0, against: context.base) }
        base = link.flatMap { Reference.isBase($0) ? $0 : nil } ?? context.base
    }

    func resolve(_ link: String, _ own: String?) -> String {
        Reference.isAbsolute(link) ? link : Reference.resolve(link, against: own ?? base)
    }

    func resolve(_ link: Link, _ own: String?) -> Link {
        var link = link
        link.href = resolve(link.href, own)
        return link
    }
}

extension Draft {
    /// Settles what the entry alone can settle, once all of it has been read.
    mutating func complete(_ context: ReadingContext) {
        stated.isEmpty = isEmpty
        stated.id = entry.id
        stated.idIsLink = idIsGUID && idIsPermalink
        if let id = resolvedID(context.base) { entry.id = id }
        if comments != Comments() { entry.comments = comments }
        if entry.authors.isEmpty { entry.authors = otherAuthors }
        for text in otherTexts where !entry.contents.contains(where: { $0.value.isWritten(as: text.value) }) {
            entry.contents.append(text)
        }
        if !sourceExtras.isEmpty { entry.extras += sourceExtras }
    }

    private var isEmpty: Bool {
        entry.id == nil && entry.title == nil && linkCount == 0 && entry.summary == nil && entry.contents.isEmpty
            && entry.enclosures.isEmpty && entry.authors.isEmpty && stated.published == nil && stated.updated == nil
    }

    /// The id where it is a link that has to be resolved. A path or a query is a relative link; anything else that has
    /// no scheme is just a name. The feed's link has no say: an id must not change with it.
    func resolvedID(_ address: String?) -> String? {
        guard let id = entry.id, idIsPermalink, let first = id.utf8.first,
            first == UInt8(ascii: "/") || first == UInt8(ascii: "?") || first == UInt8(ascii: ".") && id.hasPrefix("./")
        else { return nil }
        return Reference.resolve(id, against: stated.base ?? address)
    }

    /// What this draft, of a source, gives to the entry that it is the source of.
    var origin: Origin {
        Origin(title: entry.title?.value, id: entry.id, link: entry.link)
    }

    /// The rest of it, for those who want to see everything.
    var originExtras: [Extra] {
        let links = entry.links.map { Extra(name: "links", text: "", attributes: $0.members) }
        let authors = entry.authors.map { Extra(name: "authors", text: "", attributes: $0.members) }
        let tags = entry.categories.map { Extra(name: "tags", text: "", attributes: $0.members) }
        return (entry.extras + links + authors + tags).map {
            Extra(name: "source.\($0.name)", text: $0.text, attributes: $0.attributes)
        }
    }
}

extension Entry {
    fileprivate mutating func resolveLinks(_ base: LinkBase, _ own: String?, _ resolver: inout LinkResolver) {
        if let link { self.link = base.resolve(link, own) }
        for index in links.indices where !Reference.isAbsolute(links[index].href) {
            links[index].href = resolver.resolveShown(links[index].href, against: own ?? base.base)
        }
    }
}

/// Decides from all the dates of one document which of two numbers is the day.
struct DateSettler {
    private(set) var illegible = 0
    private(set) var ambiguous = 0
    private var dayFirst = 0
    private var monthFirst = 0
    private let isAmerican: Bool

    init(language: String) {
        let tag = language.lowercased()
        isAmerican = tag == "en-us" || tag == "en_us"
    }

    mutating func look(_ stated: StatedDate?) {
        dayFirst += stated?.order == .dayFirst ? 1 : 0
        monthFirst += stated?.order == .monthFirst ? 1 : 0
    }

    mutating func date(_ stated: StatedDate?) -> Date? {
        guard let stated else { return nil }
        guard let date = stated.date else {
            illegible += 1
            return nil
        }
        if case .ambiguous = date { ambiguous += 1 }
        guard dayFirst == monthFirst else { return date.date(dayFirst: dayFirst > monthFirst) }
        // Those who write AM and PM put the month first.
        return date.date(dayFirst: !isAmerican && !stated.endsInM)
    }
}
