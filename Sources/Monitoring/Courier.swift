// Delivers from the outbox, on the network queue: every alert until its receiver has it or it is parked. Each receiver
// has a line of its own, so one that hangs delays no other. What is in the store is the truth; nothing here is missed
// when the process ends.

package import Alerting
package import Fetching
import FoundationEssentials
import Journaling
package import Logging
import Model
package import Runtime
package import Storage

/// The sending side.
package actor Courier {
    private let executor: QueueExecutor
    private let clock: any Clock
    private let transport: any Transport
    private let store: any MentionStore
    private let recorder: Recorder
    private let userAgent: String
    private let dice: @Sendable () -> Double
    private let log: Logger

    private var lines: [String: ReceiverLine] = [:]
    private var attempts: [String: Task<Void, Never>] = [:]
    private var unrecorded: [Attempted] = []
    private var alarm: (any Alarm)?
    /// The look into the outbox that is under way, and whether something came since it began.
    private var look: Task<Void, Never>?
    private var mustLookAgain = false
    private var isStopping = false

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// - Parameter dice: in -1...1; spreads retries.
    package init(
        executor: QueueExecutor, clock: any Clock, transport: any Transport, store: any MentionStore,
        recorder: Recorder, userAgent: String, log: Logger, dice: @escaping @Sendable () -> Double
    ) {
        self.executor = executor
        self.clock = clock
        self.transport = transport
        self.store = store
        self.recorder = recorder
        self.userAgent = userAgent
        self.log = log
        self.dice = dice
    }

    /// Takes over a configuration's receivers. One that was gone (410) is given a new chance.
    package func use(_ receivers: [Receiver]) {
        var lines: [String: ReceiverLine] = [:]
        for receiver in receivers {
            lines[receiver.name] = ReceiverLine(receiver, inFlight: self.lines[receiver.name]?.inFlight ?? [])
        }
        self.lines = lines
        wake()
    }

    /// Looks into the outbox. To be called whenever deliveries were committed; several calls at once are one look.
    package func wake() {
        guard !isStopping else { return }
        mustLookAgain = true
        guard look == nil else { return }
        look = Task {
            while mustLookAgain {
                mustLookAgain = false
                await recordAgain()
                for name in lines.keys.sorted() { await deliver(to: name) }
            }
            look = nil
            ring()
        }
    }

    /// Waits until everything that is due was tried.
    package func settle() async {
        while let task = look ?? attempts.values.first { await task.value }
    }

    /// Starts no further attempt; returns when those in flight are over.
    package func stop() async {
        isStopping = true
        alarm?.set(nil)
        await settle()
    }

    private func ring() {
        guard !isStopping else { return }
        let alarm =
            self.alarm
            ?? clock.alarm(on: executor.queue) { [weak self] in
                self?.assumeIsolated { $0.wake() }
            }
        self.alarm = alarm
        let again = unrecorded.isEmpty ? nil : clock.now + Self.storePause
        alarm.set((lines.values.map(\.nextDue) + [again]).compactMap { $0 }.min())
    }

    /// When the store cannot be read or written, it is tried again after this long, in seconds.
    private static let storePause: TimeInterval = 30

    // MARK: One receiver's line

    private func deliver(to name: String) async {
        guard !isStopping, let line = lines[name], line.room > 0 else { return }
        let queued: [Delivery]
        do {
            // As many as are in flight come back too, and one more says when to wake up.
            queued = try await store.outbox(of: name, limit: line.inFlight.count + line.room + 1)
        } catch {
            log.error("the outbox cannot be read: \(error)")
            lines[name]?.nextDue = clock.now + Self.storePause
            return
        }
        start(queued, of: name)
    }

    private func start(_ queued: [Delivery], of name: String) {
        let now = clock.now
        lines[name]?.nextDue = nil
        for delivery in queued {
            guard let line = lines[name], !isStopping else { return }
            if line.inFlight.contains(delivery.id) { continue }
            guard delivery.due <= now else {
                lines[name]?.nextDue = delivery.due
                return
            }
            guard line.room > 0 else { return }
            lines[name]?.inFlight.insert(delivery.id)
            attempts[delivery.id] = Task { await attempt(delivery, at: line.receiver) }
        }
    }

    // MARK: One attempt

    private func attempt(_ delivery: Delivery, at receiver: Receiver) async {
        defer { attempts[delivery.id] = nil }
        let outcome = await transport.send(request(delivery, to: receiver.webhook))
        if case .failed(.cancelled) = outcome {
            lines[delivery.receiver]?.finish(delivery.id, nil)
            return
        }
        let now = clock.now
        let verdict = Judgement.verdict(
            on: Answer(outcome, now: now), attempt: delivery.attempts + 1, at: now, jitter: dice())
        tell(verdict, delivery)
        await record(Attempted(delivery: delivery, verdict: verdict, time: now))
        wake()
    }

    private func request(_ delivery: Delivery, to webhook: Webhook) -> Request {
        var headers = [Header("Content-Type", "application/json"), Header("User-Agent", userAgent)]
        let timestamp = Int(clock.now.timeIntervalSince1970)
        headers +=
            webhook.secret?.headers(id: delivery.id, timestamp: timestamp, body: delivery.body)
            ?? [Header("webhook-id", delivery.id), Header("webhook-timestamp", String(timestamp))]
        // A receiver's answer is of no interest beyond its first 20 kB.
        let limits = FetchLimits(total: webhook.timeout, stall: webhook.timeout, bodyBytes: 20_000, overflow: .cuts)
        return Request(
            url: webhook.url, method: "POST", headers: headers, body: delivery.body, limits: limits,
            allowsPrivateAddresses: webhook.allowsPrivateAddresses)
    }

    private struct Attempted {
        var delivery: Delivery
        var verdict: Verdict
        var time: Date
    }

    /// Until its outcome is recorded a delivery stays in flight: it must not be sent again only because our disk is
    /// full.
    private func record(_ attempted: Attempted) async {
        var change = Change()
        change.attempts = [
            Change.Attempt(delivery: attempted.delivery.id, made: attempted.time, verdict: attempted.verdict)
        ]
        let report = JournalEvent.DeliveryReport(attempted.delivery, verdict: attempted.verdict)
        do {
            change.lines = [try JournalEvent(.delivery(report), at: attempted.time).encoded()]
            try await recorder.commit(change)
            lines[attempted.delivery.receiver]?.finish(attempted.delivery.id, attempted.verdict)
        } catch {
            log.error("the outcome of \(attempted.delivery.id) cannot be saved: \(error)")
            unrecorded.append(attempted)
        }
    }

    private func recordAgain() async {
        let waiting = unrecorded
        unrecorded = []
        for attempted in waiting { await record(attempted) }
    }

    private func tell(_ verdict: Verdict, _ delivery: Delivery) {
        let name = delivery.receiver
        switch verdict {
        case .delivered: log.info("delivered \(delivery.id) to \(name)")
        case .retry(let reason, let due):
            log.notice("\(name): \(reason); \(delivery.id) is tried again at \(due.formatted(.iso8601))")
        case .parked(let reason): log.error("\(name): \(reason); \(delivery.id) is parked")
        case .receiverGone:
            log.error("\(name): the receiver is gone (410); it gets nothing more until the configuration is reloaded")
        }
    }
}

/// What a receiver's line looks like just now. A value; the deliveries themselves are in the store.
struct ReceiverLine {
    let receiver: Receiver
    var inFlight: Set<String>
    var nextDue: Date?
    private var isGone = false
    /// After a failed attempt, one at a time until one succeeds: a receiver that is down meets no wave.
    private var isAiling = false

    private static let most = 4

    init(_ receiver: Receiver, inFlight: Set<String>) {
        self.receiver = receiver
        self.inFlight = inFlight
    }

    /// How many more attempts may start now.
    var room: Int {
        isGone ? 0 : max(0, (isAiling ? 1 : Self.most) - inFlight.count)
    }

    /// - Parameter verdict: `nil` when the attempt was called off.
    mutating func finish(_ delivery: String, _ verdict: Verdict?) {
        inFlight.remove(delivery)
        switch verdict {
        case .delivered: isAiling = false
        case .retry, .parked: isAiling = true
        case .receiverGone: isGone = true
        case nil: break
        }
    }
}

extension Answer {
    init(_ outcome: FetchOutcome, now: Date) {
        switch outcome {
        case .response(let response): self = .status(response.status, retryAfter: response.retryAfter(now: now))
        case .failed(let failure): self = .none(reason: "\(failure)")
        }
    }
}
