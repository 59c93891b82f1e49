// The requests of one poll. It begins with the permission to ask its source's site one thing; for each further one, be
// it a redirect, a robots.txt or a page that an entry leads to, it waits for its turn like everybody else.

package import Fetching
package import FoundationEssentials
import Model
import Synchronization

/// Why a request was not made: whom it goes to has no turn for us for so long that nobody should wait for it.
package struct NoTurn: Error, Equatable {
    package var until: Date

    package init(until: Date) {
        self.until = until
    }
}

/// Fetches for one poll.
package final class PoliteFetcher: Sendable {
    /// What a poll has to say to whoever plans all of them.
    package struct Turns: Sendable {
        /// Lets go of what was asked before, and returns when `address` may be asked.
        ///
        /// `pause` is what its host wants between two requests, zero for nothing special; `nil` where that is not
        /// known.
        package typealias Wait = @Sendable (_ address: String, _ pause: Duration?) async throws(NoTurn) -> Void
        /// A host says that it is asked too often. Returns until when it is left alone, from now on; `nil` if it is
        /// not.
        package typealias Rest = @Sendable (Response) async -> Date?

        fileprivate let wait: Wait
        fileprivate let rest: Rest

        package init(wait: @escaping Wait, rest: @escaping Rest) {
            self.wait = wait
            self.rest = rest
        }
    }

    private let fetcher: Fetcher
    private let turns: Turns
    private let hasAsked = Mutex(false)

    package init(_ fetcher: Fetcher, _ turns: Turns) {
        self.fetcher = fetcher
        self.turns = turns
    }

    /// Fetches with redirects, each request at its turn.
    ///
    /// - Parameter pause: what the host wants between two requests, zero for nothing special; `nil` where that is not
    ///   known.
    func fetch(_ request: Request, pause: Duration? = nil) async throws(NoTurn) -> Fetched {
        try await waitForTurn(request.url, pause: pause)
        return try await fetchNow(request)
    }

    /// Returns when `address` may be asked; at once for the first, with the permission for which the poll begins.
    private func waitForTurn(_ address: String, pause: Duration?) async throws(NoTurn) {
        let mayAsk = hasAsked.withLock { hasAsked in
            defer { hasAsked = true }
            return !hasAsked
        }
        if !mayAsk { try await turns.wait(address, pause) }
    }

    private func fetchNow(_ request: Request) async throws(NoTurn) -> Fetched {
        try await fetcher.fetch(request) { address throws(NoTurn) in try await turns.wait(address, nil) }
    }

    /// The same for what is not the source's own document: a host that says that it is asked too often has no turn for
    /// anybody from then on, until its rest is over.
    func visit(_ request: Request, pause: Duration? = nil, at now: Date) async throws(NoTurn) -> Fetched {
        try await waitForTurn(request.url, pause: pause)
        return try await visitNow(request, at: now)
    }

    /// The same; `nil` where it is not needed any more when its turn comes.
    func visit(
        _ request: Request, at now: Date, ifStill isNeeded: @Sendable () async -> Bool
    ) async throws(NoTurn) -> Fetched? {
        try await waitForTurn(request.url, pause: nil)
        return await isNeeded() ? try await visitNow(request, at: now) : nil
    }

    private func visitNow(_ request: Request, at now: Date) async throws(NoTurn) -> Fetched {
        let fetched = try await fetchNow(request)
        if fetched.outcome == .failed(.cancelled) { throw NoTurn(until: now) }
        guard case .response(let response) = fetched.outcome,
            Manners.isThrottle(response.status, at: Site(response.address)), let until = await turns.rest(response)
        else { return fetched }
        throw NoTurn(until: until)
    }
}
