// A page as it was read: its entries, and how each way of reading it did.

package import Model

/// A read page.
package struct Page: Sendable {
    package var feed: Feed
    /// What made the page, if it is known.
    package var engine: Engine?
    /// The layout that found the items.
    package var layout: String?
    package var found = Found()
    /// Of the page's product or place.
    package var aggregate: AggregateRating?
    /// The feeds that the page names.
    package var alternates: [Alternate] = []
    package var title: String?
    /// The text that the page is about, where that was wanted.
    package var mainText: RichText?
    /// The next page of the same list.
    package var next: String?
    /// What a user should know: a selector that matches nothing, one that was too costly.
    package var remarks: [String] = []

    /// How many items each way found.
    package struct Found: Sendable, Equatable {
        package var rule = 0
        /// In data that the page carries for its scripts.
        package var embedded = 0
        package var jsonLD = 0
        package var microdata = 0

        package var structured: Int { jsonLD + microdata }
    }

    package init(feed: Feed) {
        self.feed = feed
    }
}

/// A feed that a page names.
package struct Alternate: Sendable, Equatable {
    /// Absolute, without session ids.
    package var url: String
    package var type: String
    package var title: String?
}
