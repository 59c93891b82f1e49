// From a document's entries to mentions, and to what is remembered of the document for the next poll.

import Feeds
import FoundationEssentials
import Model
import Pages
import Storage

extension Poller {
    /// Drops what was seen before and is unchanged, and looks for mentions in the rest.
    func recognise(
        _ document: ReadDocument, _ hash: UInt64, of source: Source, into poll: inout Poll, at now: Date
    ) {
        let document = document.withoutCopies
        let before = poll.state.reading
        var seen = before?.seen ?? SeenEntries()
        let marks = document.entries.marks(keyedBy: seen.key, hasAliases: document.isFeed)
        let novelty = seen.novelty(of: marks)
        let isGap = seen.isGap(before: marks)
        if seen.key == nil {
            // Of before marks had keys: known by them once more, and remembered under one from now on.
            seen = SeenEntries()
            seen.remember(document.entries.marks(keyedBy: seen.key, hasAliases: document.isFeed))
        } else {
            seen.remember(marks)
        }
        var reading = before ?? Reading(bodyHash: hash, baseline: now, seen: seen)
        reading.bodyHash = hash
        reading.seen = seen
        if isGap { reading.entriesMissed = now }
        poll.hasRead = true

        let changed = zip(document.entries, novelty).filter { $0.1 != .unchanged }.map { ($0.asMeant, $1) }
        let isNews = { (entry: Entry) in before != nil || entry.isNews(at: now, lookback: source.lookback) }
        for (entry, novelty) in changed {
            let mentions = recogniser.mentions(in: entry, of: source, found: now, edited: novelty == .edited)
            if isNews(entry) { poll.mentions += mentions } else { poll.before += mentions.map(\.id) }
        }
        var line = WaitingLine(follows(source) ? reading.waiting : [])
        if follows(source) {
            // Once an entry: an edit of one that was followed is judged by what the feed says.
            for (entry, novelty) in changed where isNews(entry) && (novelty == .new || line.holds(entry)) {
                line.add(entry)
            }
        }
        reading.note(line, at: now)
        poll.state.reading = reading

        poll.findings = document.findings
        poll.state.findings = poll.findings.text
        let new = changed.filter { $0.1 == .new }.map { $0.0.date(now: now) }
        if before == nil || !new.isEmpty { poll.state.rhythm.learn(new, at: now) }
        if !changed.isEmpty { poll.state.changed = now }
        poll.outcome = .read(
            PollOutcome.Read(entries: document.entries.count, new: new.count, mentions: poll.mentions.count))
    }
}

extension Entry {
    /// Whether an entry of the first poll may alert: by its date it is inside the look-back. One without a date is as
    /// old as the poll.
    fileprivate func isNews(at now: Date, lookback: Duration) -> Bool {
        guard lookback > .zero else { return false }
        return date(now: now) ?? now >= now - lookback / .seconds(1)
    }
}
