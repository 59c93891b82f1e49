// What the tests of the engines share: a page goes in as text, entries come out.

import Configuration
import Feeds
import Foundation
import Markup
import Model
import Pages

/// The time that the tests read at: 2025-06-15 12:00 UTC, a Sunday.
let readingTime = Date(timeIntervalSince1970: 1_749_988_800)

let catalog = EngineCatalog(Engines.builtIn)

func readPage(
    _ text: String, address: String? = "https://forum.example.com/t/1", wish: PageWish = PageWish(),
    charset: String = "utf-8"
) throws(PageError) -> Page {
    try PageReader(catalog: catalog).read(
        Array(text.utf8), address: address, headers: [Header("Content-Type", "text/html; charset=\(charset)")],
        wish: wish, now: readingTime)
}

extension Entry {
    var author: String? { authors.first?.name }
    var text: String { plainText().body }
    /// To the minute, as ISO 8601 has it.
    var minute: String? { published.map { String($0.formatted(.iso8601).prefix(16)) } }
}
