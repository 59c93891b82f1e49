// One JSON document of a site's own interface: the user's paths, else the engine that its host names, else whichever
// engine's rules make the most of it.

internal import Feeds
internal import Foundation
internal import Markup
internal import Model

struct EndpointReading {
    let catalog: EngineCatalog
    let wish: PageWish
    let address: String?
    let now: Date

    func read(_ document: JSONDocument, _ text: CleanText) throws(PageError) -> Page {
        guard let (engine, layout, items) = best(document.value) else {
            throw PageError(.unknownJSON(PathAdvice.lists(document.value)))
        }
        var page = Page(feed: Feed(version: .endpoint, encoding: text.encoding))
        page.engine = engine
        page.layout = layout.name
        page.found.rule = items.count
        if wish.document != nil { page.remarks = PathAdvice(layout, document.value).remarks(found: items) }
        let setting = PageSetting(
            base: address, address: nil, language: nil, title: nil,
            dates: DateContext(now: now, zone: wish.zone ?? .gmt, dayFirst: false), isFirstPage: false)
        let (entries, findings) = setting.entries(items)
        page.feed.entries = entries
        page.feed.findings.merge(findings)
        if document.isRepaired { page.feed.findings.note(.parserErrors) }
        if document.isTooDeep { page.feed.findings.note(.tooDeep) }
        return page
    }

    private typealias Candidate = (engine: Engine?, layout: JSONLayout, items: [PageItem])

    private func best(_ value: JSONValue) -> Candidate? {
        if let own = wish.document { return (nil, own, own.read(value, kind: .page)) }
        let named = wish.engine.flatMap { catalog[$0] } ?? catalog.engine(host: address.flatMap(Address.host))
        let engines = named.map { [$0] } ?? catalog.engines
        var best: Candidate?
        for engine in engines {
            for layout in engine.documents where layout.embedded == nil {
                let items = layout.read(value, kind: engine.kind)
                if Self.weight(items) > Self.weight(best?.items ?? []) { best = (engine, layout, items) }
            }
        }
        return best
    }

    /// What a guess is worth: entries with an id, an author, a date and a text, of which two must be there.
    private static func weight(_ items: [PageItem]) -> Int {
        items.prefix(20).reduce(0) { sum, item in
            let parts = [
                item.id != nil, item.author != nil, !item.published.isEmpty, item.body != nil || item.title != nil,
            ]
            let count = parts.count { $0 }
            return sum + (count >= 2 ? count : 0)
        }
    }
}
