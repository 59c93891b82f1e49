// The JSON that `earshot parse` prints: one object for the feed, one for each entry. Times are seconds since 1970; what
// a document does not state is left out.

import Foundation
import Model

/// A feed as JSON lines.
struct FeedJSON {
    private let feed: Feed

    init(_ feed: Feed) {
        self.feed = feed
    }

    var feedLine: String {
        var line: [String: Any] = ["kind": "feed", "version": feed.version.rawValue, "encoding": feed.encoding]
        line["entry_count"] = feed.entries.count
        line["id"] = feed.id
        line["link"] = feed.link
        line["links"] = feed.links.map(link)
        line["language"] = feed.language
        line["published"] = feed.published.map(Self.seconds)
        line["updated"] = feed.updated.map(Self.seconds)
        line["tags"] = feed.categories.map(\.members)
        line["hubs"] =
            feed.hubs.isEmpty ? nil : feed.hubs.map { ["href": $0.url, "url": $0.url, "type": $0.type ?? ""] }
        line["self"] = feed.selfLink
        line["next"] = feed.next
        line["ttl"] = feed.pace.ttl.map { $0.components.seconds / 60 }
        line["update_period_seconds"] = feed.pace.period.map(\.components.seconds)
        line["skip_hours"] = feed.pace.skipHours.isEmpty ? nil : feed.pace.skipHours.sorted()
        line["skip_days"] = feed.pace.skipDays.isEmpty ? nil : feed.pace.skipDays.sorted()
        line["findings"] = Dictionary(uniqueKeysWithValues: feed.findings.all.map { ($0.kind.rawValue, $0.count) })
        Self.add(feed.title, "title", to: &line)
        Self.add(feed.subtitle, "subtitle", to: &line)
        Self.add(feed.authors, to: &line)
        ExtraJSON.add(feed.extras, to: &line)
        return Self.text(line)
    }

    func entryLine(_ index: Int) -> String {
        let entry = feed.entries[index]
        var line: [String: Any] = ["kind": "entry", "index": index, "identity": entry.identity]
        line["id"] = entry.id
        line["link"] = entry.link
        line["links"] = entry.links.map(link)
        line["published"] = entry.published.map(Self.seconds)
        line["updated"] = entry.updated.map(Self.seconds)
        line["language"] = entry.language
        line["content"] = entry.contents.isEmpty ? nil : entry.contents.map(\.value)
        line["content_info"] = entry.contents.map(Self.info)
        line["tags"] = entry.categories.map(\.members)
        line["comments"] = entry.comments?.link
        line["comments_count"] = entry.comments?.count
        line["wfw_commentrss"] = entry.comments?.feed
        line["in_reply_to"] = entry.inReplyTo
        line["rating"] = entry.rating
        line["enclosures"] = entry.enclosures.map(Self.enclosure)
        if entry.link != nil, entry.link == entry.id, !entry.links.contains(where: { $0.rel == "alternate" }) {
            line["id_is_permalink"] = true
        }
        if let source = entry.source {
            line["source"] = ["title": source.title, "id": source.id, "link": source.link].compactMapValues(\.self)
        }
        Self.add(entry.title, "title", to: &line)
        Self.add(entry.summary, "summary", to: &line)
        Self.add(entry.authors, to: &line)
        ExtraJSON.add(entry.extras, to: &line)
        return Self.text(line)
    }

    // MARK: Parts

    /// Whole seconds: no feed means more by its fractions.
    static func seconds(_ date: Date) -> Int {
        Int(date.timeIntervalSince1970.rounded(.down))
    }

    private static func text(_ line: [String: Any]) -> String {
        let options: JSONSerialization.WritingOptions = [.sortedKeys, .withoutEscapingSlashes]
        let data = try? JSONSerialization.data(withJSONObject: line, options: options)
        return data.map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    private static func add(_ text: RichText?, _ name: String, to line: inout [String: Any]) {
        guard let text else { return }
        line[name] = text.value
        line["\(name)_type"] = text.form == .plain ? "text/plain" : "text/html"
        line["\(name)_language"] = text.language
        line["\(name)_base"] = text.base
        line["\(name)_detail"] = ["type": text.form == .plain ? "text/plain" : "text/html", "value": text.value]
    }

    private static func info(_ text: RichText) -> [String: Any] {
        var info = ["value": text.value, "type": text.form == .plain ? "text/plain" : "text/html"]
        info["language"] = text.language
        info["base"] = text.base
        return info
    }

    private static func add(_ authors: [Person], to line: inout [String: Any]) {
        guard let first = authors.first else { return }
        line["authors"] = authors.map(\.members)
        line["author_parsed"] = first.members
        line["author"] = first.name ?? first.email
    }

    /// Atom states its links; those of other formats are made of addresses in text, one address however its host is
    /// written there.
    private func link(_ link: Link) -> [String: String] {
        var members = link.members
        if !feed.version.rawValue.hasPrefix("atom") { members["href"] = Address.normalised(link.href) }
        return members
    }

    private static func enclosure(_ enclosure: Enclosure) -> [String: String] {
        ["href": enclosure.url, "type": enclosure.type, "length": enclosure.length.map { "\($0)" }].compactMapValues(
            \.self)
    }
}
