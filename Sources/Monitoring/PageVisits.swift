// The requests that a poll makes beside its first: later pages of a list, and the pages of entries whose feed cuts them
// short. One after the other, few, and only where the site's robots.txt lets us.

import Configuration
import Fetching
import FoundationEssentials
import Model
import Pages

struct PageVisits: Sendable {
    let fetcher: Fetcher
    let reader: DocumentReader
    let gate: RobotsGate
    let userAgent: String
    let allowsPrivateAddresses: Bool

    /// Entries whose own page is fetched in one poll; the rest is matched on what the feed says.
    private static let mostFollowed = 20
    static let accepted = "text/html, application/xhtml+xml, application/json;q=0.9, */*;q=0.5"

    /// Whether a document may be read at all: pages are made for people, and their site decides.
    func allows(_ document: ReadDocument, of source: Source, at now: Date) async -> Bool {
        guard source.kind == .auto, document.isPage else { return true }
        return await gate.allows(source.url, at: now)
    }

    /// The entries of the pages after the first, as far as they lead on and the user wants; one that fails ends them,
    /// and loses nothing that a later poll will not find.
    func furtherPages(_ first: ReadDocument, of source: Source, at now: Date) async -> [Entry] {
        var known = Set(first.entries.map(\.marks.identity))
        var visited: Set<String> = [source.url]
        var entries: [Entry] = []
        var next = first.next
        for _ in 1..<max(1, reader.settings(for: source).pages) {
            guard let address = next, visited.insert(address).inserted,
                Address.origin(address) == Address.origin(source.url),
                let response = await page(address, of: source, at: now),
                let document = try? reader.read(response, of: source, at: now)
            else { break }
            entries += document.entries.filter { known.insert($0.marks.identity).inserted }
            next = document.next
        }
        return entries
    }

    /// The entries, of which those that are new have their own page's text as well. Each is fetched once: the next poll
    /// knows it.
    func followed(_ entries: [Entry], of source: Source, seen: SeenEntries?, at now: Date) async -> [Entry] {
        let novelty = (seen ?? SeenEntries()).novelty(of: entries.map(\.marks))
        var entries = entries
        var left = Self.mostFollowed
        for index in entries.indices where novelty[index] == .new && left > 0 {
            guard let link = entries[index].link, Address.parse(link) != nil else { continue }
            left -= 1
            guard let response = await page(link, of: source, at: now),
                let text = reader.fullText(of: entries[index], in: response, at: now)
            else { continue }
            entries[index].contents.append(text)
        }
        return entries
    }

    /// The answer to one more request. What the user configured for the source goes to its own server only.
    private func page(_ address: String, of source: Source, at now: Date) async -> Response? {
        guard await gate.allows(address, at: now) else { return nil }
        let isOwn = Address.origin(address) == Address.origin(source.url)
        let headers = [Header("User-Agent", userAgent), Header("Accept", Self.accepted)]
        let request = Request(
            url: address, headers: headers + (isOwn ? source.headers : []),
            limits: FetchLimits(bodyBytes: PageReader.largest), allowsPrivateAddresses: allowsPrivateAddresses)
        guard case .response(let response) = await fetcher.fetch(request).outcome,
            (200..<300).contains(response.status)
        else { return nil }
        return response
    }
}
