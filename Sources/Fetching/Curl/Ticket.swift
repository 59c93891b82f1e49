// The one part of a transfer that both sides may touch: the task that waits for it, and the network queue.

import Synchronization

/// Stands for one request between the task that made it and the transport.
final class Ticket: Sendable {
    private let cancelled = Atomic(false)

    /// Whether the task that waits has been cancelled. Set before the transport is told, so that a request which comes
    /// to it later than its own cancelling is not made.
    var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

    func cancel() { cancelled.store(true, ordering: .releasing) }
}
