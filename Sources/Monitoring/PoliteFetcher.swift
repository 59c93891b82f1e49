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

/// Why a page was not fetched: a site that a redirect led to does not let it be read, or cannot say.
struct NoLeave: Error {
    let failure: PollOutcome.Failure
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
    func fetch(_ request: Request) async throws(NoTurn) -> Fetched {
        try await waitForTurn(request.url, pause: nil)
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

    /// Fetches what is not the source's own document: a host that says that it is asked too often has no turn for
    /// anybody from then on, until its rest is over.
    ///
    /// - Returns: `nil` where it is not needed any more when its turn comes.
    func visit(
        _ request: Request, at now: Date, ifStill isNeeded: @Sendable () async -> Bool
    ) async throws(NoTurn) -> Fetched? {
        try await waitForTurn(request.url, pause: nil)
        return await isNeeded() ? try await visitNow(request, at: now) : nil
    }

    /// The same for a page: each address that it is redirected to needs leave, too.
    ///
    /// - Parameter pause: what the host wants between two requests, zero for nothing special.
    func fetchPage(
        _ request: Request, pause: Duration, leave gate: RobotsGate, at now: Date
    ) async throws(NoTurn) -> Result<Fetched, NoLeave> {
        try await waitForTurn(request.url, pause: pause)
        do throws(Halt) {
            let fetched = try await fetcher.fetch(request) { address throws(Halt) in
                try await waitForTurn(ofPage: address, leave: gate, at: now)
            }
            return .success(fetched)
        } catch {
            switch error {
            case .turn(let noTurn): throw noTurn
            case .leave(let noLeave): return .failure(noLeave)
            }
        }
    }

    /// Why a redirect of a page is not followed.
    private enum Halt: Error {
        case turn(NoTurn)
        case leave(NoLeave)
    }

    private func waitForTurn(ofPage address: String, leave gate: RobotsGate, at now: Date) async throws(Halt) {
        let answer: RobotsGate.Answer
        do throws(NoTurn) {
            answer = try await gate.answer(for: address, self, at: now)
            if answer.leave == .yes { try await turns.wait(address, answer.pause ?? .zero) }
        } catch {
            throw .turn(error)
        }
        if let failure = answer.failure { throw .leave(NoLeave(failure: failure)) }
    }

    /// Both: a page that is not the source's own document.
    func visitPage(
        _ request: Request, pause: Duration, leave gate: RobotsGate, at now: Date
    ) async throws(NoTurn) -> Result<Fetched, NoLeave> {
        let page = try await fetchPage(request, pause: pause, leave: gate, at: now)
        if case .success(let fetched) = page { try await heed(fetched, at: now) }
        return page
    }

    private func visitNow(_ request: Request, at now: Date) async throws(NoTurn) -> Fetched {
        let fetched = try await fetchNow(request)
        try await heed(fetched, at: now)
        return fetched
    }

    private func heed(_ fetched: Fetched, at now: Date) async throws(NoTurn) {
        if fetched.outcome == .failed(.cancelled) { throw NoTurn(until: now) }
        guard case .response(let response) = fetched.outcome,
            Manners.isThrottle(response.status, at: Site(response.address)), let until = await turns.rest(response)
        else { return }
        throw NoTurn(until: until)
    }
}
