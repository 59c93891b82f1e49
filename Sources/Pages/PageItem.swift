// An entry of a page while it is being put together: what a rule, JSON-LD or microdata said of it, dates unread and
// links unresolved.

internal import Model

/// One post, answer, review or article as one way of reading found it.
struct PageItem: Sendable {
    /// How it was found.
    enum Way: Sendable {
        case rule, jsonLD, microdata
    }

    var way: Way
    var kind: Entry.Kind?
    var id: String?
    var title: String?
    /// As written; relative links resolve against the page.
    var link: String?
    var author: String?
    var authorLink: String?
    /// Ways to say when it was published, the best first; the first that can be read counts.
    var published: [String] = []
    var updated: String?
    var body: RichText?
    var rating: Double?
    var scale: Double?
    var replyTo: String?
    var thread = Entry.Thread()
    /// What it is known by where it has no id.
    var identity: String?

    init(_ way: Way) {
        self.way = way
    }

    /// The size of all its texts.
    var bytes: Int {
        let texts = [id, title, link, author, authorLink, updated, body?.value, replyTo, thread.title]
        return (texts.compactMap(\.self) + published).reduce(0) { $0 + $1.utf8.count }
    }

    var isEmpty: Bool {
        id == nil && title == nil && author == nil && body == nil && link == nil && rating == nil
    }
}
