// The real transport, with a count of what goes through it.

import Fetching
import Synchronization

final class CountingTransport: Transport {
    let inner: CurlTransport
    private let requests = Atomic(0)

    init(_ inner: CurlTransport) {
        self.inner = inner
    }

    var count: Int { requests.load(ordering: .relaxed) }

    func send(_ request: Request) async -> FetchOutcome {
        requests.add(1, ordering: .relaxed)
        return await inner.send(request)
    }
}
