// What Earshot exists to find, in the one shape that the journal, the payload and the store share.

package import FoundationEssentials

/// A stored match of one watch in one entry of one source.
///
/// Its coding is the public format: a field is never renamed, and absent values are written as `null`.
package struct Mention: Sendable, Equatable, Codable {
    /// Never changes: made from the source, the entry's identity and the watch alone.
    package var id: String
    /// The watch's name.
    package var watch: String
    /// The source's labels with the watch's over them.
    package var labels: [String: String]
    package var source: Origin
    package var entry: Text
    package var matches: [Place]
    /// When the poll that found it was made.
    package var found: Date
    /// Whether the entry was known before, and matched only after an edit.
    package var edited: Bool
    /// The signals that its entry gives, in the order of the configuration.
    package var signals: [Signal]
    /// What the copies of one text have in common; `nil` until it was compared with the others.
    package var story: String?

    package init(
        id: String, watch: String, labels: [String: String], source: Origin, entry: Text, matches: [Place],
        found: Date, edited: Bool, signals: [Signal] = [], story: String? = nil
    ) {
        self.id = id
        self.watch = watch
        self.labels = labels
        self.source = source
        self.entry = entry
        self.matches = matches
        self.found = found
        self.edited = edited
        self.signals = signals
        self.story = story
    }

    /// Lines of the journal that are older than a field read as if it were empty.
    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        id = try fields.decode(String.self, forKey: .id)
        watch = try fields.decode(String.self, forKey: .watch)
        labels = try fields.decode([String: String].self, forKey: .labels)
        source = try fields.decode(Origin.self, forKey: .source)
        entry = try fields.decode(Text.self, forKey: .entry)
        matches = try fields.decode([Place].self, forKey: .matches)
        found = try fields.decode(Date.self, forKey: .found)
        edited = try fields.decode(Bool.self, forKey: .edited)
        signals = try fields.decodeIfPresent([Signal].self, forKey: .signals) ?? []
        story = try fields.decodeIfPresent(String.self, forKey: .story)
    }
}

extension Mention {
    /// The source, without its credentials.
    package struct Origin: Sendable, Equatable, Codable {
        package var name: String
        package var url: String
        package var kind: Source.Kind

        package init(name: String, url: String, kind: Source.Kind) {
            self.name = name
            self.url = url
            self.kind = kind
        }
    }

    /// The entry as plain text.
    package struct Text: Sendable, Equatable, Codable {
        package var id: String?
        package var title: String
        package var link: String?
        package var author: String?
        package var published: Date?
        package var language: String?
        /// What sort of thing it is, as `kind:` asks for it.
        package var kind: Entry.Kind?
        /// The topic, question or product that it belongs to.
        package var thread: String?
        /// The id or link of what it answers to.
        package var replyTo: String?
        /// The stars of a review, of five whatever the site's scale.
        package var rating: Double?
        /// At most `Mention.textLimit` bytes.
        package var text: String

        package init(
            id: String?, title: String, link: String?, author: String?, published: Date?, language: String?,
            kind: Entry.Kind? = nil, thread: String? = nil, replyTo: String? = nil, rating: Double? = nil, text: String
        ) {
            self.id = id
            self.title = title
            self.link = link
            self.author = author
            self.published = published
            self.language = language
            self.kind = kind
            self.thread = thread
            self.replyTo = replyTo
            self.rating = rating
            self.text = text
        }

        package func encode(to encoder: any Encoder) throws {
            var fields = encoder.container(keyedBy: CodingKeys.self)
            try fields.encode(id, forKey: .id)
            try fields.encode(title, forKey: .title)
            try fields.encode(link, forKey: .link)
            try fields.encode(author, forKey: .author)
            try fields.encode(published, forKey: .published)
            try fields.encode(language, forKey: .language)
            try fields.encode(kind, forKey: .kind)
            try fields.encode(thread, forKey: .thread)
            try fields.encode(replyTo, forKey: .replyTo)
            try fields.encode(rating, forKey: .rating)
            try fields.encode(text, forKey: .text)
        }
    }

    /// One place where the watch's words stand. Offsets count Unicode scalars in `entry.title` or `entry.text`.
    package struct Place: Sendable, Equatable, Codable {
        package var field: Field
        package var start: Int
        package var end: Int
        /// The beginning of what stands there, at most `Place.textLimit` bytes.
        package var text: String

        package init(_ match: Match) {
            field = match.field
            start = match.scalars.lowerBound
            end = match.scalars.upperBound
            text = match.text
        }

        /// The most text of a match that a mention carries, in UTF-8 bytes: what stands between a phrase's words is as
        /// long as a stranger makes it.
        package static let textLimit = 256
    }

    /// A signal that coloured the mention, and the words that gave it.
    package struct Signal: Sendable, Equatable, Codable {
        package var name: String
        /// The first few, as they stand in the entry.
        package var words: [String]

        package init(name: String, words: [String]) {
            self.name = name
            self.words = words
        }
    }

    /// The most text of an entry that a mention carries, in UTF-8 bytes; Standard Webhooks advises bodies under
    /// 20 kB. A match further on keeps its words in `matches`.
    package static let textLimit = 8_192
}
