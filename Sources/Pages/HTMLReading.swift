// One HTML page: outline, engine, rules, embedded data, structured data, in that order.

internal import Feeds
internal import Foundation
internal import Markup
internal import Model

struct HTMLReading {
    let catalog: EngineCatalog
    let wish: PageWish
    let address: String?
    let now: Date

    func read(_ tree: HTMLTree, _ text: CleanText, language: String?) -> Page {
        let outline = PageOutline(tree)
        let host = address.flatMap(Address.host)
        let engine = wish.engine.flatMap { catalog[$0] } ?? catalog.recognise(outline, host: host)
        let base = outline.base.map { Reference.resolve($0, against: address) } ?? address
        var page = Page(feed: Feed(version: .html, encoding: text.encoding))
        page.engine = engine
        page.title = outline.title
        let rules = RulePage(tree, size: text.bytes.count)
        let (layout, ruled) = items(rules, engine)
        page.layout = layout?.name
        let items = merged(rules, ruled, engine, outline, &page)
        page.next = next(rules, layout, base)
        let setting = setting(rules, layout, items, outline, base, language, page)
        let (entries, findings) = setting.entries(items)
        page.feed.entries = entries
        page.feed.findings.merge(findings)
        page.alternates = Discovery.alternates(outline, tree, base: base)
        page.remarks = remarks(rules, ruled, isEmpty: items.isEmpty)
        page.mainText = wish.wantsMainText ? MainText.find(in: rules) : nil
        finish(&page, outline, setting, rules)
        return page
    }

    // MARK: Items

    /// The items of the first layout that finds any; the user's comes before the engine's.
    private func items(_ page: RulePage, _ engine: Engine?) -> (Layout?, [PageItem]) {
        if wish.watchesText { return (nil, TextLines.items(page.tree, address: address)) }
        let layouts = wish.layout.map { [$0] } ?? engine?.layouts ?? []
        for layout in layouts where !layout.opens {
            let items = layout.read(page, kind: engine?.kind ?? .page)
            if !items.isEmpty { return (layout, items) }
        }
        return (wish.layout, [])
    }

    private func merged(
        _ rules: RulePage, _ ruled: [PageItem], _ engine: Engine?, _ outline: PageOutline, _ page: inout Page
    ) -> [PageItem] {
        var merging = Merging()
        merging.add(opening(rules, engine) + ruled)
        page.found.rule = ruled.count
        guard !wish.watchesText else { return merging.items }
        let embedded = embedded(rules, engine)
        page.found.embedded = embedded.count
        merging.add(embedded)
        let stated = outline.jsonLD.flatMap { JSONLD.items(rules.tree.rawText($0)) }
        var jsonLD = SchemaReading(.jsonLD, among: stated, of: rules.size)
        for item in stated { jsonLD.read(item) }
        page.found.jsonLD = jsonLD.items.count
        merging.add(jsonLD.items)
        var reading = SchemaReading(.microdata, of: rules.size)
        var microdata = Microdata(rules)
        for node in outline.items { reading.read(microdata.item(node)) }
        page.found.microdata = reading.items.count
        merging.add(reading.items)
        page.aggregate = jsonLD.aggregate ?? reading.aggregate
        page.feed.findings.note(.textsCut, jsonLD.texts.refused + reading.texts.refused)
        return merging.items.filter { !$0.isEmpty }
    }

    /// What the items of the page answer to.
    private func opening(_ page: RulePage, _ engine: Engine?) -> [PageItem] {
        guard wish.layout == nil, !wish.watchesText else { return [] }
        return (engine?.layouts ?? []).filter(\.opens).flatMap { $0.read(page, kind: engine?.kind) }
    }

    /// Items in JSON that the page carries for its scripts.
    private func embedded(_ rules: RulePage, _ engine: Engine?) -> [PageItem] {
        for document in engine?.documents ?? [] {
            guard let locator = document.embedded,
                let text = Self.source(rules, locator), let json = JSONDocument(text: text)
            else { continue }
            let items = document.read(json.value, kind: engine?.kind)
            if !items.isEmpty { return items }
        }
        return []
    }

