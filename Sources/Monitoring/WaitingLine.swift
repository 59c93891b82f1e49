// Which entries wait for their own pages, who is next, and who is given up. A decision: it is told the time, and asks
// nobody.

import Feeds
package import FoundationEssentials
package import Model

/// The entries of one source whose feed cuts them short, the next first.
package struct WaitingLine: Sendable {
    package private(set) var entries: [WaitingEntry]
    /// Entries that were given up: their pages could not be had, or too many waited.
    package private(set) var lost = 0

    /// A feed shows some tens of entries; a source that brings so many more than it lets us fetch will not be caught up
    /// with.
    package static let mostWaiting = 500
    /// Polls in which a page may fail, the server or the way to it being at fault.
    private static let mostTries = 5
    /// How long a host may have no turn for us, in seconds, before its entries are given up. Who asks for rest mostly
    /// asks for hours.
    private static let longestRest: TimeInterval = 3 * 86_400
    /// Of an entry's text as much as a feed shows that cuts it short; its beginning is enough to be found in the
    /// page's.
    private static let textKept = 2_048

    package init(_ entries: [WaitingEntry]) {
        self.entries = entries
    }

    /// Puts an entry in line; one that was edited while it waits is kept as it reads now.
    mutating func add(_ entry: Entry) {
        guard let link = entry.link, Address.parse(link) != nil else { return }
        var text = Mention.Text(entry, entry.plainText())
        // Longer ones are no address that a server takes.
        guard text.link == link else { return }
        text.text = text.text.cut(to: Self.textKept)
        add(WaitingEntry(identity: entry.identity, text: text))
    }

    /// The same. Where the line is full, one whose host rests makes room, else the new one is given up.
    package mutating func add(_ entry: WaitingEntry) {
        if let place = entries.firstIndex(where: { $0.identity == entry.identity }) {
            entries[place].text = entry.text
            return
        }
        if entries.count >= Self.mostWaiting {
            lost += 1
            guard let resting = entries.firstIndex(where: { $0.restsSince != nil }) else { return }
            entries.remove(at: resting)
        }
        entries.append(entry)
    }

    /// Whether an entry waits.
    func holds(_ entry: Entry) -> Bool {
        entries.contains { $0.identity == entry.identity }
    }

    /// Takes note of how asking for the page of an entry ended. What is to be asked for again goes to the end.
    package mutating func settle(_ entry: WaitingEntry, _ ending: Followed, at now: Date) {
        switch ending {
        case .read, .none:
            remove(entry)
            endRest(of: entry.host)
        case .closed: remove(entry)
        case .later: retry(entry)
        case .noTurn: rest(entry, at: now)
        case .calledOff: break
        }
    }

    private mutating func remove(_ entry: WaitingEntry) {
        entries.removeAll { $0.identity == entry.identity }
    }

    private mutating func retry(_ entry: WaitingEntry) {
        var entry = entry
        remove(entry)
        entry.tries += 1
        if entry.tries < Self.mostTries { entries.append(entry) } else { lost += 1 }
    }

    /// All entries of a host that rests let the others pass. The one that was asked for goes last: it may have been led
    /// elsewhere, and another be luckier.
    private mutating func rest(_ asked: WaitingEntry, at now: Date) {
        let host = asked.host
        let resting = entries.filter { $0.identity != asked.identity && $0.host == host } + [asked]
        let identities = Set(resting.map(\.identity))
        entries.removeAll { identities.contains($0.identity) }
        for var entry in resting {
            let since = entry.restsSince ?? now
            entry.restsSince = since
            if now.timeIntervalSince(since) < Self.longestRest { entries.append(entry) } else { lost += 1 }
        }
    }

    /// A host that brings a page now and then is slow, and not out of reach.
    private mutating func endRest(of host: String?) {
        for place in entries.indices where entries[place].restsSince != nil && entries[place].host == host {
            entries[place].restsSince = nil
        }
    }
}

/// What one poll asks of a line: each page once, and nothing more of a host that has no turn for us.
package struct PageRound: Sendable {
    private var asked: Set<String> = []
    private var resting: Set<String> = []

    /// Pages that are asked for in one poll.
    package static let most = 20

    package init() {}

    /// Who is next, if it is not enough.
    package mutating func next(in line: WaitingLine) -> WaitingEntry? {
        guard asked.count < Self.most else { return nil }
        let next = line.entries.first { entry in
            !asked.contains(entry.identity) && (resting.isEmpty || entry.host.map { !resting.contains($0) } ?? true)
        }
        if let next { asked.insert(next.identity) }
        return next
    }

    /// The host of an entry had no turn for us.
    package mutating func rest(_ entry: WaitingEntry) {
        if let host = entry.host { resting.insert(host) }
    }
}

extension WaitingEntry {
    /// Whom its page is asked of.
    fileprivate var host: String? { text.link.flatMap { Address.host($0) } }
}
