// How the pages of one engine are laid out: where the items are, and where in them the fields.

package import Markup

/// One kind of page: a topic, a list of topics, a page of reviews.
package struct Layout: Sendable, Equatable {
    package var name: String
    package var items: Path
    /// The text of `items`, for those who must be told that it matches nothing.
    package var itemsText: String
    package var fields: [Field: Locator] = [:]
    /// Parts of an item that are nobody's words: signatures, buttons.
    package var without: [CSSSelector] = []
    /// The best rating there is, where the page does not say.
    package var scale: Double?
    /// Whether 03/04 is the third of April; `nil` leaves it to the page.
    package var dayFirst: Bool?
    /// Whether every item is a thread of its own: then its title is its own.
    package var listsThreads = false
    /// Whether it is what the page's items answer to, such as a discussion's opening post: read beside the layout that
    /// finds the items, and put before them.
    package var opens = false

    package init(name: String, items: Path, itemsText: String) {
        self.name = name
        self.items = items
        self.itemsText = itemsText
    }

    /// What is looked for. The first group is looked for in each item, the second on the page.
    package enum Field: String, Sendable, CaseIterable, Hashable {
        case id, title, link, author, authorLink = "author_link", date, updated, body, rating, replyTo = "reply_to"
        case thread, next
    }
}
