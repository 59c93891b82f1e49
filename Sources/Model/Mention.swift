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

    package init(
        id: String, watch: String, labels: [String: String], source: Origin, entry: Text, matches: [Place],
        found: Date, edited: Bool
    ) {
        self.id = id
        self.watch = watch
        self.labels = labels
        self.source = source
        self.entry = entry
        self.matches = matches
        self.found = found
        self.edited = edited
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
        /// At most `Mention.textLimit` bytes.
        package var text: String

        package init(
            id: String?, title: String, link: String?, author: String?, published: Date?, language: String?,
            text: String
        ) {
            self.id = id
            self.title = title
            self.link = link
            self.author = author
            self.published = published
            self.language = language
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
            try fields.encode(text, forKey: .text)
        }
    }

    /// One place where the watch's words stand. Offsets count Unicode scalars in `entry.title` or `entry.text`.
    package struct Place: Sendable, Equatable, Codable {
        package var field: Field
        package var start: Int
        package var end: Int
        package var text: String

        package init(_ match: Match) {
            field = match.field
            start = match.scalars.lowerBound
            end = match.scalars.upperBound
            text = match.text
        }
    }

    /// The most text of an entry that a mention carries, in UTF-8 bytes; Standard Webhooks advises bodies under
    /// 20 kB. A match further on keeps its words in `matches`.
    package static let textLimit = 8_192
}
