// The seam between deciding what to fetch and doing it: one request in, one outcome out.

/// What became of a request.
package enum FetchOutcome: Sendable, Equatable {
    case response(Response)
    case failed(FetchFailure)
}

/// Something that can carry out one HTTP exchange. Redirects are not followed: see `Fetcher`.
///
/// Cancelling the task that waits ends the exchange with `.failed(.cancelled)`.
package protocol Transport: Sendable {
    nonisolated(nonsending) func send(_ request: Request) async -> FetchOutcome
}
