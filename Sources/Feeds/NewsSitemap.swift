// News sitemaps: a publisher's articles of the last two days, with titles and times (sitemaps.org 0.9, and Google's
// news extension).

package import Markup

/// A sitemap's entries.
package enum NewsSitemap {
    /// One `<url>`.
    package struct Item: Sendable, Equatable {
        package var link: String
        package var title: String?
        package var published: String?
        package var updated: String?
        package var language: String?
    }

    private enum Tag: Int32 {
        case other, url, location, updated, title, published, language
    }

    /// sitemaps.org allows 50,000 URLs in one file.
    private static let most = 50_000

    /// The items in order, those without an address left out; `nil` where the document is no sitemap.
    package static func read(_ text: CleanText) -> [Item]? {
        let document = RepairedXML(text, roots: ["urlset"])
        guard document.root != nil else { return nil }
        var found = Found()
        let reader = XMLReader<Found>(
            name: { _, _, local in tag(local.string?.lowercased()).rawValue },
            open: { found, name, _ in
                if name == Tag.url.rawValue { found.item = Item(link: "") }
                return name == Tag.url.rawValue || name == Tag.other.rawValue ? .elements : .text
            },
            close: { $0.close(Tag(rawValue: $1), $2.string) })
        _ = reader.read(document, textLimit: 8_192, into: &found)
        return found.items
    }

    /// What was read so far.
    private struct Found {
        var items: [Item] = []
        var item: Item?

        mutating func close(_ tag: Tag?, _ value: String?) {
            switch tag {
            case .url:
                if let done = item, !done.link.isEmpty, items.count < most { items.append(done) }
                item = nil
            case .location: item?.link = value ?? ""
            case .updated: item?.updated = value
            case .title: item?.title = value
            case .published: item?.published = value
            case .language: item?.language = value
            case .other, nil: break
            }
        }
    }

    private static func tag(_ name: String?) -> Tag {
        switch name {
        case "url": .url
        case "loc": .location
        case "lastmod": .updated
        case "title": .title
        case "publication_date": .published
        case "language": .language
        default: .other
        }
    }
}
