// Entries whose feed cuts them short, followed to their own pages. They are remembered with all else that a document
// said, and wait in line; a few are asked for after each poll, and each leaves the line with its text or with a reason.

import FoundationEssentials
package import Model
import Pages

/// How asking for the page of an entry ended.
package enum Followed: Sendable {
    /// It was read, with the mentions in what it says beyond the feed.
    case read([Mention])
    /// There is no such page, and there will not be.
    case none
    /// Robots.txt keeps it closed.
    case closed
    /// Another time it may be there.
    case later
    /// Its host rests, or has no turn for us for so long that nobody waits.
    case noTurn
    /// We are to end.
    case calledOff

    var mentions: [Mention] {
        if case .read(let mentions) = self { mentions } else { [] }
    }
}

extension Poller {
    /// Whether the user wants a source's entries followed.
    package func follows(_ source: Source) -> Bool {
        reader.settings(for: source).follows
    }

    /// Fetches the page of an entry; off every actor, as `poll` does. It may wait for its turn, and holds no more than
    /// the entry then.
    @concurrent
    func visit(
        _ waiting: WaitingEntry, of source: Source, _ fetcher: PoliteFetcher, at now: Date
    ) async -> PageVisits.Visit {
        guard let link = waiting.text.link else { return .none }
        return await visits.visit(link, of: source, fetcher, at: now)
    }

    /// Reads and recognises the page of an entry, of which nothing is kept but mentions; off every actor, too.
    @concurrent
    func follow(
        _ waiting: WaitingEntry, to visit: PageVisits.Visit, of source: Source, at now: Date
    ) async -> Followed {
        switch visit {
        case .document(let response):
            var entry = waiting.entry
            let texts = reader.fullText(of: entry, in: response, at: now)
            // What the feed says was looked at before.
            guard !texts.isEmpty else { return .read([]) }
            entry.contents += texts
            return .read(recogniser.mentions(in: entry, of: source, found: now, edited: false))
        case .none: return .none
        case .closed: return .closed
        case .later: return .later
        case .noTurn: return .noTurn
        case .calledOff: return .calledOff
        }
    }
}
