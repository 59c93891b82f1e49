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

    fileprivate enum Tag: Int32 {
        /// Those of other extensions: an image's title is not the article's.
        case other
        /// What the rest stands in.
        case container
        case url, location, updated, title, published, language
    }

    /// sitemaps.org allows 50,000 URLs in one file.
    private static let most = 50_000

    /// The items in order, those without an address left out; `nil` where the document is no sitemap.
    package static func read(_ text: CleanText) -> [Item]? {
        let document = RepairedXML(text, roots: ["urlset"])
        guard document.root != nil else { return nil }
        var found = Found()
        let reader = XMLReader<Found>(
            name: { space, prefix, local in
                (isKnown(space, prefix) ? tag(local.string?.lowercased()) : .other).rawValue
            },
            open: { found, name, _ in found.open(Tag(rawValue: name)) },
            close: { $0.close(Tag(rawValue: $1), $2.string) })
        _ = reader.read(document, textLimit: 8_192, into: &found)
        return found.items
    }

    /// What was read so far.
    private struct Found {
        var items: [Item] = []
        var item: Item?

        mutating func open(_ tag: Tag?) -> XMLInside {
            switch tag {
            case .url:
                item = Item(link: "")
                return .elements
            case .container: return .elements
            case .other, nil: return .nothing
            default: return .text
            }
        }

        mutating func close(_ tag: Tag?, _ value: String?) {
            if tag == .url {
                if let done = item, !done.link.isEmpty, items.count < most { items.append(done) }
                item = nil
            } else if let tag, let value {
                item?.take(tag, value)
            }
        }
    }

    /// Whether a name is the sitemap's or the news extension's, by its namespace or its usual prefix.
    private static func isKnown(_ space: Span<UInt8>, _ prefix: Span<UInt8>) -> Bool {
        if prefix.isEmpty || prefix.string?.lowercased() == "news" { return true }
        let space = space.string?.lowercased() ?? ""
        return space.contains("/schemas/sitemap/") || space.contains("/schemas/sitemap-news/")
    }

    private static func tag(_ name: String?) -> Tag {
        switch name {
        case "urlset", "news", "publication": .container
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

extension NewsSitemap.Item {
    /// The first of several counts.
    fileprivate mutating func take(_ tag: NewsSitemap.Tag, _ value: String) {
        switch tag {
        case .location: if link.isEmpty { link = value }
        case .updated: updated = updated ?? value
        case .title: title = title ?? value
        case .published: published = published ?? value
        case .language: language = language ?? value
        case .url, .container, .other: break
        }
    }
}
