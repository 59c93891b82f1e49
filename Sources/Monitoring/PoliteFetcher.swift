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
    /// Lets go of what was asked before, and returns when `address` may be asked.
    ///
    /// - Parameter pause: what its site wants between two requests, where it says so.
    package typealias Turn = @Sendable (_ address: String, _ pause: Duration?) async throws(NoTurn) -> Void

    private let fetcher: Fetcher
    private let turn: Turn
    private let state = Mutex(State())

    private struct State {
        var hasAsked = false
        var rests: [Site: Date] = [:]
    }

    package init(_ fetcher: Fetcher, _ turn: @escaping Turn) {
        self.fetcher = fetcher
        self.turn = turn
    }

    /// Sites that answered a visit by saying that they are asked too often, and until when they are left alone.
    var rests: [Site: Date] { state.withLock { $0.rests } }

    /// Fetches with redirects, each request at its turn.
    ///
    /// - Parameter pause: what the site wants between two requests, where it says so.
    func fetch(_ request: Request, pause: Duration? = nil) async throws(NoTurn) -> Fetched {
        let mayAsk = state.withLock { state in
            defer { state.hasAsked = true }
            return !state.hasAsked
        }
        if !mayAsk { try await turn(request.url, pause) }
        return try await fetcher.fetch(request) { address throws(NoTurn) in try await turn(address, nil) }
    }

    /// The same for what is not the source's own document: a site that says that it is asked too often has no turn for
    /// us until its rest is over.
    func visit(_ request: Request, pause: Duration? = nil, at now: Date) async throws(NoTurn) -> Fetched {
        if let rest = rests[Site(request.url)] { throw NoTurn(until: rest) }
        let fetched = try await fetch(request, pause: pause)
        if fetched.outcome == .failed(.cancelled) { throw NoTurn(until: now) }
        guard case .response(let response) = fetched.outcome else { return fetched }
        let site = Site(response.address)
        guard Manners.isThrottle(response.status, at: site) else { return fetched }
        let failure = PollOutcome.Failure.throttled(status: response.status, retryAfter: response.retryAfter(now: now))
        guard let rest = Backoff.siteRest(after: failure, isPrivate: site.isPrivate) else { return fetched }
        state.withLock { $0.rests[site] = now + rest }
        throw NoTurn(until: now + rest)
    }
}
