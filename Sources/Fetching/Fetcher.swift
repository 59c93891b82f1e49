// Follows redirects by hand, so that every hop is judged before it is made and its permanence is known. It has no state
// and no queue of its own; the transport does the work.

import Model

/// A fetch over any transport, redirects included.
package struct Fetcher: Sendable {
    /// The most redirects followed for one fetch.
    package static let maximumHops = 5

    private let transport: any Transport

    package init(transport: any Transport) {
        self.transport = transport
    }

    /// Fetches, and follows at most five redirects.
    package func fetch(_ request: Request) async -> Fetched {
        await fetch(request) { _ in }
    }

    /// Fetches, and follows at most five redirects, each once `turn` has let its address be asked.
    ///
    /// A redirected POST is followed only for 307 and 308, which keep it a POST: a notice must not be taken for
    /// delivered because a GET of some other page went well. Otherwise the redirect itself is the outcome.
    ///
    /// - Throws: what `turn` throws; the redirect is not followed then.
    package func fetch<Refusal: Error>(
        _ request: Request, _ turn: (_ address: String) async throws(Refusal) -> Void
    ) async throws(Refusal) -> Fetched {
        var request = request
        var hops: [Hop] = []
        while true {
            let outcome = await transport.send(request)
            guard case .response(let response) = outcome, let redirect = Redirect(response, to: request) else {
                return Fetched(outcome: outcome, hops: hops, address: request.url)
            }
            guard hops.count < Self.maximumHops else {
                return Fetched(outcome: .failed(.tooManyRedirects), hops: hops, address: request.url)
            }
            switch redirect.followed(by: request) {
            case .failure(let failure):
                return Fetched(outcome: .failed(failure), hops: hops, address: request.url)
            case .success(let next):
                hops.append(
                    Hop(status: redirect.status, from: Address.shown(request.url), to: Address.shown(next.url)))
                try await turn(next.url)
                request = next
            }
        }
    }
}

/// What a fetch brought, and the way it took.
package struct Fetched: Sendable, Equatable {
    package var outcome: FetchOutcome
    package var hops: [Hop]
    /// The address that answered, if every redirect on the way was permanent (301 or 308) and the answer is a document
    /// or "not modified"; `nil` without redirects. It keeps the request's own credentials where they still apply, so
    /// it is shown only as `Address.shown`.
    package var movedPermanently: String?

    package init(outcome: FetchOutcome, hops: [Hop] = [], movedPermanently: String? = nil) {
        self.outcome = outcome
        self.hops = hops
        self.movedPermanently = movedPermanently
    }

    init(outcome: FetchOutcome, hops: [Hop], address: String) {
        let isPermanent = !hops.isEmpty && hops.allSatisfy { $0.status == 301 || $0.status == 308 }
        self.init(outcome: outcome, hops: hops, movedPermanently: isPermanent && outcome.isUsable ? address : nil)
    }
}

/// One redirect that was followed; the addresses hold no credentials.
package struct Hop: Sendable, Hashable {
    package var status: Int
    package var from: String
    package var to: String

    package init(status: Int, from: String, to: String) {
        self.status = status
        self.from = from
        self.to = to
    }
}

extension FetchOutcome {
    fileprivate var isUsable: Bool {
        guard case .response(let response) = self else { return false }
        return (200..<300).contains(response.status) || response.status == 304
    }
}
