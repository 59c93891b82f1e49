// What the elements of a feed or an entry are worth: which of several titles counts, which link is the link, whose
// name it is. The rules are those that agree with 4,000 wild feeds, not those of any one specification.

internal import Markup
internal import Model

extension XMLFeedReader {
    // MARK: Opening

    mutating func openField(_ tag: Tag, _ attributes: XMLAttributes, _ frame: inout Frame) -> XMLInside {
        switch tag {
        case .rss, .rdf, .feed, .channel, .group:
            frame.zone = .draft
            if frames.isEmpty, tag == .rss, let version = attributes["version"] { document.version = .ofRSS(version) }
            if tag == .channel || tag == .feed, let language { draft.entry.language = draft.entry.language ?? language }
            return .elements
        case .source where isInEntry && !isInSource: return beginSource(attributes, &frame)
        case .author, .contributor, .owner:
            frame.zone = .person
            person = Person()
            return .mixed
        case .image, .textInput:
            frame.zone = tag == .image ? .image : .textInput
            return .elements
        case .geoPoint:
            frame.zone = .draft
            return .elements
        case .skipHours, .skipDays:
            frame.zone = .times
            return .elements
        case .unknown: return .elements
        default: return openValue(tag, attributes, &frame)
        }
    }

    /// Elements that say what they say in attributes, in text, or in both.
    private mutating func openValue(_ tag: Tag, _ attributes: XMLAttributes, _ frame: inout Frame) -> XMLInside {
        if kept.isSet { kept = FieldAttributes() }
        if attributes.isEmpty { return tag == .body ? .markup : tag.isContainer ? .elements : .text }
        frame.hasAttributes = true
        kept.isSet = true
        if context.keepsExtras { kept.all = attributes.all }
        switch tag {
        case .link: return openLink(attributes)
        case .enclosure, .mediaContent: return openEnclosure(tag, attributes, &frame)
        case .category, .mediaCategory, .itunesCategory, .subject: openCategory(tag, attributes)
        case .guid: kept.isPermalink = attributes["ispermalink"]?.lowercased() != "false"
        case .inReplyTo: draft.entry.inReplyTo = attributes["ref"] ?? attributes["href"]
        case .cloud: if let cloud = attributes["domain"] { document.add(Hub(url: cloud, type: "rssCloud")) }
        case .thumbnail, .player, .itunesImage, .generator: break
        default: return openText(tag, attributes)
        }
        return .text
    }

    private mutating func openText(_ tag: Tag, _ attributes: XMLAttributes) -> XMLInside {
        kept.type = attributes["type"]?.lowercased()
        kept.mode = attributes["mode"]?.lowercased()
        if tag == .content, let source = attributes["src"] {
            add(Link(href: source, rel: "content", type: kept.type))
        }
        return tag == .body || kept.isMarkup ? .markup : .text
    }

    private mutating func openLink(_ attributes: XMLAttributes) -> XMLInside {
        var link = Link(href: "", rel: attributes["rel"].map { $0.isEmpty ? "alternate" : $0 } ?? "alternate")
        link.type = attributes["type"]
        link.title = attributes["title"]
        link.hreflang = attributes["hreflang"]
        link.length = attributes["length"]
        guard let href = attributes["href"] else {
            kept.link = link
            return .text
        }
        link.href = href
        add(link)
        return .nothing
    }

    private mutating func openEnclosure(_ tag: Tag, _ attributes: XMLAttributes, _ frame: inout Frame) -> XMLInside {
        if tag == .mediaContent { frame.zone = .draft }
        if let url = attributes["url"] ?? attributes["href"], draft.entry.enclosures.count < context.limits.listed {
            let length = attributes["length"] ?? attributes["filesize"]
            draft.entry.enclosures.append(
                Enclosure(url: resolve(url), type: attributes["type"], length: length.flatMap { Int($0) }))
        }
        return .elements
    }

    private mutating func openCategory(_ tag: Tag, _ attributes: XMLAttributes) {
        kept.label = attributes["label"]
        kept.scheme = attributes["scheme"] ?? attributes["domain"]
        if tag == .itunesCategory { kept.scheme = "http://www.itunes.com/" }
        if let term = attributes["term"] ?? attributes["text"] { addCategory(term) }
    }

    // MARK: Closing

