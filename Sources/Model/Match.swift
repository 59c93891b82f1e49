// Why a watch hit.

/// The part of an entry that a query can look at.
package enum Field: String, Sendable, Codable, CaseIterable {
    case title, body, author, url, site, lang, source, kind, rating, label
}

/// One place in an entry's plain text where a query's words stand.
package struct Match: Sendable, Hashable {
    package var field: Field
    /// UTF-8 byte offsets into the field's plain text.
    package var bytes: Range<Int>
    /// Offsets in characters as a person counts them (Unicode scalars) into the same text.
    package var scalars: Range<Int>
    /// The text between those offsets, as it was written.
    package var text: String

    package init(field: Field, bytes: Range<Int>, scalars: Range<Int>, text: String) {
        self.field = field
        self.bytes = bytes
        self.scalars = scalars
        self.text = text
    }
}
