// An alert in words: what a person reads in a chat, a mail or a ticket. Strangers' text in it is on one line and not
// escaped yet; `Markup` does that when a format writes it down.

import Model

/// What an alert says, before any target's markup.
struct Wording: Equatable {
    /// What happened, on one line.
    var title: String
    /// The figures of a spike, the sources in trouble: a line each.
    private var facts: [String]
    /// Sources in trouble that the alert only counts.
    private var unnamed: Int
    var items: [Item]
    /// All mentions that the alert stands for.
    var count: Int

    /// One mention.
    struct Item: Equatable {
        var watch: String
        /// Where, by whom, when.
        var place: String
        var headline: String
        var link: String?
        /// The words around the matches, at most `Item.mostDetail` scalars of them.
        var excerpt: [Run]
        /// Why, beyond the words in the text: words in other fields, signals, copies.
        var notes: [String]
        /// The mention and its copies.
        var count: Int
    }
}

extension Wording {
    init(_ alert: Alert) {
        title = Self.title(alert)
        facts = Self.facts(alert)
        unnamed = alert.kind == .source && !alert.sources.isEmpty ? max(0, alert.count - alert.sources.count) : 0
        items = alert.mentions.map { Item($0, copies: alert.copies[$0.id]) }
        count = alert.count
    }

    /// The first `most` facts, a line each, and a line about those that are left.
    func factLines(_ most: Int = .max) -> [String] {
        let rest = max(0, facts.count - most) + unnamed
        return facts.prefix(most) + (rest > 0 ? ["and \(rest) more; the journal has them all"] : [])
    }

    private static func title(_ alert: Alert) -> String {
        let urgent = alert.priority == .high ? "Urgent: " : ""
        return urgent + what(alert)
    }

    private static func what(_ alert: Alert) -> String {
        let watches = watches(alert)
        switch alert.kind {
        case .mentions:
            guard let mention = alert.mentions.first, alert.mentions.count == 1 else {
                return mentions(alert.count) + watches
            }
            return mention.watch.onOneLine + ": " + Item.headline(mention)
        case .digest: return "Digest: " + mentions(alert.count) + watches
        case .overflow: return "More than the rate limit lets through: " + mentions(alert.count) + watches
        case .spike: return spike(alert)
        case .source:
            guard let source = alert.sources.first, alert.count <= 1 else { return "\(alert.count) sources in trouble" }
            return "Source \(source.name.onOneLine): \(words(source.state))"
        case .test: return "Test alert: if you can read this, the receiver \(alert.receiver.onOneLine) works"
        }
    }

    private static func mentions(_ count: Int) -> String {
        count == 1 ? "1 mention" : "\(count) mentions"
    }

    /// ` of acme, globex and 3 others`.
    private static func watches(_ alert: Alert) -> String {
        let names = alert.watches
        guard !names.isEmpty else { return "" }
        let others = names.count > 3 ? " and \(names.count - 3) others" : ""
        return " of " + names.prefix(3).map(\.onOneLine).joined(separator: ", ") + others
    }

    private static func spike(_ alert: Alert) -> String {
        let subject = alert.group.isEmpty ? "all mentions" : group(alert)
        guard let spike = alert.spike else { return "Spike: \(subject)" }
        guard alert.status != .resolved else { return "Over: \(words(spike.kind)) in \(subject)" }
        return "\(words(spike.kind).prefix(1).uppercased() + words(spike.kind).dropFirst()) in \(subject)"
    }

