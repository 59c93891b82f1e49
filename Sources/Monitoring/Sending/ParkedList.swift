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

    /// Deliveries changed in one transaction, or fewer when their bodies come to `batchBytes`: a digest may have 1 MB.
    private static let batch = 200
    private static let batchBytes = ReceiverLine.batchBytes

    /// The longest parked first.
    package func list(_ filter: ParkedFilter, limit: Int) async throws -> [ParkedDelivery] {
        try await store.parked(filter, limit: limit)
    }

    /// How many there are.
    package func count(_ filter: ParkedFilter) async throws -> Int {
        try await store.parkedCounts(filter).values.reduce(0, +)
    }

    /// The alert of a parked delivery.
    package func alert(_ id: String) async throws -> Alert? {
        try await store.parkedDelivery(id)?.alert()
    }

    /// Queues them again as if they were new: each has all its attempts before it.
    ///
    /// - Parameter receiver: who gets them instead, under the ids that they have, and is named in them from then on.
    /// - Returns: how many there were.
    /// - Throws: `UnknownReceiver` when one of those who would get them is not configured: they would only be parked
    ///   again.
    package func redeliver(_ filter: ParkedFilter, to receiver: String? = nil) async throws -> Int {
        let receivers = if let receiver { [receiver] } else { try await store.parkedCounts(filter).keys.sorted() }
        for name in receivers {
            guard await courier.knows(name) else { throw UnknownReceiver(name: name) }
        }
        let now = clock.now
        return try await requeue(filter, at: now) { parked in
            guard let receiver, receiver != parked.receiver else { return .redelivered(due: now) }
            let body = try await body(of: parked.id, naming: receiver)
            return body.map { .readdressed(to: receiver, body: $0, due: now) }
        }
    }

    /// - Returns: `nil` when it is not parked any more.
    private func body(of id: String, naming receiver: String) async throws -> [UInt8]? {
        guard let delivery = try await store.parkedDelivery(id) else { return nil }
        // One that we cannot read is sent as it is: its receiver may.
        guard var alert = try? delivery.alert() else { return delivery.body }
        alert.receiver = receiver
        return try Payload(alert).encoded()
    }

    /// Forgets them; the journal keeps what they told of.
    ///
    /// - Returns: how many there were.
    package func drop(_ filter: ParkedFilter) async throws -> Int {
        try await change(filter, at: clock.now) { _ in .dropped }
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
            let now = clock.now
            let filter = ParkedFilter(receiver: name, isStranded: true)
            let count = try await requeue(filter, at: now) { _ in .redelivered(due: now) }
            if count > 0 { back[name] = count }
        }
        return (stranded, back)
    }

    private func strand(_ receiver: String) async throws -> Int {
        let reason = "\(receiver) is not configured any more"
        let now = clock.now
        var count = 0
        while case let queued = try await store.outbox(
            of: receiver, after: .start, besides: [], limit: Self.batch, bytes: Self.batchBytes
        ).deliveries, !queued.isEmpty {
            var change = Change()
            for delivery in queued {
                let fate = Change.ParkedFate.stranded(at: now, reason: reason)
                change.parked[delivery.id] = fate
                let report = JournalEvent.DeliveryReport(delivery.id, receiver, delivery.attempts, fate)
                change.lines.append(try JournalEvent(.delivery(report), at: now).encoded())
            }
            try await recorder.commit(change)
            count += queued.count
        }
        return count
    }

    /// The same as `change`, for fates that queue. What was queued before an error is sent as well; nobody is woken
    /// before the end, since what comes to be parked again meanwhile would be found once more.
    private func requeue(
        _ filter: ParkedFilter, at now: Date, _ decide: (ParkedDelivery) async throws -> Change.ParkedFate?
    ) async throws -> Int {
        do {
            let count = try await change(filter, at: now, decide)
            if count > 0 { await courier.wake() }
            return count
        } catch {
            await courier.wake()
            throw error
        }
    }

    /// - Parameter decide: what becomes of one; `nil` when it is not there any more.
    private func change(
        _ filter: ParkedFilter, at now: Date, _ decide: (ParkedDelivery) async throws -> Change.ParkedFate?
    ) async throws -> Int {
        var count = 0
        while case let parked = try await store.parked(filter, limit: Self.batch), !parked.isEmpty {
            var change = Change()
            var bytes = 0
            for delivery in parked where bytes < Self.batchBytes {
                guard let fate = try await decide(delivery) else { continue }
                if case .readdressed(_, let body, _) = fate { bytes += body.count }
                change.parked[delivery.id] = fate
                let report = JournalEvent.DeliveryReport(delivery.id, delivery.receiver, delivery.attempts, fate)
                change.lines.append(try JournalEvent(.delivery(report), at: now).encoded())
            }
            try await recorder.commit(change)
            count += change.parked.count
        }
        return count
    }
}

/// A receiver that is not in the configuration that runs.
package struct UnknownReceiver: Error {
    package let name: String
}

extension JournalEvent.DeliveryReport {
    /// - Parameter receiver: whose it was until then.
    fileprivate init(_ id: String, _ receiver: String, _ attempts: Int, _ fate: Change.ParkedFate) {
        switch fate {
        case .redelivered: self.init(id: id, receiver: receiver, attempt: attempts, verdict: "redelivered")
        case .readdressed(let new, _, _):
            self.init(id: id, receiver: new, attempt: attempts, verdict: "redelivered", from: receiver)
        case .dropped: self.init(id: id, receiver: receiver, attempt: attempts, verdict: "dropped")
        case .stranded(_, let reason):
            self.init(id: id, receiver: receiver, attempt: attempts, verdict: "parked", reason: reason)
        }
    }
}
