// Applies a layout to a page: finds the items, and in each the fields.

internal import Markup
internal import Model

extension Layout {
    /// The items of a page; empty where this is not its layout.
    func read(_ page: RulePage, kind: Entry.Kind?) -> [PageItem] {
        let found = page.find(page.bind(items), in: nil, text: itemsText, limit: RulePage.mostItems)
        guard !found.isEmpty else { return [] }
        let reading = LayoutReading(self, page)
        let thread = listsThreads ? nil : page.value(page.bind(fields[.thread]), in: nil)
        return found.compactMap { found in
            guard case .element(let node) = found else { return nil }
            var item = reading.item(node)
            item.kind = kind
            item.thread.title = thread
            return item
        }
    }
}

/// One layout made ready for one page.
private struct LayoutReading {
    let layout: Layout
    let page: RulePage
    private let places: [Layout.Field: [RulePage.BoundPlace]]
    private let without: [BoundSelector]

    init(_ layout: Layout, _ page: RulePage) {
        self.layout = layout
        self.page = page
        places = layout.fields.mapValues { page.bind($0) }
        without = layout.without.map { page.tree.bind($0) }
    }

    private func value(_ field: Layout.Field, _ node: HTMLTree.Node) -> String? {
        places[field].flatMap { page.value($0, in: node) }
    }

    func item(_ node: HTMLTree.Node) -> PageItem {
        var item = PageItem(.rule)
        item.id = value(.id, node)
        item.title = value(.title, node)
        item.link = value(.link, node)
        item.author = value(.author, node)
        item.authorLink = value(.authorLink, node)
        item.published = (places[.date] ?? []).compactMap { page.value($0, in: node) }
        item.updated = value(.updated, node)
        item.replyTo = value(.replyTo, node)
        item.body = body(node)
        if let rating = value(.rating, node).flatMap({ Rating($0) }) {
            item.rating = rating.value
            item.scale = rating.scale ?? layout.scale
        }
        return item
    }

    private func body(_ node: HTMLTree.Node) -> RichText? {
        let places = places[.body] ?? []
        guard let element = page.element(places, in: node) else {
            return page.value(places, in: node).map { RichText($0, form: .plain) }
        }
        let leftOut = Set(without.flatMap { page.tree.select($0, in: element) ?? [] })
        let markup = page.markup(element, without: leftOut)
        return markup.isEmpty ? nil : RichText(markup, form: .html)
    }
}
