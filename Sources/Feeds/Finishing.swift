// From drafts to a feed: dates are read, links resolved, languages inherited, identities given. It runs once the whole
// document is known, because what is ambiguous in one entry is settled by the others.

internal import FoundationEssentials
internal import Markup
internal import Model

extension FeedDraft {
    /// The feed, complete.
    /// - Parameter now: tells which dates lie in the future; they are kept as stated.
    func finished(now: Date) -> Feed {
        var result = Feed(version: version, encoding: encoding)
        result.findings = findings
        var dates = DateSettler(language: feed.language ?? "")
        for index in entries.indices { dates.look(entries[index].published, entries[index].updated) }
        dates.look(feed.published, feed.updated)
        let base = LinkBase(feed, context)
        fill(&result, base, &dates)
        result.entries = entries.indices.map {
            entries[$0].entry(feed: feed, base, &dates, keepsExtras: context.keepsExtras)
        }
        var identifier = Identifier(entries.indices.map { .init(id: entries[$0].id, link: result.entries[$0].link) })
        identifier.identify(&result.entries, &result.findings)
        count(&result, dates, now)
        return result
    }

    private func fill(_ result: inout Feed, _ base: LinkBase, _ dates: inout DateSettler) {
        result.id = feed.resolvedID(context.base)
        result.title = feed.title.value
        result.subtitle = feed.summary.value
        result.link = feed.link.value.map { base.resolve($0, nil) }
        result.links = feed.links.map { base.resolve($0, nil) }
        result.authors = feed.authors + feed.otherAuthors.filter { !feed.authors.contains($0) }
        result.language = feed.language ?? context.language
        result.published = dates.date(feed.published)
        result.updated = dates.date(feed.updated)
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
            if entries[index].id == nil { result.findings.note(.entriesWithoutID) }
            if entries[index].isEmpty { result.findings.note(.emptyEntries) }
            let date = result.entries[index].published ?? result.entries[index].updated
            if date == nil { result.findings.note(.entriesWithoutDate) }
            if let date, date > future { result.findings.note(.futureDates) }
        }
        result.findings.note(.illegibleDates, dates.illegible)
        result.findings.note(.ambiguousDates, dates.ambiguous)
    }
}

/// What the links of one document resolve against: xml:base where there is one, then the feed's link, then its address.
struct LinkBase {
    private let base: String?
    let address: String?

    init(_ feed: Draft, _ context: ReadingContext) {
        address = context.base
        let link = feed.link.value.map { Reference.resolve($0, against: context.base) }
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
    fileprivate func entry(feed: Draft, _ base: LinkBase, _ dates: inout DateSettler, keepsExtras: Bool) -> Entry {
        var entry = Entry(identity: "", marks: EntryMarks(identity: 0, alias: 0, content: 0))
        entry.id = resolvedID(base.address)
        entry.title = title.value
        entry.link = resolvedLink(base)
        entry.links = links.map { base.resolve($0, self.base) }
        entry.authors = authors.isEmpty ? otherAuthors : authors
        entry.published = dates.date(published)
        entry.updated = dates.date(updated)
        entry.summary = summary.value
        entry.contents = contents + otherTexts.filter { other in !contents.contains { $0.value == other.value } }
        entry.language = language ?? feed.language
        entry.categories = categories
        entry.comments = comments == Comments() ? nil : comments
        entry.inReplyTo = inReplyTo
        entry.rating = rating
        entry.enclosures = enclosures
        entry.source = source.first.map { Origin(title: $0.title.value?.value, id: $0.id, link: $0.link.value) }
        if keepsExtras { entry.extras = extras + sourceExtras }
        entry.marks = EntryMarks(identity: 0, alias: Identifier.alias(entry), content: Identifier.content(entry))
        return entry
    }

    private var sourceExtras: [Extra] {
        guard let source = source.first else { return [] }
        let links = source.links.map { Extra(name: "links", text: "", attributes: $0.members) }
        let authors = source.authors.map { Extra(name: "authors", text: "", attributes: $0.members) }
        let tags = source.categories.map { Extra(name: "tags", text: "", attributes: $0.members) }
        return (source.extras + links + authors + tags).map {
            Extra(name: "source.\($0.name)", text: $0.text, attributes: $0.attributes)
        }
    }

    /// A path or a query is a relative link; anything else that has no scheme is just a name. The feed's link has no
    /// say: an id must not change with it.
    func resolvedID(_ address: String?) -> String? {
        guard let id, idIsPermalink, id.hasPrefix("/") || id.hasPrefix("?") || id.hasPrefix("./") else { return id }
        return Reference.resolve(id, against: base ?? address)
    }

    /// RSS 2.0: a guid is a link unless it says that it is none. Whether it leads anywhere is the feed's affair.
    private func resolvedLink(_ base: LinkBase) -> String? {
        if let link = link.value { return base.resolve(link, self.base) }
        return idIsGUID && idIsPermalink ? id : nil
    }
}

/// Reads the dates of one document, and decides from all of them which of two numbers is the day.
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

    /// Only dates with slashes or hyphens can be doubted, so only they are looked at twice.
    mutating func look(_ published: String?, _ updated: String?) {
        look(published)
        look(updated)
    }

    private mutating func look(_ date: String?) {
        guard let date, let order = NumericOrder(date) else { return }
        dayFirst += order == .dayFirst ? 1 : 0
        monthFirst += order == .monthFirst ? 1 : 0
    }

    mutating func date(_ stated: String?) -> Date? {
        guard let stated, !stated.isEmpty else { return nil }
        guard let date = FeedDate(stated) else {
            illegible += 1
            return nil
        }
        if case .ambiguous = date { ambiguous += 1 }
        guard dayFirst == monthFirst else { return date.date(dayFirst: dayFirst > monthFirst) }
        // Those who write AM and PM put the month first.
        return date.date(dayFirst: !isAmerican && !stated.uppercased().hasSuffix("M"))
    }

    /// What a date that is not ambiguous says about its kind: 25/12 has the day first, 12/25 the month.
    private enum NumericOrder {
        case dayFirst, monthFirst

        init?(_ date: String) {
            guard date.utf8.count <= 120, date.utf8.contains(where: { $0 == UInt8(ascii: "/") }) else { return nil }
            let numbers = date.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
            guard numbers.count == 2, numbers[0] <= 31, numbers[1] <= 31 else { return nil }
            guard (numbers[0] > 12) != (numbers[1] > 12) else { return nil }
            self = numbers[0] > 12 ? .dayFirst : .monthFirst
        }
    }
}
