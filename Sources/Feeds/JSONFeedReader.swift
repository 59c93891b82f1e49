// JSON Feed 1.0 and 1.1 (jsonfeed.org), read as it is found: ids that are numbers, authors in either form, values of
// the wrong type skipped one by one, a document that breaks off kept up to the break.

internal import Markup
internal import Model

/// Reads one JSON document.
struct JSONFeedReader {
    private let json: JSONValue
    private var document: FeedDraft

    /// `nil` if the text is not JSON at all.
    /// - Throws: for JSON that has nothing of a feed.
    static func read(_ text: CleanText, _ context: ReadingContext) throws(FeedError) -> FeedDraft? {
        guard let parsed = JSONDocument(text.bytes.span) else { return nil }
        guard parsed.value.isObject, Self.members.contains(where: { parsed.value[$0] != nil }) else {
            throw FeedError(.otherJSON)
        }
        var reader = JSONFeedReader(parsed.value, context)
        reader.readFeed()
        if parsed.isRepaired { reader.document.findings.note(.parserErrors) }
        if parsed.isTooDeep { reader.document.findings.note(.tooDeep) }
        if parsed.isTooLarge { reader.document.findings.note(.endsEarly) }
        return reader.document
    }

    private static let members = [
        "version", "items", "title", "home_page_url", "feed_url", "description", "author", "authors", "hubs", "icon",
        "favicon", "next_url", "user_comment", "expired", "language",
    ]

    private init(_ json: JSONValue, _ context: ReadingContext) {
        self.json = json
        document = FeedDraft(version: Self.version(json["version"]?.string), context: context)
    }

    private static func version(_ stated: String?) -> FeedVersion {
        switch stated?.trimmingASCIISpace().split(separator: "/").last {
        case "1": .json1
        case "1.1": .json11
        default: .json
        }
    }

    private mutating func readFeed() {
        document.feed = begin(json)
        var feed = document.feed
        if let title = text(json["title"]) { feed.offerTitle(title, rank: 0) }
        if let description = text(json["description"]) { _ = feed.offerSummary(description, rank: 0) }
        add(json["home_page_url"], "alternate", &feed)
        add(json["feed_url"], "self", &feed)
        add(json["next_url"], "next", &feed)
        feed.entry.id = said(json["feed_url"])
        readHubs()
        keepExtras(&feed)
        document.feed = feed
        readItems()
    }

    private mutating func readHubs() {
        for hub in json["hubs"]?.array ?? [] {
            if let url = string(hub["url"]) { document.add(Hub(url: url, type: string(hub["type"]))) }
        }
    }

    private mutating func readItems() {
        let items: [JSONValue]
        switch json["items"] {
        case .array(let array): items = array
        // Seen in the wild: one item, or items under their ids, where a list belongs.
        case .object(let object) where object["id"] != nil: items = [.object(object)]
        case .object(let object):
            // By their bytes: where strangers compose accents in different ways, < on strings takes seconds.
            items = object.map { (key: Array($0.key.utf8), value: $0.value) }
                .sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
        default: items = []
        }
        for item in items {
            guard document.entries.count < document.context.limits.entries else {
                document.findings.note(.entriesOverLimit, items.count - document.entries.count)
                return
            }
            readItem(item)
        }
    }

    private mutating func readItem(_ item: JSONValue) {
        guard item.isObject, item["id"].map({ $0.array == nil && !$0.isObject }) ?? true else {
            document.findings.note(.badItems)
            return
        }
        var draft = begin(item)
        draft.entry.id = Self.id(item["id"]).flatMap { $0.isEmpty ? nil : $0 }
        draft.idIsPermalink = false
        if let title = text(item["title"]) { draft.offerTitle(title, rank: 0) }
        if let summary = text(item["summary"]) { _ = draft.offerSummary(summary, rank: 0) }
        // Either may be the only one that says anything, and where both do, they need not say the same.
        if let html = said(item["content_html"]) { draft.entry.contents.append(RichText(html, form: .html)) }
        if let plain = said(item["content_text"]) { draft.entry.contents.append(RichText(plain, form: .plain)) }
        let keepsExtras = document.context.keepsExtras
        if let url = said(item["url"]) {
            draft.take(link(url, "self", title: string(item["title"])), keeps: keepsExtras)
        }
        if let url = said(item["external_url"]) { draft.take(link(url, "alternate", title: nil), keeps: keepsExtras) }
        if let url = said(item["url"]) ?? said(item["external_url"]) { draft.offerLink(url, rank: 0) }
        draft.stated.published = string(item["date_published"]).map { StatedDate($0) }
        draft.stated.updated = string(item["date_modified"]).map { StatedDate($0) }
        readParts(item, &draft)
        draft.stated.hasRelativeLinks = true
        document.append(&draft)
        // Shown as it is written; it names nothing.
        if keepsExtras, item["id"] == .null { document.entries[document.entries.count - 1].id = "null" }
    }

