// From words to one text in a target's markup, as long as the target takes. Every mention is named as long as there is
// room for a line about it: the words around the matches get shorter first.

package import Model

extension Wording {
    /// Scalars of text around the matches of each mention, the most that fits.
    private static let details = [Item.mostDetail, 300, 150, 80, 0]

    /// The facts and mentions, without the title.
    func body(_ markup: Markup, within limit: TextLimit) -> String {
        let facts = factLines().map(markup.escape)
        for detail in Self.details {
            let lines = items.map { $0.lines(markup, detail: detail) }
            let text = Self.joined(facts, lines, unsaid: unsaid(after: items.count), markup)
            if limit.takes(text) { return text }
        }
        return asMuchAsFits(facts, markup, limit)
    }

    /// The title in bold, then the rest.
    func text(_ markup: Markup, within limit: TextLimit) -> String {
        let head = markup.strong(TextLimit(count: limit.count / 2, unit: limit.unit).cut(title, escape: markup.escape))
        let body = body(markup, within: limit.less(head + markup.lineBreak))
        return body.isEmpty ? head : head + markup.lineBreak + body
    }

    /// The facts, and mentions without the words around their matches, until there is no more room.
    private func asMuchAsFits(_ facts: [String], _ markup: Markup, _ limit: TextLimit) -> String {
        var lines: [[String]] = []
        var best = ""
        for item in items {
            lines.append(item.lines(markup, detail: 0))
            let text = Self.joined(facts, lines, unsaid: unsaid(after: lines.count), markup)
            guard limit.takes(text) else { break }
            best = text
        }
        guard best.isEmpty else { return best }
        // Not even one: its headline.
        return items.first.map { limit.cut($0.headline, escape: markup.escape) } ?? asManyFactsAsFit(markup, limit)
    }

    private func asManyFactsAsFit(_ markup: Markup, _ limit: TextLimit) -> String {
        let all = factLines()
        var best = ""
        for count in all.indices.dropFirst() {
            let text = factLines(count).map(markup.escape).joined(separator: markup.lineBreak)
            guard limit.takes(text) else { break }
            best = text
        }
        return best.isEmpty ? limit.cut(all.joined(separator: "; "), escape: markup.escape) : best
    }

    /// What the first `shown` items leave unsaid.
    private func unsaid(after shown: Int) -> String? {
        let rest = count - items.prefix(shown).reduce(0) { $0 + $1.count }
        return rest > 0 && !items.isEmpty ? "… and \(rest) more; the journal has them all" : nil
    }

    private static func joined(_ facts: [String], _ items: [[String]], unsaid: String?, _ markup: Markup) -> String {
        let paragraphs = [facts] + items + [[unsaid.map(markup.escape)].compactMap { $0 }]
        return paragraphs.filter { !$0.isEmpty }.map { $0.joined(separator: markup.lineBreak) }
            .joined(separator: markup.lineBreak + markup.lineBreak)
    }
}

extension Wording.Item {
    /// The mention in lines of `markup`.
    ///
    /// - Parameter detail: scalars of the text around its matches.
    func lines(_ markup: Markup, detail: Int) -> [String] {
        let title = markup.escape(headline)
        var lines = [
            markup.strong(markup.escape(watch)) + " " + markup.escape(place),
            link.map { markup.link(title, $0) } ?? title,
        ]
        let runs = Excerpt.shortened(excerpt, to: detail)
        if !runs.isEmpty {
            let written = runs.map { $0.isMatch ? markup.strong(markup.escape($0.text)) : markup.escape($0.text) }
            lines.append(written.joined())
        }
        return lines + (detail > 0 ? notes.map(markup.escape) : [])
    }
}

extension Alert {
    /// The alert as a person reads it, in plain text of at most 60 kB.
    package var inWords: String {
        let words = Wording(self)
        let body = words.body(.plain, within: .bytes(60_000))
        return body.isEmpty ? words.title : words.title + "\n\n" + body
    }
}
