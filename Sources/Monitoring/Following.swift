// Entries whose feed cuts them short, followed to their own pages. They wait in line with the source's state, in the same
// transaction as everything else that a poll brought; a few are asked for at each poll, and each leaves the line with its
// text or with a reason.

import Feeds
import FoundationEssentials
import Model
import Pages

/// The entries of one source that wait, and what became of those that were asked for.
struct Following {
    /// The next first.
    private(set) var waiting: [WaitingEntry]
    /// Entries whose pages were read, with what these say beyond the feed, which may be nothing.
    private(set) var read: [(entry: WaitingEntry, texts: [RichText])] = []
    /// Entries that were given up: their pages failed too often, or too many waited.
    private(set) var lost = 0
    /// Entries whose pages robots.txt keeps closed.
    private(set) var closed = 0

    /// Pages that are fetched in one poll.
    static let mostInOnePoll = 20
    /// A feed shows some tens of entries; a source that brings so many more than it lets us fetch will not be caught up
    /// with.
    static let mostWaiting = 500
    /// Polls in which a page may fail, the server or the way to it being at fault.
    static let mostTries = 5
    /// Of an entry's text as much as a feed shows that cuts it short; its beginning is enough to be found in the page's.
    private static let textKept = 2_048

    init(_ waiting: [WaitingEntry]) {
        self.waiting = waiting
    }

    /// Puts an entry in line; one that was edited while it waits is kept as it reads now.
    mutating func add(_ entry: Entry) {
        guard let link = entry.link, Address.parse(link) != nil else { return }
        var text = Mention.Text(entry, entry.plainText())
        // Longer ones are no address that a server takes.
        guard text.link == link else { return }
        text.text = text.text.cut(to: Self.textKept)
        let added = WaitingEntry(identity: entry.identity, text: text)
        if let place = waiting.firstIndex(where: { $0.identity == entry.identity }) {
            waiting[place] = added
        } else if waiting.count < Self.mostWaiting {
            waiting.append(added)
        } else {
            lost += 1
        }
    }

    /// Whether an entry waits.
    func holds(_ entry: Entry) -> Bool {
        waiting.contains { $0.identity == entry.identity }
    }

    /// Hands out what the page of an entry said, once; `nil` if it was not read.
    mutating func takeTexts(of entry: Entry) -> [RichText]? {
        let place = read.firstIndex { $0.entry.identity == entry.identity }
        return place.map { read.remove(at: $0).texts }
    }

    /// Asks for the pages of the first in line. One that fails goes to the end of it, as does one whose site rests.
    mutating func follow(
        by visits: PageVisits, of source: Source, _ fetcher: PoliteFetcher, at now: Date
    ) async {
        var failed: [WaitingEntry] = []
        defer { waiting += failed }
        for _ in 0..<min(Self.mostInOnePoll, waiting.count) {
            guard let next = waiting.first, let link = next.text.link else { return }
            switch await visits.visit(link, of: source, fetcher, at: now) {
            case .document(let response):
                read.append((next, visits.reader.fullText(of: next.entry, in: response, at: now)))
            case .none: break
            case .closed: closed += 1
            case .later:
                var next = next
                next.tries += 1
                if next.tries < Self.mostTries { failed.append(next) } else { lost += 1 }
            case .noTurn: failed.append(next)
            case .enough: return
            }
            waiting.removeFirst()
        }
    }

    /// What a person should know of it; `nil` for nothing.
    var gap: String? {
        lost == 0 ? nil : "the pages of \(lost) entries could not be had: they were matched on what the feed says"
    }
}
