// An example that an engine's file carries: a page, and the entries that are in it, which the engine is held to
// whenever the configuration is read.

import Feeds
import Foundation
package import Model
import Pages
import Yams

/// A page of an engine, and what it should give.
package struct EngineExample {
    private let bytes: [UInt8]
    private let address: String
    private let now: Date
    private let lines: [(text: String, node: Node)]
    private let node: Node

    private static let keys = ["page", "file", "address", "at", "entries"]
    /// A saved page; the largest of 2,008 had 5.1 MB.
    private static let largest = 16 << 20

    /// `nil` where it cannot be read, with the reason among the file's problems.
    init?(_ node: Node, in file: YAMLFile) {
        guard let section = Section(node, in: file, what: "an example", knowing: Self.keys) else { return nil }
        guard let bytes = Self.page(section) else { return nil }
        self.bytes = bytes
        self.node = node
        address = section.address("address") ?? "https://example.com/"
        now = section.date("at") ?? Date()
        if section.node("entries") == nil { file.problem("`entries` is missing", at: node) }
        lines = section.list("entries").compactMap { node in file.text(node, of: "entries").map { ($0, node) } }
    }

    private static func page(_ section: Section) -> [UInt8]? {
        guard (section.node("page") == nil) != (section.node("file") == nil) else {
            section.file.problem("an example has one of `page` and `file`", at: section.node)
            return nil
        }
        if section.node("page") != nil { return section.text("page").map { Array($0.utf8) } }
        guard let path = section.text("file").map(section.file.resolve) else { return nil }
        guard let data = FileManager.default.contents(atPath: path), data.count <= largest else {
            section.problem("\(path): cannot be read, or is larger than 16 MiB", at: "file")
            return nil
        }
        return [UInt8](data)
    }

    /// Notes wherever the engine does not hold to it.
    ///
    /// - Parameter catalog: all engines, so that the page must be known among all others' pages. An engine without
    ///   marks is asked for by name.
    func check(_ engine: Engine, in catalog: EngineCatalog, reportingTo file: YAMLFile) {
        var wish = PageWish()
        if engine.recognition.isEmpty { wish.engine = engine.id }
        do throws(PageError) {
            let page = try PageReader(catalog: catalog).read(
                bytes, address: address, headers: [], wish: wish, now: now)
            if page.engine?.id != engine.id {
                let other = page.engine.map { "is taken for one of \($0.name)" } ?? "bears none of the engine's marks"
                file.unmet("the page of this example \(other)", at: node)
            }
            compare(page.feed.entries.map(Self.line), file)
        } catch {
            file.unmet("the page of this example cannot be read: \(error)", at: node)
        }
    }

    private func compare(_ found: [String], _ file: YAMLFile) {
        for (index, line) in lines.enumerated() where Self.plain(line.text) != found.dropFirst(index).first {
            let instead = found.dropFirst(index).first.map { "is `\($0)`" } ?? "is not there"
            file.unmet("entry \(index + 1) of the page \(instead)", at: line.node)
        }
        if found.count > lines.count {
            file.unmet("the page has \(found.count) entries; the next one is `\(found[lines.count])`", at: node)
        }
    }

    /// An entry on one line: id | author | minute, in UTC | title | rating | reply to | text, with `\n` for a new line.
    package static func line(_ entry: Entry) -> String {
        let rating = entry.rating.map { $0.formatted(.number.precision(.fractionLength(0...1))) }
        let text = entry.plainText().body.replacing("\n", with: "\\n")
        let minute = entry.published.map { String($0.formatted(.iso8601).prefix(16)) }
        let parts = [entry.id, entry.authors.first?.name, minute, entry.title?.value, rating, entry.inReplyTo, text]
        return plain(parts.map { $0 ?? "" }.joined(separator: " | "))
    }

    /// However the columns are set apart.
    private static func plain(_ line: String) -> String {
        line.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

extension Section {
    fileprivate func date(_ key: String) -> Date? {
        guard let text = text(key) else { return nil }
        if case .date(let date)? = FeedDate(text) { return date }
        problem("`\(key)`: `\(text)` is not a time such as 2025-06-15T12:00:00Z", at: key)
        return nil
    }
}
