// What a source's section says of its pages: kind, engine, selectors, time zone, how many pages, what to watch.

import Foundation
import Model
import Pages
import Yams

struct PageSettingsReader {
    /// The ids that `engine:` may say.
    let engines: [String]

    static let keys = ["kind", "engine", "selectors", "timezone", "pages", "follow", "watch"]

    /// The source's kind, and its pages' settings; a feed of which nothing is said has none.
    func read(_ section: Section) -> (kind: Source.Kind, settings: PageSettings?) {
        let kind = kind(section)
        var settings = PageSettings()
        settings.wish.engine = engine(section)
        settings.wish.zone = zone(section)
        settings.wish.watchesText = watchesText(section)
        settings.follows = section.bool("follow") ?? false
        settings.pages = pages(section)
        selectors(section, kind, &settings.wish)
        if kind == .feed { refuseForFeeds(section) }
        return (kind, kind == .feed && settings == PageSettings() ? nil : settings)
    }

    private func kind(_ section: Section) -> Source.Kind {
        guard let text = section.text("kind"), let node = section.node("kind") else { return .feed }
        if let kind = Source.Kind(rawValue: text) { return kind }
        let suggestion = Suggestion.text(for: text, among: ["auto", "feed", "page", "json"])
        section.file.problem("`kind` is auto, feed, page or json, not `\(text)`\(suggestion)", at: node)
        return .auto
    }

    private func engine(_ section: Section) -> String? {
        guard let id = section.text("engine"), let node = section.node("engine") else { return nil }
        if !engines.contains(id) {
            let suggestion = Suggestion.text(for: id, among: engines)
            section.file.problem("there is no engine `\(id)`\(suggestion)", at: node)
        }
        return id
    }

    private func zone(_ section: Section) -> TimeZone? {
        guard let text = section.text("timezone"), let node = section.node("timezone") else { return nil }
        guard let zone = TimeZone(identifier: text) else {
            section.file.problem("`timezone`: `\(text)` is not a time zone such as Europe/Amsterdam", at: node)
            return nil
        }
        return zone
    }

    private func watchesText(_ section: Section) -> Bool {
        guard let text = section.text("watch"), let node = section.node("watch") else { return false }
        if text != "text" { section.file.problem("`watch` is `text` or left out, not `\(text)`", at: node) }
        return text == "text"
    }

    /// More pages than these in one poll are a crawl.
    private static let mostPages = 10

    private func pages(_ section: Section) -> Int {
        guard let text = section.text("pages"), let node = section.node("pages") else { return 1 }
        guard let count = Int(text), (1...Self.mostPages).contains(count) else {
            section.file.problem("`pages` is a number from 1 to \(Self.mostPages), not `\(text)`", at: node)
            return 1
        }
        return count
    }

    private func selectors(_ section: Section, _ kind: Source.Kind, _ wish: inout PageWish) {
        guard let node = section.node("selectors") else { return }
        let file = section.file
        let keys = kind == .json ? LayoutReader.jsonKeys : LayoutReader.keys
        guard let selectors = Section(node, in: file, what: "`selectors`", knowing: keys) else { return }
        let reader = LayoutReader(file: file)
        if kind == .json {
            wish.document = reader.document(selectors, name: "selectors")
        } else {
            wish.layout = reader.layout(selectors, name: "selectors")
        }
    }

    private func refuseForFeeds(_ section: Section) {
        for key in ["engine", "selectors", "pages", "watch"] {
            guard let node = section.node(key) else { continue }
            section.file.problem("`\(key)` goes with `kind: page` or `kind: json`", at: node)
        }
    }
}
