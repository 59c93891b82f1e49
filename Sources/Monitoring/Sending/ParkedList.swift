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
    private static let batch = 200

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
    /// - Parameter receiver: who gets them instead, under the ids that they have.
    /// - Returns: how many there were; `nil` when no such receiver is configured.
    package func redeliver(_ filter: ParkedFilter, to receiver: String? = nil) async throws -> Int? {
        if let receiver, await !courier.knows(receiver) { return nil }
        let now = clock.now
        let fate = Change.ParkedFate.redelivered(due: now, to: receiver)
        let count = try await change(filter, to: fate, saying: "redelivered", at: now)
        await courier.wake()
        return count
    }

    /// Forgets them; the journal keeps what they told of.
    ///
    /// - Returns: how many there were.
    package func drop(_ filter: ParkedFilter) async throws -> Int {
        try await change(filter, to: .dropped, saying: "dropped", at: clock.now)
    }

    // MARK: After a reload

    /// Parks what waits for receivers that are not configured any more, and queues again what was parked for that and
    /// whose receiver is back.
    ///
    /// - Returns: how many of each, by the receivers' names.
    func follow(_ receivers: Set<String>) async throws -> (stranded: [String: Int], back: [String: Int]) {
        var (stranded, back): ([String: Int], [String: Int]) = ([:], [:])
        for backlog in try await store.backlog() {
            let name = backlog.receiver
            if !receivers.contains(name), backlog.queued > 0 { stranded[name] = try await strand(name) }
            guard receivers.contains(name), backlog.parked > 0 else { continue }
            let filter = ParkedFilter(receiver: name, isStranded: true)
            let count = try await change(filter, to: .redelivered(due: clock.now), saying: "redelivered", at: clock.now)
            if count > 0 { back[name] = count }
        }
        return (stranded, back)
    }

    private func strand(_ receiver: String) async throws -> Int {
        let reason = "\(receiver) is not configured any more"
        let now = clock.now
        var count = 0
        while case let queued = try await store.outbox(of: receiver, besides: [], limit: Self.batch, bytes: .max),
            !queued.isEmpty
        {
            var change = Change()
            for delivery in queued {
                change.parked[delivery.id] = .stranded(at: now, reason: reason)
                let report = JournalEvent.DeliveryReport(
                    id: delivery.id, receiver: receiver, attempt: delivery.attempts, verdict: "parked", reason: reason)
                change.lines.append(try JournalEvent(.delivery(report), at: now).encoded())
            }
            try await recorder.commit(change)
            count += queued.count
        }
        return count
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
