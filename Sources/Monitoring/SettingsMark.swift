// By which settings a page was read, as one number that is the same in every process: other settings may find other
// entries on it, or know the same ones by other names.

import Crypto
import Markup
import Model
import Pages

/// Hashes what decides which entries a page has, and by what they are known. Not its time zone: that moves dates only.
struct SettingsMark {
    /// A feed's: no setting has a say in how it is read.
    static let ofFeeds: UInt64 = 0

    private var hash = SHA256()

    /// - Parameter engines: the marks of the user's own engines that may have a say. Those that come with Earshot keep
    ///   their entries' names.
    static func of(_ settings: PageSettings, engines: [UInt64]) -> UInt64 {
        var mark = SettingsMark()
        mark.add("\(settings.pages)")
        mark.add(settings.wish.engine)
        mark.add("\(settings.wish.watchesText)")
        mark.add(settings.wish.layout.map { [$0] } ?? []) { $0.add($1) }
        mark.add(settings.wish.document.map { [$0] } ?? []) { $0.add($1) }
        mark.add(engines) { $0.add("\($1)") }
        return mark.value
    }

    static func of(_ engine: Engine) -> UInt64 {
        var mark = SettingsMark()
        mark.add(engine.id)
        mark.add(engine.recognition) { mark, signs in mark.add(signs) { $0.add("\($1)") } }
        mark.add(engine.layouts) { $0.add($1) }
        mark.add(engine.documents) { $0.add($1) }
        return mark.value
    }

    private var value: UInt64 {
        hash.finalize().prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Its name is left out: it is the same layout under another.
    private mutating func add(_ layout: Layout) {
        add(layout.itemsText)
        for field in Layout.Field.allCases { add(layout.fields[field]) }
        add(layout.without) { $0.add($1.text) }
        add("\(layout.scale, default: "")")
        add("\(layout.dayFirst, default: "")")
        add("\(layout.listsThreads)\(layout.opens)")
    }

    private mutating func add(_ layout: JSONLayout) {
        add(layout.embedded)
        add(layout.items.text)
        for field in Layout.Field.allCases { add(layout.fields[field] ?? []) { $0.add($1.text) } }
        add(layout.link)
        add("\(layout.scale, default: "")")
        add("\(layout.listsThreads)")
    }

    private mutating func add(_ locator: Locator?) {
        add(locator?.places ?? []) { $0.add($1.text) }
    }

    private mutating func add<Part>(_ parts: [Part], _ add: (inout SettingsMark, Part) -> Void) {
        self.add("\(parts.count)")
        for part in parts { add(&self, part) }
    }

    /// A text and its end, by a byte that no UTF-8 holds; another one for none.
    private mutating func add(_ text: String?) {
        hash.update(data: text.map { Array($0.utf8) } ?? [0xFE])
        hash.update(data: [0xFF])
    }
}
