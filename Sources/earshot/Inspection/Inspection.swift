// What an address or a file turned out to be.

import Configuration
import Feeds
import Foundation
import Model
import Pages

struct Inspection {
    var subject: Subject
    /// What it is, in a few words.
    var what = ""
    var feed: Feed?
    var page: Page?
    var ways: [WayIn] = []
    /// The lines to paste.
    var lines: SourceLines?
    /// Why there is nothing to watch.
    var failure: String?
    var advice: String?

    /// - Parameter selectors: the user's own, as they were written.
    static func make(
        _ subject: Subject, wish: PageWish, selectors: SelectorArguments?, catalog: EngineCatalog
    ) -> Inspection {
        var inspection = Inspection(subject: subject)
        if let refusal = subject.refusal {
            inspection.failure = refusal
            inspection.advice = subject.address.flatMap { catalog.advice(address: $0) }
            return inspection
        }
        let isFeedWanted =
            wish.engine == nil && wish.layout == nil && wish.document == nil && !wish.watchesText
        if isFeedWanted,
            let feed = try? FeedReader().read(
                subject.bytes, address: subject.address, headers: subject.headers, now: Date()), !feed.entries.isEmpty
        {
            inspection.take(feed)
        } else {
            inspection.take(wish, selectors, catalog)
        }
        return inspection
    }

    private mutating func take(_ feed: Feed) {
        self.feed = feed
        self.feed?.entries = feed.entries.map(\.asMeant)
        what = "a feed (\(feed.version.rawValue))"
        lines = subject.address.map { SourceLines(url: $0, kind: .feed, name: feed.title?.plain) }
        guard feed.isCutShort else { return }
        lines?.follows = true
        advice = "Its texts are cut short: with `follow: true` each entry's own page is read as well."
    }

    private mutating func take(_ wish: PageWish, _ selectors: SelectorArguments?, _ catalog: EngineCatalog) {
        do throws(PageError) {
            let page = try PageReader(catalog: catalog).read(
                subject.bytes, address: subject.address, headers: subject.headers, wish: wish, now: Date())
            self.page = page
            feed = page.feed
            ways = page.waysIn(address: subject.address)
            advice = page.engine?.advice
            what = Self.describe(page)
            if page.feed.entries.isEmpty, ways.isEmpty { failure = "nothing on it looks like an entry" }
            let isHopeless = failure != nil && page.feed.version == .endpoint
            lines = isHopeless ? nil : subject.address.map { lines($0, page, wish, selectors) }
        } catch {
            failure = "\(error)"
        }
    }

    private static func describe(_ page: Page) -> String {
        let form =
            switch page.feed.version {
            case .endpoint: "JSON"
            case .sitemap: "a news sitemap"
            default: "a page"
            }
        return form + (page.engine.map { " of \($0.name)" } ?? "") + (page.layout.map { " (\($0))" } ?? "")
    }

    /// The document itself where it has entries, else the first way in; nobody has asked the others yet.
    private func lines(
        _ address: String, _ page: Page, _ wish: PageWish, _ selectors: SelectorArguments?
    ) -> SourceLines {
        let title = page.feed.title?.plain
        if page.feed.entries.isEmpty, let way = ways.first {
            return SourceLines(url: way.url, kind: Source.Kind(rawValue: way.form.rawValue) ?? .page, name: title)
        }
        let own = ways.first { $0.form != .feed && $0.isNamed }
        var lines = SourceLines(
            url: own?.url ?? address, kind: page.feed.version == .endpoint ? .json : .page, name: title)
        lines.engine = selectors == nil ? page.engine?.id : nil
        lines.selectors = selectors
        lines.timezone = wish.zone?.identifier
        lines.follows = page.feed.version == .sitemap
        // What is left where nothing else is.
        lines.watchesText = wish.watchesText || page.feed.entries.isEmpty && page.feed.version == .html
        if lines.watchesText { lines.selectors = nil }
        return lines
    }
}

extension Feed {
    /// Whether most of its entries break off, or have no text at all.
    fileprivate var isCutShort: Bool {
        let short = entries.count { entry in
            let body = entry.plainText().body
            return body.isEmpty || ["…", "...", "[…]", "[...]", "…]", "...]"].contains { body.hasSuffix($0) }
        }
        return short * 2 > entries.count
    }
}
