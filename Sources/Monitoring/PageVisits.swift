// The requests that a poll makes beside its first: later pages of a list, and the pages of entries whose feed cuts them
// short. One after the other, few, and only where the site's robots.txt lets us.

import Configuration
import Fetching
import FoundationEssentials
import Model
import Pages

struct PageVisits: Sendable {
    let reader: DocumentReader
    let gate: RobotsGate
    let userAgent: String
    let allowsPrivateAddresses: Bool

    static let accepted = "text/html, application/xhtml+xml, application/json;q=0.9, */*;q=0.5"

    /// Whether the site of a document has a say and was not asked for it: pages are made for people.
    func needsLeave(for document: ReadDocument, of source: Source) -> Bool {
        source.kind == .auto && document.isPage
    }

    /// The entries of the pages after the first, as far as they lead on and the user wants; one that fails ends them,
    /// and loses nothing that a later poll will not find.
    func furtherPages(
        _ first: ReadDocument, of source: Source, at start: String, _ fetcher: PoliteFetcher, at now: Date
    ) async -> [Entry] {
        var known = Set(first.entries.map(\.identity))
        var visited: Set<String> = [start]
        var entries: [Entry] = []
        var next = first.next
        for _ in 1..<max(1, reader.settings(for: source).pages) {
            guard let address = next, visited.insert(address).inserted,
                Address.origin(address) == Address.origin(start),
                case .document(let response) = await visit(address, of: source, fetcher, at: now),
                let document = try? reader.read(response, of: source, at: now)
            else { break }
            entries += document.entries.filter { known.insert($0.identity).inserted }
            next = document.next
        }
        return entries
    }

    /// How one more request ended.
    enum Visit {
        case document(Response)
        /// Robots.txt says no.
        case closed
        /// There is no such page, and there will not be: the server or the address says so.
        case none
        /// Another time it may be there.
        case later
        /// Its site rests, or has no turn for us for so long that nobody waits.
        case noTurn
        /// We are to end.
        case calledOff
    }

    func visit(_ address: String, of source: Source, _ fetcher: PoliteFetcher, at now: Date) async -> Visit {
        do throws(NoTurn) {
            return try await ask(address, of: source, fetcher, at: now)
        } catch {
            return Task.isCancelled ? .calledOff : .noTurn
        }
    }

    /// What the user configured for the source goes to its own server only.
    private func ask(
        _ address: String, of source: Source, _ fetcher: PoliteFetcher, at now: Date
    ) async throws(NoTurn) -> Visit {
        let answer = try await gate.answer(for: address, fetcher, at: now)
        if let failure = answer.failure { return failure == .disallowed ? .closed : .later }
        let isOwn = Address.origin(address) == Address.origin(source.url)
        let headers = [Header("User-Agent", userAgent), Header("Accept", Self.accepted)]
        let request = Request(
            url: address, headers: headers + (isOwn ? source.headers : []),
            limits: FetchLimits(bodyBytes: PageReader.largest), allowsPrivateAddresses: allowsPrivateAddresses)
        let page = try await fetcher.visitPage(request, pause: answer.pause ?? .zero, leave: gate, at: now)
        switch page.map(\.outcome) {
        case .failure(let noLeave): return noLeave.failure == .disallowed ? .closed : .later
        case .success(let outcome): return Self.visit(outcome)
        }
    }

    private static func visit(_ outcome: FetchOutcome) -> Visit {
        switch outcome {
        case .response(let response) where (200..<300).contains(response.status): return .document(response)
        case .response(let response) where Manners.isThrottle(response.status, at: Site(response.address)):
            return .noTurn
        // RFC 9110, 15.5.9 and 15.6; RFC 8470, 5.2.
        case .response(let response):
            return [408, 425].contains(response.status) || response.status >= 500 ? .later : .none
        case .failed(let failure): return failure.isOfTheAddress ? .none : .later
        }
    }
}

extension FetchFailure {
    /// Whether the address itself is at fault, so that it will fail another time too.
    fileprivate var isOfTheAddress: Bool {
        switch self {
        case .badAddress, .badRequest, .privateAddress, .bodyTooLarge, .tooManyRedirects, .badRedirect: true
        default: false
        }
    }
}
