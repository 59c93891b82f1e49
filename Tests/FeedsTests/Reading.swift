// What the tests of this module share: a document goes in as text, a feed comes out.

import Feeds
import FoundationEssentials
import Model

/// The time that the tests read at: 2024-06-01.
let readingTime = Date(timeIntervalSince1970: 1_717_200_000)

func read(
    _ text: String, address: String? = nil, headers: [Header] = [], limits: FeedLimits = .standard,
    keepsExtras: Bool = false
) throws(FeedError) -> Feed {
    let reader = FeedReader(limits: limits, keepsExtras: keepsExtras)
    return try reader.read(Array(text.utf8), address: address, headers: headers, now: readingTime)
}

/// The entries of an RSS document with these items.
func entries(_ items: String, channel: String = "", address: String? = nil) throws(FeedError) -> [Entry] {
    try read("<rss version='2.0'><channel>\(channel)\(items)</channel></rss>", address: address).entries
}

func reason(_ text: String) -> FeedError.Reason? {
    do {
        _ = try read(text)
        return nil
    } catch {
        return error.reason
    }
}