    private static func group(_ alert: Alert) -> String {
        alert.group.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)".onOneLine }.joined(separator: ", ")
    }

    private static func words(_ kind: Spike.Kind) -> String {
        switch kind {
        case .spike: "a spike"
        case .drop: "a drop"
        case .silence: "silence"
        }
    }

    private static func words(_ state: SourceTrouble.State) -> String {
        switch state {
        case .failing: "keeps failing"
        case .lost: "still fails"
        case .recovered: "works again"
        case .gap: "entries may have been missed"
        case .silent: "has gone silent"
        case .speaking: "publishes again"
        case .moved: "has moved"
        case .gone: "is gone for good"
        }
    }

    private static func facts(_ alert: Alert) -> [String] {
        var facts: [String] = []
        if alert.kind != .spike, !alert.group.isEmpty { facts.append(group(alert)) }
        if let spike = alert.spike { facts += figures(spike) }
        facts += alert.sources.map { source in
            let reason = source.reason.map { ": " + $0.onOneLine } ?? ""
            return "\(source.name.onOneLine) \(words(source.state))\(reason) (\(source.url.onOneLine))"
        }
        return facts
    }

    private static func figures(_ spike: Spike) -> [String] {
        let hours = spike.window / 3_600
        let window = hours == 1 ? "the last hour" : "the last \(decimal(hours)) hours"
        return [
            "\(mentions(spike.count)) in \(window) up to \(spike.end.inWords)",
            "usual: \(decimal(spike.mean)) ± \(decimal(spike.deviation)); bound: \(decimal(spike.threshold))",
            "since \(spike.since.inWords)",
        ]
    }

    private static func decimal(_ value: Double) -> String {
        let tenths = (value * 10).rounded() / 10
        return tenths == tenths.rounded() ? "\(Int(clamping: Int64(tenths)))" : "\(tenths)"
    }
}

extension Wording.Item {
    /// A title longer than this is cut, in UTF-16 units: it is a line among others.
    private static let longestHeadline = TextLimit.units(200)
    private static let longestName = TextLimit.units(80)
    /// Scalars of the text around its matches, where there is room for them.
    static let mostDetail = 600

    init(_ mention: Mention, copies: Alert.Copies?) {
        let entry = mention.entry
        watch = Self.longestName.cut(mention.watch.onOneLine)
        place = Self.place(mention)
        headline = Self.headline(mention)
        link = Link.safe(entry.link)
        let matches = mention.matches.filter { $0.field == .body && 0 <= $0.start && $0.start <= $0.end }
        excerpt = Excerpt.runs(of: entry.text, matches: matches.map { $0.start..<$0.end }, length: Self.mostDetail)
        notes = Self.notes(mention, copies)
        count = 1 + (copies?.count ?? 0)
    }

    /// The title; an entry without one has the beginning of its text for it.
    static func headline(_ mention: Mention) -> String {
        let title = mention.entry.title.onOneLine
        let text = title.isEmpty ? Excerpt.start(of: mention.entry.text, length: 80) : title
        return text.isEmpty ? "(no title)" : longestHeadline.cut(text)
    }

    private static func place(_ mention: Mention) -> String {
        var parts = ["in " + longestName.cut(mention.source.name.onOneLine)]
        let author = longestName.cut((mention.entry.author ?? "").onOneLine)
        if !author.isEmpty { parts[0] += " by " + author }
        if let published = mention.entry.published { parts.append(published.inWords) }
        if let rating = mention.entry.rating { parts.append("rated \(rating)") }
        if mention.edited { parts.append("after an edit") }
        return parts.joined(separator: ", ")
    }

    private static func notes(_ mention: Mention, _ copies: Alert.Copies?) -> [String] {
        var notes: [String] = []
        let elsewhere = mention.matches.filter { $0.field != .body }
        if !elsewhere.isEmpty {
            let words = elsewhere.prefix(5).map { match in
                "“\(longestName.cut(match.text.onOneLine))” in the \(match.field.rawValue)"
            }
            notes.append("Matched " + words.joined(separator: ", "))
        }
        for signal in mention.signals.prefix(5) {
            let words = signal.words.prefix(5).map { longestName.cut($0.onOneLine) }.joined(separator: ", ")
            notes.append("Signal " + longestName.cut(signal.name.onOneLine) + (words.isEmpty ? "" : " (\(words))"))
        }
        if let copies, copies.count > 0 {
            let names = copies.places.prefix(3).map { longestName.cut($0.source.onOneLine) }.joined(separator: ", ")
            notes.append("The same text in \(copies.count) other \(copies.count == 1 ? "place" : "places"): \(names)")
        }
        return notes
    }
}