    mutating func closeField(_ frame: Frame, _ text: UTF8Span) {
        if context.keepsExtras { keepExtra(frame, text) }
        switch frame.tag {
        case .title, .otherTitle, .description, .otherDescription, .summary, .itunesSummary, .itunesSubtitle,
            .subtitle, .content, .encoded, .body:
            closeText(frame, text)
        case .author, .contributor, .owner: closePerson(frame, text)
        case .creator, .managingEditor, .webMaster, .publisher: closeName(frame, text)
        case .published, .updated: closeDate(frame, text)
        case .link: closeLink(frame, text)
        case .id, .guid: closeID(frame, text)
        case .category, .subject, .mediaCategory, .itunesCategory:
            if let term = text.string { addCategory(term) }
        case .keywords: addKeywords(text.span)
        case .language: if let language = text.string { draft.entry.language = language.lowercased() }
        default: closeRest(frame, text)
        }
    }

    private mutating func closeLink(_ frame: Frame, _ text: UTF8Span) {
        if let href = text.string {
            guard var link = kept.link else { return add(Link(href: href)) }
            link.href = href
            add(link)
        } else if context.keepsExtras, draft.entry.links.count < context.limits.listed, let link = kept.link {
            // Shown, but not counted: what is kept for show must not change how many links a feed may state.
            draft.entry.links.append(link)
            draft.stated.hasRelativeLinks = true
        }
    }

    private mutating func closeRest(_ frame: Frame, _ text: UTF8Span) {
        guard let string = text.string else { return }
        switch frame.tag {
        case .comments:
            draft.comments.link = resolve(string)
        case .commentPage: if draft.comments.link == nil { draft.comments.link = resolve(string) }
        case .commentFeed: draft.comments.feed = resolve(string)
        case .commentCount: draft.comments.count = Int(string) ?? draft.comments.count
        case .origLink: add(Link(href: string, rel: "feedburner:origLink"))
        case .rating: draft.entry.rating = Double(string).flatMap { $0.isFinite ? $0 : nil }
        case .inReplyTo: draft.entry.inReplyTo = draft.entry.inReplyTo ?? string
        case .ttl: document.pace.ttl = Int(string).flatMap { $0 > 0 && $0 < 1 << 30 ? .seconds($0 * 60) : nil }
        case .updatePeriod: periodHours = Self.hours(of: string)
        case .updateFrequency: frequency = Double(string).flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
        default: break
        }
    }

    private static func hours(of period: String) -> Double? {
        switch period.lowercased() {
        case "hourly": 1
        case "daily": 24
        case "weekly": 7 * 24
        case "monthly": 30 * 24
        case "yearly": 365 * 24
        default: nil
        }
    }

    private mutating func closeText(_ frame: Frame, _ field: UTF8Span) {
        guard let text = richText(frame, field) else { return }
        switch frame.tag {
        case .title: draft.offerTitle(text, rank: isInMedia ? 2 : 0)
        case .otherTitle: draft.offerTitle(text, rank: 1)
        case .content, .encoded, .body: addContent(text)
        case .summary: offerSummary(text, rank: 0)
        case .description: offerSummary(text, rank: isInMedia ? 3 : 1)
        case .subtitle: offerSummary(text, rank: 1)
        case .otherDescription: offerSummary(text, rank: 3)
        case .itunesSummary: offerSummary(text, rank: 4)
        default: offerSummary(text, rank: 5)
        }
    }

    private var isInMedia: Bool {
        guard !frames.isEmpty else { return false }
        let tag = frames[frames.count - 1].tag
        return tag == .group || tag == .mediaContent
    }

    /// A text that loses to another is still text of the entry: it is kept as content, unless it says the same.
    private mutating func offerSummary(_ text: consuming RichText, rank: UInt8) {
        guard let loser = draft.offerSummary(text, rank: rank), isInEntry, !isInSource else { return }
        if loser.value != draft.entry.summary?.value, draft.otherTexts.count < context.limits.listed {
            draft.otherTexts.append(loser)
        }
    }

    private mutating func addContent(_ text: consuming RichText) {
        guard draft.entry.contents.count < context.limits.listed else { return }
        if !draft.entry.contents.contains(where: { $0.value.isWritten(as: text.value) }) {
            draft.entry.contents.append(text)
        }
    }

    private mutating func closeDate(_ frame: Frame, _ text: UTF8Span) {
        guard !text.isEmpty else { return }
        let date = StatedDate(text.span)
        if frame.tag == .published { draft.stated.published = date } else { draft.stated.updated = date }
    }

