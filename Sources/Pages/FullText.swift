// The full text of an entry that its feed cut short, from the entry's own page.

internal import Markup
package import Model

extension PageReader {
    /// What the page of `entry` says of it: the item that is the entry. Where no rule found that, what structured data
    /// say and what the page is about, because the former is often cut short and the latter has more than the entry.
    ///
    /// - Parameter page: as read from the entry's link, its main text wanted.
    package static func fullText(of entry: Entry, in page: Page) -> [RichText] {
        let entries = page.feed.entries
        let link = entry.link.map(Self.bare)
        let fragment = entry.link.flatMap { $0.split(separator: "#", maxSplits: 1).dropFirst().first }
        let own = entries.first { other in
            other.id != nil && (other.id == entry.id || fragment.map { other.id == String($0) } == true)
        }
        let linked = entries.first { $0.link == entry.link }
        let article = entries.first { [.news, .blog].contains($0.kind) }
        if page.found.rule > 0 {
            // A topic's feed entry is its first post.
            let first = entries.first { $0.link.map(Self.bare) == link }
            if let text = (own ?? linked ?? first)?.contents.first { return [text] }
        }
        return [(own ?? linked ?? article)?.contents.first, page.mainText].compactMap(\.self)
    }

    private static func bare(_ link: String) -> Substring { link.prefix { $0 != "#" } }
}