    /// As it is on the page: nothing of it is text for people.
    private static func source(_ rules: RulePage, _ locator: Locator) -> String? {
        for place in rules.bind(locator) {
            guard let path = place.path else { continue }
            for case .element(let node) in rules.find(path, in: nil, text: place.text, limit: 1) {
                return place.attribute.map { rules.tree.attribute(node, $0) } ?? rules.tree.rawText(node)
            }
        }
        return nil
    }

    // MARK: What is around them

    private func next(_ rules: RulePage, _ layout: Layout?, _ base: String?) -> String? {
        let stated = layout.flatMap { rules.value(rules.bind($0.fields[.next]), in: nil) }
        return stated.map { SessionID.stripped(Reference.resolve($0, against: base)) }
    }

    private func setting(
        _ rules: RulePage, _ layout: Layout?, _ items: [PageItem], _ outline: PageOutline, _ base: String?,
        _ language: String?, _ page: Page
    ) -> PageSetting {
        let language = outline.language ?? language
        let texts = items.lazy.compactMap(\.published.first)
        let dayFirst = layout?.dayFirst ?? PageDate.dayFirst(in: texts) ?? !Self.isAmerican(language)
        let needsZone = items.contains { item in item.published.first.map { !PageDate.isMachine($0) } ?? false }
        let zone = wish.zone ?? (needsZone ? ZoneStatement.find(in: rules.tree) : nil) ?? .gmt
        let own = address.map { String($0.prefix { $0 != "#" }) }
        let heading = outline.metas["og:title"] ?? outline.title
        return PageSetting(
            base: base, address: own.flatMap { Reference.isBase($0) ? $0 : nil }, language: language,
            title: layout?.listsThreads == true ? nil : heading,
            dates: DateContext(now: now, zone: zone, dayFirst: dayFirst),
            isFirstPage: layout?.listsThreads != true && !wish.watchesText && !Self.continues(own))
    }

    /// "en" alone is what American software writes.
    private static func isAmerican(_ language: String?) -> Bool {
        guard let language = language?.lowercased() else { return true }
        return language == "en" || language.hasPrefix("en-us")
    }

    /// Whether an address is that of a later page of its thread.
    private static func continues(_ address: String?) -> Bool {
        guard let parts = address.flatMap(AddressParts.init) else { return false }
        let isLater: (Substring) -> Bool = { Int($0).map { $0 > 1 } ?? false }
        for (name, value) in parts.parameters {
            if ["page", "p", "start"].contains(name.lowercased()), isLater(value) { return true }
        }
        return parts.segments.suffix(2).contains { segment in
            segment.lowercased().hasPrefix("page") && isLater(segment.drop { !$0.isNumber })
        }
    }

    /// Selectors that the user wrote and that found nothing, or took too long; where there are none and nothing else
    /// found anything, what could be written.
    private func remarks(_ rules: RulePage, _ ruled: [PageItem], isEmpty: Bool) -> [String] {
        let costly = Set(rules.costly).sorted().map { "`\($0)` takes too many steps on this page; it was given up" }
        if let layout = wish.layout { return costly + SelectorAdvice(rules, layout).remarks(found: ruled) }
        return isEmpty ? costly + [SelectorAdvice.repetition(rules.tree)] : costly
    }

    private func finish(_ page: inout Page, _ outline: PageOutline, _ setting: PageSetting, _ rules: RulePage) {
        page.feed.title = (outline.metas["og:title"] ?? outline.title).map { RichText($0, form: .plain) }
        page.feed.link = setting.address
        page.feed.language = setting.language
        page.feed.next = page.next
        page.feed.findings.note(.textsCut, rules.texts.refused)
        let parsing = rules.tree.findings
        page.feed.findings.note(.oversizedTags, parsing.oversizedTags)
        page.feed.findings.note(.strayEndTags, parsing.strayEndTags)
        if parsing.isTooDeep { page.feed.findings.note(.tooDeep) }
        if parsing.isTooLarge { page.feed.findings.note(.endsEarly) }
    }
}