    private mutating func closeID(_ frame: Frame, _ text: UTF8Span) {
        guard let id = text.string else { return }
        draft.entry.id = id
        draft.idIsPermalink = kept.isPermalink
        draft.idIsGUID = frame.tag == .guid
    }

    // MARK: People

    private mutating func closePerson(_ frame: Frame, _ text: UTF8Span) {
        if person == Person(), let string = text.string { person = Person(stated: string) }
        guard person != Person() else { return }
        switch frame.tag {
        case .author: addAuthor(person)
        case .owner: addOther(person, "publisher")
        default: addExtra("contributors", person)
        }
    }

    private mutating func closeName(_ frame: Frame, _ text: UTF8Span) {
        guard let string = text.string else { return }
        let person = Person(stated: string)
        switch frame.tag {
        case .creator, .managingEditor: addAuthor(person)
        default: addOther(person, "publisher")
        }
    }

    private mutating func addAuthor(_ person: Person) {
        guard draft.entry.authors.count < context.limits.listed,
            !draft.entry.authors.contains(where: { $0.isWritten(as: person) })
        else { return }
        draft.entry.authors.append(person)
    }

    private mutating func addOther(_ person: Person, _ role: String) {
        if draft.otherAuthors.count < context.limits.listed { draft.otherAuthors.append(person) }
        addExtra(role, person)
    }

    // MARK: Links and categories

    mutating func resolve(_ link: String) -> String {
        document.links.resolve(link, against: base)
    }

    /// Files a link where it belongs.
    mutating func add(_ link: consuming Link) {
        guard draft.linkCount < context.limits.listed else { return }
        // Without a base of its own, a relative link waits for the feed's link and address.
        if !Reference.isAbsolute(link.href) || link.href.utf8.first == UInt8(ascii: " ") {
            link.href = hasBase ? resolve(link.href) : link.href.trimmingASCIISpace()
            draft.stated.hasRelativeLinks = true
        }
        if link.type == nil, link.rel == "self" { link.type = "application/atom+xml" }
        switch link.rel {
        case "alternate":
            if link.isForPeople {
                draft.offerLink(link.href, rank: 0, lastWins: true)
            } else {
                draft.offerLink(link.href, rank: 1)
            }
        case "enclosure":
            draft.entry.enclosures.append(
                Enclosure(url: link.href, type: link.type, length: link.length.flatMap { Int($0) }))
        case "replies": if link.isForPeople { draft.comments.link = link.href } else { draft.comments.feed = link.href }
        case "hub" where !isInEntry: document.add(Hub(url: link.href, type: "WebSub"))
        default: break
        }
        draft.take(link, keeps: context.keepsExtras || !isInEntry)
    }

    private mutating func addCategory(_ term: String) {
        add(Model.Category(term: term, scheme: kept.scheme, label: kept.label))
    }

    private mutating func add(_ category: Model.Category) {
        guard draft.entry.categories.count < context.limits.listed,
            !draft.entry.categories.contains(where: { $0.isWritten(as: category) })
        else { return }
        draft.entry.categories.append(category)
    }

    private mutating func addKeywords(_ keywords: Span<UInt8>) {
        var (start, read) = (0, 0)
        while start < keywords.count, read < context.limits.listed {
            let end = keywords.index(of: UInt8(ascii: ","), from: start) ?? keywords.count
            let keyword = keywords.extracting(start..<end)
            if let term = keyword.extracting(keyword.trimmed).string {
                add(Model.Category(term: term, scheme: "http://www.itunes.com/"))
                read += 1
            }
            start = end + 1
        }
    }
}

extension FeedVersion {
    /// By the version attribute, of which the digits count.
    fileprivate static func ofRSS(_ stated: String) -> FeedVersion {
        let version = stated.prefix { $0.isNumber || $0 == "." }
        switch version {
        case "0.90": return .rss090
        case "0.91": return .rss091u
        case "0.92": return .rss092
        case "0.93": return .rss093
        case "0.94": return .rss094
        default: return version.hasPrefix("2") ? .rss20 : .rss
        }
    }
}

extension Link {
    /// An alternate that is a page, not another format of the feed.
    fileprivate var isForPeople: Bool {
        guard let type = type?.lowercased() else { return true }
        return type.hasPrefix("text/html") || type.hasPrefix("application/xhtml") || type == "html" || type == "text"
    }
}
