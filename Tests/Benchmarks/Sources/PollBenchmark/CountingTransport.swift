// Counts answers, so that a poll that was not made, or went wrong, does not pass for a cheap one.

import Fetching
import TestSupport

/// A transport that knows how many answers of each status came through it.
struct CountingTransport: Transport {
    private let transport: any Transport
    private let counts = Shared<[Int: Int]>([:])

    init(_ transport: any Transport) {
        self.transport = transport
    }

    nonisolated(nonsending) func send(_ request: Request) async -> FetchOutcome {
        let outcome = await transport.send(request)
        if case .response(let response) = outcome { counts.withLock { $0[response.status, default: 0] += 1 } }
        return outcome
    }

    func count(of status: Int) -> Int {
        counts.withLock { $0[status, default: 0] }
    }
}
