// The entries among the items of structured data, however deep they lie: in a graph, under a product's reviews, as the
// answers of a question, as the comments of a posting.

internal import Markup
internal import Model

/// Collects the entries of one page in one syntax.
struct SchemaReading {
    private(set) var items: [PageItem] = []
    /// Of the page's product or place, where it says so.
    private(set) var aggregate: AggregateRating?
    private let way: PageItem.Way
    /// Items that others may refer to, by their @id.
    private let named: [String: SchemaItem]
    /// What they come to for those who refer to them, by their @id: searched once, however many refer to one.
    private var summaries: [String: SchemaItem] = [:]
    /// How many were searched.
    private(set) var lookups = 0
    private var visited = 0
    /// What the entries may come to: items lie in one another, and many may refer to one.
    let texts: TextBudget

    /// - Parameters:
    ///   - all: the top items of the page, of which one may refer to another.
    ///   - size: of the page in bytes.
    init(_ way: PageItem.Way, among all: [SchemaItem] = [], of size: Int) {
        self.way = way
        texts = TextBudget(2 * size)
        let pairs = all.compactMap { item in item.isReference ? nil : item.plain("@id").map { ($0, item) } }
        named = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    mutating func read(_ item: SchemaItem) {
        read(item, in: Entry.Thread(), under: nil, depth: 0)
    }

    /// - Parameters:
    ///   - thread: what the item belongs to.
    ///   - parent: the id of the entry that it is part of.
    private mutating func read(_ item: SchemaItem, in thread: Entry.Thread, under parent: String?, depth: Int) {
        visited += 1
        guard depth < SchemaItem.deepest, visited < SchemaItem.most else { return }
        if item.types.contains("AggregateRating"), aggregate == nil { aggregate = AggregateRating(item) }
        var thread = thread
        var parent = parent
        if let kind = item.entryKind {
            let entry = entry(item, kind, thread, parent)
            if !entry.isEmpty { items.append(entry) }
            if parent == nil { thread = Self.thread(item) ?? thread }
            parent = entry.id ?? entry.link ?? parent
        } else if Self.isThing(item) {
            thread = Self.thread(item) ?? thread
        }
        for (name, values) in item.properties.sorted(by: { $0.key < $1.key }) where !Self.leadsAway.contains(name) {
            for case .item(let inner) in values { read(inner, in: thread, under: parent, depth: depth + 1) }
        }
    }

    /// People and publishers have nothing to say here, and an answered comment stands elsewhere on the page.
    private static let leadsAway: Set = [
        "author", "publisher", "creator", "itemReviewed", "parentItem", "sharedContent",
    ]

    /// Whether entries in it are about it: a product, a place, a page of questions.
    private static func isThing(_ item: SchemaItem) -> Bool {
        item.properties["review"] != nil || item.properties["reviews"] != nil
    }

    private static func thread(_ item: SchemaItem) -> Entry.Thread? {
        guard let title = item.plain("headline", "name") else { return nil }
        return Entry.Thread(title: title, link: item.plain("url"))
    }

    private mutating func entry(
        _ item: SchemaItem, _ kind: Entry.Kind, _ thread: Entry.Thread, _ parent: String?
    ) -> PageItem {
        var entry = PageItem(way)
        entry.kind = kind
        guard texts.allows() else { return entry }
        defer { texts.spend(entry.bytes) }
        let item = linked(item)
        entry.id = item.plain("@id", "identifier")
        entry.title = item.plain("headline", "name", "summary")
        entry.link = item.plain("url", "mainEntityOfPage")
        entry.author = item.plain("author", "creator", "reviewer")
        entry.authorLink = item.item("author")?.plain("url")
        entry.published = [
            item.plain("datePublished"), item.plain("dateCreated"), item.plain("uploadDate"),
            item.plain("commentTime", "dtreviewed"),
        ]
        .compactMap(\.self)
        entry.updated = item.plain("dateModified")
        entry.body = item.text("text", "articleBody", "reviewBody", "commentText", "description")
        entry.replyTo = item.plain("parentItem", "inReplyTo") ?? (kind == .forum || kind == .qa ? parent : nil)
        entry.thread = thread
        if thread.title == nil, let reviewed = item.item("itemReviewed") {
            entry.thread = Self.thread(reviewed) ?? thread
        }
        if let rating = Self.rating(item) {
            entry.rating = rating.value
            entry.scale = rating.scale
        }
        return entry
    }

    /// With the items that it only refers to put in place; what a page does not have is left out, since an address is
    /// nobody's name.
    private mutating func linked(_ item: SchemaItem) -> SchemaItem {
        var linked = item
        for name in ["author", "creator", "itemReviewed"] {
            linked.properties[name] = item.properties[name]?.compactMap { value in
                guard case .item(let inner) = value, inner.isReference else { return value }
                return inner.plain("@id").flatMap { summary(of: $0) }.map { .item($0) }
            }
        }
        return linked
    }

    /// What an item is called and where it is.
    private mutating func summary(of id: String) -> SchemaItem? {
        if let summary = summaries[id] { return summary }
        guard let item = named[id] else { return nil }
        lookups += 1
        var summary = SchemaItem(types: [])
        for name in ["headline", "name", "text", "url", "@id"] {
            summary.properties[name] = item.text(name).map { [.text($0)] }
        }
        summaries[id] = summary
        return summary
    }

    private static func rating(_ item: SchemaItem) -> Rating? {
        guard let rating = item.item("reviewRating") ?? item.item("rating") else {
            return item.plain("reviewRating", "ratingValue", "rating").flatMap { Rating($0) }
        }
        guard var value = rating.plain("ratingValue").flatMap({ Rating($0) }) else { return nil }
        value.scale = rating.plain("bestRating").flatMap { Rating($0)?.value } ?? value.scale
        return value
    }
}

/// What all the reviews of a product or place come to.
package struct AggregateRating: Sendable, Equatable {
    package var value: Double
    package var scale: Double?
    /// How many rated, or reviewed where only that is said.
    package var count: Int?

    init?(_ item: SchemaItem) {
        guard let rating = item.plain("ratingValue").flatMap({ Rating($0) }) else { return nil }
        value = rating.value
        scale = item.plain("bestRating").flatMap { Rating($0)?.value } ?? rating.scale
        count = item.plain("ratingCount", "reviewCount").flatMap { Rating.count($0) }
    }
}

extension Rating {
    /// `1,234` and `1.234` are one number here.
    static func count(_ text: String) -> Int? {
        let digits = text.filter { $0.isASCII && $0.isNumber }
        return digits.utf8.count <= 12 ? Int(digits) : nil
    }
}
