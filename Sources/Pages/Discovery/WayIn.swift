// The ways to a site's entries, the best first, and what each gives and loses: what a user chooses from.

internal import Model

/// One way to the entries that a user is after.
package struct WayIn: Sendable, Equatable {
    package enum Form: String, Sendable {
        case feed, json, page
    }

    package var form: Form
    package var url: String
    package var gives: String
    package var loses: String?
    /// Whether the page itself names it, or it was made from what is known of the engine and nobody has asked yet.
    package var isNamed: Bool
}

extension Page {
    /// The ways in, for a page at `address`.
    ///
    /// A site's own interface comes first where it gives whole texts; then the feeds that the engine has for this very
    /// page; then those that the page names; the page itself is always there, and last where anything better is.
    package func waysIn(address: String?) -> [WayIn] {
        var ways = engineWays(address)
        for alternate in alternates where !ways.contains(where: { $0.url == alternate.url }) {
            let gives = alternate.title.map { "what the site calls \"\($0)\"" } ?? "a feed that the page names"
            ways.append(
                WayIn(form: .feed, url: alternate.url, gives: gives, loses: "often the full text", isNamed: true))
        }
        for index in ways.indices where alternates.contains(where: { $0.url == ways[index].url }) {
            ways[index].isNamed = true
        }
        if let page = pageWay(address) { ways.append(page) }
        return ways
    }

    private func engineWays(_ address: String?) -> [WayIn] {
        guard let address, let engine, let parts = AddressParts(address) else { return [] }
        let found = engine.ways.compactMap { way -> WayIn? in
            let names = way.pattern.map { AddressPattern($0).match(address) } ?? ["origin": parts.origin]
            guard let names, let url = AddressPattern.fill(way.url, names) else { return nil }
            let form: WayIn.Form = way.form == .feed ? .feed : .json
            return WayIn(form: form, url: SessionID.stripped(url), gives: way.gives, loses: way.loses, isNamed: false)
        }
        var seen: Set<String> = []
        return found.filter { seen.insert($0.url).inserted }
    }

    private func pageWay(_ address: String?) -> WayIn? {
        let count = feed.entries.count
        guard let address, count > 0 else { return nil }
        return WayIn(
            form: feed.version == .endpoint ? .json : .page, url: SessionID.stripped(address),
            gives: count == 1 ? "the one entry here, \(by)" : "the \(count) entries here, \(by)", loses: loss,
            isNamed: true)
    }

    /// By what the entries were found.
    private var by: String {
        if feed.version == .sitemap { return "by their titles and addresses" }
        guard found.rule > 0 else { return "by structured data" }
        guard let layout else { return "a line of text each" }
        let engine = engine.flatMap { $0.knows(layout) ? $0 : nil }
        return engine.map { "by \($0.name)'s rules" } ?? "by your \(layout)"
    }

    private var loss: String? {
        switch feed.version {
        case .sitemap: "the texts, unless they are followed"
        case .endpoint: nil
        default: next == nil ? "what is on other pages" : "what is on other pages than the newest ones"
        }
    }
}
