// The feeds that a page names in its head.

internal import Markup
internal import Model

enum Discovery {
    /// RSS, Atom and JSON Feed; plain `application/json` is oEmbed or a site's own interface (441 of 2,008 pages).
    private static let types: Set = [
        "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml",
    ]

    /// One of each address, in the page's order.
    static func alternates(_ outline: PageOutline, _ tree: HTMLTree, base: String?) -> [Alternate] {
        var seen: Set<String> = []
        return outline.links.compactMap { node in
            let rel = tree.attribute(node, "rel")?.lowercased().split(whereSeparator: \.isWhitespace) ?? []
            let type = tree.attribute(node, "type")?.lowercased().prefix { $0 != ";" }.trimmedSpace ?? ""
            guard rel.contains("alternate") || rel.contains("feed"), types.contains(type),
                let href = tree.attribute(node, "href")
            else { return nil }
            let url = SessionID.stripped(Reference.resolve(PlainText.fromPlainLine(href), against: base))
            guard seen.insert(url).inserted else { return nil }
            return Alternate(
                url: url, type: type, title: tree.attribute(node, "title").map { PlainText.fromPlainLine($0) })
        }
    }
}

extension Substring {
    fileprivate var trimmedSpace: String { String(self).trimmingASCIISpace() }
}
