// schema.org's vocabulary as one value, whichever syntax it came in: types, and properties that hold texts or items.

internal import Feeds
internal import Model

/// An item of structured data.
struct SchemaItem: Sendable {
    /// Without the vocabulary's address: `Review`.
    var types: [String]
    var properties: [String: [SchemaValue]] = [:]

    init(types: [String]) {
        self.types = types.map { String($0.split(whereSeparator: { "/#:".contains($0) }).last ?? "") }
    }

    /// Deepest met: 6.
    static let deepest = 24
    /// The most items of one page.
    static let most = 10_000
}

/// What a property holds.
enum SchemaValue: Sendable {
    case text(RichText)
    case item(SchemaItem)
}

extension SchemaItem {
    /// Whether it only says which other item is meant: `{ "@id": "…" }`.
    var isReference: Bool { types.isEmpty && properties.count == 1 && properties["@id"] != nil }

    func text(_ names: String...) -> RichText? {
        for name in names {
            for value in properties[name] ?? [] {
                switch value {
                case .text(let text) where !text.value.isEmpty: return text
                case .item(let item):
                    if let text = item.text("name", "text", "url", "@id") { return text }
                default: continue
                }
            }
        }
        return nil
    }

    func plain(_ names: String...) -> String? {
        for name in names {
            if let plain = text(name)?.plain, !plain.isEmpty {
                return plain.split(whereSeparator: \.isNewline).joined(separator: " ")
            }
        }
        return nil
    }

    func item(_ name: String) -> SchemaItem? {
        for case .item(let item)? in [properties[name]?.first] { return item }
        return nil
    }

    /// What sort of entry it is; `nil` for everything that holds entries, or has nothing to do with them.
    var entryKind: Entry.Kind? {
        for type in types { if let kind = Self.kinds[type] { return kind } }
        return types.contains { $0.hasSuffix("Review") } ? .review : nil
    }

    /// What is an entry but a page of it too, and only counts where nothing else does: articles.
    private static let kinds: [String: Entry.Kind] = [
        "Comment": .forum, "UserComments": .forum, "DiscussionForumPosting": .forum, "SocialMediaPosting": .social,
        "Question": .qa,
        "Answer": .qa, "Review": .review, "UserReview": .review, "CriticReview": .review, "EmployerReview": .review,
        "NewsArticle": .news, "ReportageNewsArticle": .news, "AnalysisNewsArticle": .news, "OpinionNewsArticle": .news,
        "BackgroundNewsArticle": .news, "ReviewNewsArticle": .news, "LiveBlogPosting": .news, "BlogPosting": .blog,
        "Article": .news, "TechArticle": .blog,
    ]
}
