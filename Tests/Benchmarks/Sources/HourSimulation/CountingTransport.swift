// The real transport, with a count of what goes through it.

import Fetching
import Synchronization

final class CountingTransport: Transport {
    let inner: CurlTransport
    private let polls = Atomic(0)

    init(_ inner: CurlTransport) {
        self.inner = inner
    }

    /// Polls begun: requests but for those that a redirect led to.
    var pollCount: Int { polls.load(ordering: .relaxed) }

    nonisolated(nonsending) func send(_ request: Request) async -> FetchOutcome {
        if !request.url.contains("/target/") { polls.add(1, ordering: .relaxed) }
        return await inner.send(request)
    }
}
