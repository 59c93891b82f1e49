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
    var yaml: String?
    /// Why there are no entries.
    var failure: String?
    var advice: String?

    static func make(_ subject: Subject, wish: PageWish, catalog: EngineCatalog) -> Inspection {
        var inspection = Inspection(subject: subject)
        if let refusal = subject.refusal {
            inspection.failure = refusal
            inspection.advice = subject.address.flatMap { catalog.advice(address: $0) }
            return inspection
        }
        let isFeedWanted = wish == PageWish()
        if isFeedWanted,
            let feed = try? FeedReader().read(
                subject.bytes, address: subject.address, headers: subject.headers, now: Date()), !feed.entries.isEmpty
        {
            inspection.take(feed)
        } else {
            inspection.take(wish, catalog)
        }
        return inspection
    }

    private mutating func take(_ feed: Feed) {
        self.feed = feed
        what = "a feed (\(feed.version.rawValue))"
        yaml = subject.address.map { SourceLines(url: $0, kind: .feed, name: feed.title?.plain).text }
    }

    private mutating func take(_ wish: PageWish, _ catalog: EngineCatalog) {
        do throws(PageError) {
            let page = try PageReader(catalog: catalog).read(
                subject.bytes, address: subject.address, headers: subject.headers, wish: wish, now: Date())
            self.page = page
            feed = page.feed
            ways = page.waysIn(address: subject.address)
            advice = page.engine?.advice
            describe(page, wish)
        } catch {
            failure = "\(error)"
        }
    }

    private mutating func describe(_ page: Page, _ wish: PageWish) {
        let form = page.feed.version == .endpoint ? "JSON" : "a page"
        let engine = page.engine.map { " of \($0.name)" } ?? ""
        let layout = page.layout.map { " (\($0))" } ?? ""
        what = "\(form)\(engine)\(layout)"
        if page.feed.entries.isEmpty { failure = "no entries were found on it" }
        guard let best = ways.first(where: { $0.form == .page || $0.isNamed }) ?? ways.first else {
            yaml = subject.address.map { SourceLines(url: $0, kind: .json, name: nil).text }
            return
        }
        let kind = Source.Kind(rawValue: best.form.rawValue) ?? .page
        var lines = SourceLines(url: best.url, kind: kind, name: page.feed.title?.plain)
        lines.engine = best.form == .page ? page.engine?.id : nil
        yaml = lines.text
    }
}

/// The lines of a source in a configuration.
struct SourceLines {
    var url: String
    var kind: Source.Kind
    var name: String?
    var engine: String?

    var text: String {
        var lines = ["- url: \(Self.quoted(url))"]
        if let name, !name.isEmpty { lines.append("  name: \(Self.quoted(String(name.prefix(80))))") }
        if kind != .feed { lines.append("  kind: \(kind.rawValue)") }
        if let engine { lines.append("  engine: \(engine)") }
        return lines.joined(separator: "\n")
    }

    /// As YAML's double quotes have it.
    private static func quoted(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(escaped.filter { !$0.isNewline })\""
    }
}
