// From entries to mentions: what the watches find in an entry, in the shape that is stored and sent.

import Alerting
package import Configuration
import Feeds
package import FoundationEssentials
import Matching
package import Model

/// The compiled watches of one configuration; replaced whole on reload.
package struct Recogniser: Sendable {
    private let watches: [Watch]
    private let set: WatchSet
    private let signals: [Signal]
    private let signalSet: WatchSet

    package init(_ settings: Settings) {
        watches = settings.watches
        set = WatchSet(settings.queries)
        signals = settings.signals
        signalSet = WatchSet(settings.signalQueries)
    }

    /// The mentions in one entry.
    ///
    /// - Parameters:
    ///   - found: the time of the poll.
    ///   - edited: whether the entry was known before with another text.
    package func mentions(in entry: Entry, of source: Source, found: Date, edited: Bool) -> [Mention] {
        let text = entry.plainText()
        let document = document(entry, text, source)
        let hits = set.matches(in: document)
        // Most entries are no mention, and are not asked for signals.
        let signals = hits.isEmpty ? [] : signals(in: document)
        return hits.map { hit in
            let watch = watches[hit.query]
            return Mention(
                id: Identifiers.mention(address: source.key, entry: entry, watch: watch.name), watch: watch.name,
                labels: source.labels.merging(watch.labels) { _, own in own }, source: Mention.Origin(source),
                entry: Mention.Text(entry, text), matches: hit.matches.map { Mention.Place(cutting: $0) }, found: found,
                edited: edited, signals: signals)
        }
    }

    /// Words that are told of one signal.
    private static let mostWords = 5

    private func signals(in document: Document) -> [Mention.Signal] {
        signalSet.matches(in: document).map { hit in
            let words = hit.matches.prefix(Self.mostWords).map { $0.text.cut(to: 64) }
            return Mention.Signal(name: signals[hit.query].name, words: words)
        }
    }

    private func document(_ entry: Entry, _ text: PlainEntry, _ source: Source) -> Document {
        Document(
            title: text.title, body: text.body, author: text.author, url: entry.link ?? "",
            language: entry.language ?? "", source: source.name,
            kind: entry.kind?.rawValue ?? Source.Kind.feed.rawValue, rating: entry.stars,
            labels: source.labels)
    }
}

extension Mention.Origin {
    init(_ source: Source) {
        self.init(name: source.name, url: Address.shown(source.url), kind: source.kind)
    }
}

extension Mention.Place {
    /// Start and end are those of the whole match.
    fileprivate init(cutting match: Match) {
        self.init(match)
        text = text.cut(to: Self.textLimit)
    }
}

extension Mention.Text {
    /// What a stranger wrote is cut to sizes that every receiver can take.
    init(_ entry: Entry, _ text: PlainEntry) {
        self.init(
            id: entry.id?.cut(to: 1_024), title: text.title.cut(to: 1_024), link: entry.link?.cut(to: 2_048),
            author: text.author.isEmpty ? nil : text.author.cut(to: 256), published: entry.published,
            language: entry.language?.cut(to: 64), kind: entry.kind, thread: entry.thread?.title?.cut(to: 1_024),
            replyTo: entry.inReplyTo?.cut(to: 1_024), rating: entry.stars, text: text.body.cut(to: Mention.textLimit))
    }
}

extension String {
    /// At most `limit` UTF-8 bytes, ending between two characters; inside one that is longer than 64 bytes, as no
    /// honest one is, between two scalars.
    func cut(to limit: Int) -> String {
        guard utf8.count > limit else { return self }
        // The scalar behind the limit says whether a character ends there; the rest of one that a stranger made
        // megabytes long would be read again for every place that is tried.
        let text = String(self[..<utf8.index(startIndex, offsetBy: min(limit + 4, utf8.count))])
        let end = text.utf8.index(text.startIndex, offsetBy: limit)
        let ends = (0..<min(64, limit)).lazy.map { text.utf8.index(end, offsetBy: -$0) }
        let whole = ends.first { String.Index($0, within: text) != nil }
        let scalar = ends.first { String.Index($0, within: text.unicodeScalars) != nil }
        return String(text[..<(whole ?? scalar ?? text.startIndex)])
    }
}
