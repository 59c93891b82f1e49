// A news sitemap as entries: titles and addresses, for those who follow them to the text.

internal import Feeds
internal import Foundation
internal import Markup
internal import Model

enum SitemapReading {
    /// `nil` where the document is no sitemap with articles in it.
    static func read(_ text: CleanText, _ wish: PageWish, address: String?, now: Date) -> Page? {
        // The root stands early, after a declaration and comments.
        guard text.begins(with: "<urlset", within: 4_096), let found = NewsSitemap.read(text) else { return nil }
        let items = found.map { found in
            var item = PageItem(.rule)
            item.kind = .news
            item.id = found.link
            item.link = found.link
            item.title = found.title
            item.published = [found.published, found.updated].compactMap(\.self)
            return item
        }
        var page = Page(feed: Feed(version: .sitemap, encoding: text.encoding))
        page.found.rule = items.count
        let setting = PageSetting(
            base: address, address: nil, language: found.first?.language, title: nil,
            dates: DateContext(now: now, zone: wish.zone ?? .gmt), isFirstPage: false)
        let (entries, findings) = setting.entries(items)
        page.feed.entries = entries
        page.feed.findings.merge(findings)
        return page
    }
}