    private func readParts(_ item: JSONValue, _ draft: inout Draft) {
        let listed = document.context.limits.listed
        for tag in (item["tags"]?.array ?? []).prefix(listed) {
            if let term = string(tag) { draft.entry.categories.append(Model.Category(term: term)) }
        }
        for file in (item["attachments"]?.array ?? []).prefix(listed) {
            guard let url = string(file["url"]) else { continue }
            let size = Self.id(file["size_in_bytes"]).flatMap { Int($0) }
            draft.entry.enclosures.append(Enclosure(url: url, type: string(file["mime_type"]), length: size))
        }
    }

    /// What feeds and items have in common.
    private func begin(_ json: JSONValue) -> Draft {
        var draft = Draft()
        draft.entry.language = string(json["language"])
        let authors = (json["authors"]?.array ?? []) + [json["author"]].compactMap(\.self)
        for author in authors.prefix(document.context.limits.listed) {
            guard let person = person(author), !draft.entry.authors.contains(where: { $0.isWritten(as: person) }) else {
                continue
            }
            draft.entry.authors.append(person)
            keepAvatar(author, &draft)
        }
        return draft
    }

    private func person(_ author: JSONValue) -> Person? {
        if let name = string(author) { return Person(stated: name) }
        var person = Person(name: string(author["name"]), url: string(author["url"]))
        if let url = person.url, url.lowercased().hasPrefix("mailto:") {
            person.email = String(url.dropFirst("mailto:".count))
        }
        return person == Person() && author["avatar"] == nil ? nil : person
    }

    // MARK: Values

    private func string(_ value: JSONValue?) -> String? {
        guard let string = value?.string?.trimmingASCIISpace() else { return nil }
        let limit = document.context.limits.text
        guard string.utf8.count > limit else { return string }
        // Where that is inside a scalar, it is cut before it.
        return String(string[..<string.utf8.index(string.startIndex, offsetBy: limit)])
    }

    private func said(_ value: JSONValue?) -> String? {
        string(value).flatMap { $0.isEmpty ? nil : $0 }
    }

    private func text(_ value: JSONValue?) -> RichText? {
        string(value).map { RichText($0, form: .plain) }
    }

    /// Numbers and booleans are written out: what matters is that they are the same at the next poll.
    private static func id(_ value: JSONValue?) -> String? {
        switch value {
        case .string(let string): string.trimmingASCIISpace()
        case .number(let number): number
        case .bool(let bool): "\(bool)"
        default: nil
        }
    }

    private func link(_ href: String, _ rel: String, title: String?) -> Link {
        var link = Link(href: href, rel: rel)
        link.title = title
        return link
    }

    private func add(_ value: JSONValue?, _ rel: String, _ draft: inout Draft) {
        guard let href = said(value) else { return }
        draft.take(link(href, rel, title: string(json["title"])), keeps: true)
        if rel == "alternate" { draft.offerLink(href, rank: 0) }
    }

    // MARK: Extras

    private func keepAvatar(_ author: JSONValue, _ draft: inout Draft) {
        guard document.context.keepsExtras, let avatar = string(author["avatar"]) else { return }
        draft.entry.extras.append(Extra(name: "avatar", text: avatar))
    }

    private func keepExtras(_ draft: inout Draft) {
        guard document.context.keepsExtras else { return }
        for (name, value) in [("icon", json["favicon"]), ("image.href", json["icon"]), ("info", json["user_comment"])] {
            guard let text = string(value) else { continue }
            draft.entry.extras.append(
                Extra(name: name, text: text, attributes: name == "info" ? ["type": "text/plain"] : [:]))
        }
        if json["expired"] == .bool(true) { draft.entry.extras.append(Extra(name: "expired", text: "true")) }
    }
}
