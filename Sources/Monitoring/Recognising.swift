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
        let isReadAnew = poll.isReadAnew
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
        reading.settingsMark = reader.mark(of: document, from: source)
        if isGap, !isReadAnew { reading.entriesMissed = now }
        poll.hasRead = true

        let changed = zip(document.entries, novelty).filter { $0.1 != .unchanged }.map { ($0.asMeant, $1) }
        let last = poll.state.answered ?? reading.baseline
        let isNews = { (entry: Entry) in
            if before == nil { return entry.isNews(at: now, lookback: source.lookback) }
            return !isReadAnew || entry.isNews(at: now, since: last)
        }
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
        let fresh = isReadAnew ? changed.filter { isNews($0.0) } : changed
        let new = fresh.filter { $0.1 == .new }.map { $0.0.date(now: now) }
        if before == nil || !new.isEmpty { poll.state.rhythm.learn(new, at: now) }
        if !fresh.isEmpty { poll.state.changed = now }
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

    /// Whether an entry is certain to be younger than the last document, where that was read by other settings and the
    /// entry may be one of those in it. One without a date is not.
    fileprivate func isNews(at now: Date, since last: Date) -> Bool {
        date(now: now).map { $0 >= last } ?? false
    }
}
