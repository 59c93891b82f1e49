// Every source once: what is left of such a round.

import Model

struct Round {
    var left: Set<Int64>
    let progress: @Sendable (Source, PollOutcome) -> Void
    let done: CheckedContinuation<Void, Never>

    mutating func end(_ id: Int64, _ source: Source, _ outcome: PollOutcome) {
        guard left.remove(id) != nil else { return }
        progress(source, outcome)
        if left.isEmpty { done.resume() }
    }
}
