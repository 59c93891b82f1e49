// A transport without a network: every request is noted and answered by a closure, so that a test says in one place
// what the web looks like.

package import Fetching

/// Answers requests from a script and remembers them.
package final class ScriptedTransport: Transport {
    /// What the script sees: the request, and how many came before it.
    package typealias Script = @Sendable (_ request: Request, _ number: Int) async -> FetchOutcome

    private let script: Script
    private let remembers: Bool
    private let log = Shared<[Request]>([])

    /// - Parameter remembering: whether requests are kept, bodies and all.
    package init(remembering remembers: Bool = true, _ script: @escaping Script) {
        self.remembers = remembers
        self.script = script
    }

    /// Answers the n-th request with the n-th outcome, and every later one with the last.
    package convenience init(_ outcomes: [FetchOutcome]) {
        self.init { _, number in
            outcomes.isEmpty ? .failed(.connectionFailed) : outcomes[min(number, outcomes.count - 1)]
        }
    }

    /// Every request so far, in the order they came.
    package var requests: [Request] { log.withLock { $0 } }

    package nonisolated(nonsending) func send(_ request: Request) async -> FetchOutcome {
        let number = log.withLock { log in
            if remembers { log.append(request) }
            return log.count - 1
        }
        return await script(request, number)
    }
}
