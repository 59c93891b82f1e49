// What a document holds once it has been read: its entries. Everything here came from a stranger.

package import FoundationEssentials

/// One item of a feed, page or JSON document.
package struct Entry: Sendable, Equatable {
    /// What makes this the same entry at the next poll: never empty, and no two entries of one document share it.
    package var identity: String
    /// The id as the document states it (guid, atom:id), resolved where it is a relative link; many have none.
    package var id: String?
    package var title: RichText?
    /// Where the entry can be read: absolute wherever the document and its address allow it.
    package var link: String?
    package var authors: [Person] = []
    /// As stated, also when it lies in the future; `Entry.date(now:)` is what to order by.
    package var published: Date?
    package var updated: Date?
    package var summary: RichText?
    package var contents: [RichText] = []
    /// The BCP 47 tag that applies to the entry, its own or the feed's.
    package var language: String?
    package var categories: [Category] = []
    /// The stars of an app-store or product review (im:rating), as stated; `stars` compares them.
    package var rating: Double?
    /// The best that a rating can be where the document says so, or its engine does; 5 where nobody does.
    package var ratingScale: Double?
    /// What sort of thing it is; `nil` where only a feed's word is known.
    package var kind: Kind?
    package var enclosures: [Enclosure] = []
    /// Every link the entry states. A page's are always here, a feed's only when the reader was asked to keep them.
    package var links: [Link] = []
    /// The rest of what the document says, kept only when the reader was asked to.
    package var extras: [Extra] = []
    private var relations: Boxed<Relations>?

    package init(identity: String) {
        self.identity = identity
    }

    /// The date to order by: published, else updated, and never later than `now`. `nil` where none is stated or
    /// legible: then it is the time the entry was first seen.
    package func date(now: Date) -> Date? {
        guard let stated = published ?? updated else { return nil }
        return min(stated, now)
    }
}

extension Entry {
    /// What queries call `kind:`.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        case news, blog, forum, qa, review, social, page
    }

    /// The topic, question or product that an entry belongs to.
    package struct Thread: Sendable, Equatable {
        package var title: String?
        package var link: String?

        package init(title: String? = nil, link: String? = nil) {
            self.title = title
            self.link = link
        }
    }

    /// The rating in stars of five, whatever the site's scale: what `rating:` compares.
    package var stars: Double? {
        guard let rating, let ratingScale, ratingScale > 0 else { return rating }
        return rating * 5 / ratingScale
    }
}

// MARK: - What few entries have

extension Entry {
    package var comments: Comments? {
        get { related.comments }
        set { related.comments = newValue }
    }

    /// What the entry answers to (thr:in-reply-to): an id, or a link where no id is given.
    package var inReplyTo: String? {
        get { related.inReplyTo }
        set { related.inReplyTo = newValue }
    }

    /// What it is a post, an answer or a review of.
    package var thread: Thread? {
        get { related.thread }
        set { related.thread = newValue }
    }

    /// The feed that the entry was taken from, where an aggregator says so.
    package var source: Origin? {
        get { related.source }
        set { related.source = newValue }
    }

    /// How an entry stands to others. Apart from it, because most have none of this, and a reader of feeds spends a
    /// good part of its time on moving, counting and freeing what entries hold.
    private struct Relations: Sendable, Equatable {
        var comments: Comments?
        var inReplyTo: String?
        var thread: Thread?
        var source: Origin?
    }

    private var related: Relations {
        get { relations?.value ?? Relations() }
        set { relations = newValue == Relations() ? nil : Boxed(newValue) }
    }
}

/// Text as a document holds it, plain or with markup.
package struct RichText: Sendable, Equatable {
    package enum Form: Sendable {
        case plain, html
    }

    package var value: String
    package var form: Form
    private let scope: Boxed<Scope>

    /// The xml:lang in force, `nil` where none is.
    package var language: String? { scope.value.language }
    /// What relative links inside resolve against, `nil` where nothing is known.
    package var base: String? { scope.value.base }

    /// - Parameter scope: what is in force where the text stands, one for all texts that stand there.
    package init(_ value: String, form: Form, in scope: Boxed<Scope> = Scope.unknown) {
        self.value = value
        self.form = form
        self.scope = scope
    }

    /// What a text inherits from the elements around it.
    package struct Scope: Sendable, Equatable {
        package static let unknown = Boxed(Scope())

        package var language: String?
        package var base: String?

        package init(language: String? = nil, base: String? = nil) {
            self.language = language
            self.base = base
        }
    }
}

/// An author as the document states them.
package struct Person: Sendable, Hashable {
    package var name: String?
    package var email: String?
    package var url: String?

    /// What is stated, under the names that documents use.
    package var members: [String: String] {
        ["name": name, "email": email, "href": url].compactMapValues(\.self)
    }

    package init(name: String? = nil, email: String? = nil, url: String? = nil) {
        self.name = name
        self.email = email
        self.url = url
    }
}

/// A category, tag or subject.
package struct Category: Sendable, Hashable {
    package var term: String
    package var scheme: String?
    package var label: String?

    /// What is stated, under the names that documents use.
    package var members: [String: String] {
        ["term": term, "scheme": scheme, "label": label].compactMapValues(\.self)
    }

    package init(term: String, scheme: String? = nil, label: String? = nil) {
        self.term = term
        self.scheme = scheme
        self.label = label
    }
}

/// Where an entry is discussed.
package struct Comments: Sendable, Equatable {
    /// The page people comment on.
    package var link: String?
    /// A feed of the comments (wfw:commentRss, rel=replies).
    package var feed: String?
    package var count: Int?

    package init(link: String? = nil, feed: String? = nil, count: Int? = nil) {
        self.link = link
        self.feed = feed
        self.count = count
    }
}

/// A link as the document states it, made absolute where that is possible.
package struct Link: Sendable, Hashable {
    package var href: String
    package var rel: String
    package var type: String?
    package var title: String?
    package var hreflang: String?
    package var length: String?

    /// What is stated, under the names that documents use.
    package var members: [String: String] {
        let all = ["href": href, "rel": rel, "type": type, "title": title, "hreflang": hreflang, "length": length]
        return all.compactMapValues { $0?.isEmpty == true ? nil : $0 }
    }

    package init(href: String, rel: String = "alternate", type: String? = nil) {
        self.href = href
        self.rel = rel
        self.type = type
    }
}

/// A file that comes with an entry.
package struct Enclosure: Sendable, Hashable {
    package var url: String
    package var type: String?
    /// In bytes, as stated.
    package var length: Int?

    package init(url: String, type: String? = nil, length: Int? = nil) {
        self.url = url
        self.type = type
        self.length = length
    }
}

/// The feed an entry was taken from.
package struct Origin: Sendable, Equatable {
    package var title: String?
    package var id: String?
    package var link: String?

    package init(title: String? = nil, id: String? = nil, link: String? = nil) {
        self.title = title
        self.id = id
        self.link = link
    }
}

/// Something a document says that nothing here depends on: shown by `earshot parse`, never matched.
package struct Extra: Sendable, Equatable {
    package var name: String
    package var text: String
    package var attributes: [String: String]

    package init(name: String, text: String, attributes: [String: String] = [:]) {
        self.name = name
        self.text = text
        self.attributes = attributes
    }
}
