// What a query looks at: the plain text of one entry and what is known of its source. A value made once per entry;
// everything in it came from a stranger.

/// One entry as queries see it.
///
/// A text is plain: a blank line at a block's end, a line break for `<br>`, nothing for an inline element.
package struct Document: Sendable {
    /// What is looked at of each text, in UTF-8 bytes. The rest of a longer one is not searched: a book is not a
    /// mention.
    package static let fieldLimit = 2 << 20

    package var title: String
    package var body: String
    package var author: String
    package var url: String
    /// A BCP 47 tag; empty when unknown.
    package var language: String
    /// The source's name.
    package var source: String
    package var kind: String
    package var rating: Double?
    /// The source's labels.
    package var labels: [String: String]

    package init(
        title: String = "", body: String = "", author: String = "", url: String = "", language: String = "",
        source: String = "", kind: String = "", rating: Double? = nil, labels: [String: String] = [:]
    ) {
        self.title = title
        self.body = body
        self.author = author
        self.url = url
        self.language = language
        self.source = source
        self.kind = kind
        self.rating = rating
        self.labels = labels
    }
}

extension Document {
    /// The host of an address, lower case, without user, port and final dot (RFC 3986 §3.2); empty when it has none.
    static func host(of url: String) -> String {
        var rest = Substring(url)
        if let slashes = rest.firstRange(of: "//") { rest = rest[slashes.upperBound...] }
        rest = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        if let at = rest.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
        if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("]") { rest = rest[..<colon] }
        while rest.last == "." { rest.removeLast() }
        return rest.lowercased()
    }
}
