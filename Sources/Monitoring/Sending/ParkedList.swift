// What a person does with parked deliveries. Each step is one transaction with its lines in the journal.

import Alerting
import FoundationEssentials
import Journaling
package import Model
import Runtime
package import Storage

/// The parked deliveries of a running daemon.
package struct ParkedList: Sendable {
    let store: SQLiteStore
    let recorder: Recorder
    let courier: Courier
    let clock: any Clock

    /// Deliveries changed in one transaction.
    private static let batch = 500

    /// The longest parked first.
    package func list(_ filter: ParkedFilter, limit: Int) async throws -> [ParkedDelivery] {
        try await store.parked(filter, limit: limit)
    }

    /// The alert of a parked delivery.
    package func alert(_ id: String) async throws -> Alert? {
        try await store.parkedDelivery(id)?.alert()
    }

    /// Queues them again as if they were new: each has all its attempts before it.
    ///
    /// - Returns: how many there were.
    package func redeliver(_ filter: ParkedFilter) async throws -> Int {
        let now = clock.now
        let count = try await change(filter, to: .redelivered(due: now), saying: "redelivered", at: now)
        await courier.wake()
        return count
    }

    /// Forgets them; the journal keeps what they told of.
    ///
    /// - Returns: how many there were.
    package func drop(_ filter: ParkedFilter) async throws -> Int {
        try await change(filter, to: .dropped, saying: "dropped", at: clock.now)
    }

    private func change(
        _ filter: ParkedFilter, to fate: Change.ParkedFate, saying verdict: String, at now: Date
    ) async throws -> Int {
        var count = 0
        while case let parked = try await store.parked(filter, limit: Self.batch), !parked.isEmpty {
            var change = Change()
            for delivery in parked {
                change.parked[delivery.id] = fate
                let report = JournalEvent.DeliveryReport(
                    id: delivery.id, receiver: delivery.receiver, attempt: delivery.attempts, verdict: verdict)
                change.lines.append(try JournalEvent(.delivery(report), at: now).encoded())
            }
            try await recorder.commit(change)
            count += parked.count
        }
        return count
    }
}
