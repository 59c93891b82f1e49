// What a user says of a source that is a page or a site's JSON.

/// How the pages of one or more sources are read.
package struct PageSettings: Sendable, Equatable {
    package var wish = PageWish()
    /// The most pages read in one poll, by the link to the next one.
    package var pages = 1
    /// Whether a new entry's own page is fetched for its full text.
    package var follows = false

    package init() {}
}
