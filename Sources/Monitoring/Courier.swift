// Delivers from the outbox, on the network queue: every alert until its receiver has it or it is parked. Each receiver
// has a line of its own, so one that hangs delays no other. What is in the store is the truth; nothing here is missed
// when the process ends.

import Alerting
package import Configuration
package import Fetching
package import FoundationEssentials
import Journaling
package import Logging
import Model
package import Runtime
package import Storage

/// The sending side.
package actor Courier {
    private let executor: QueueExecutor
    private let clock: any Clock
    private let sender: Sender
    private let store: any MentionStore
    private let recorder: Recorder
    private let dice: @Sendable () -> Double
    private let log: Logger

    private var userAgent = Product.userAgent(contact: nil)
    private var lines: [String: ReceiverLine] = [:]
    /// Attempts in flight, by their delivery's id.
    private var attempts: [String: (receiver: String, task: Task<Void, Never>)] = [:]
    /// Outcomes that the store could not take yet. Their deliveries must not be sent again only because our disk is
    /// full.
    private var unrecorded: [String: Attempted] = [:]
    private var alarm: (any Alarm)?
    /// The look into the outbox that is under way, and whether something came since it began.
    private var look: Task<Void, Never>?
    private var mustLookAgain = false
    private var isStopping = false

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// - Parameter dice: in -1...1; spreads retries.
    package init(
        executor: QueueExecutor, clock: any Clock, transport: any Transport, store: any MentionStore,
        recorder: Recorder, log: Logger, dice: @escaping @Sendable () -> Double
    ) {
        self.executor = executor
        self.clock = clock
        sender = Sender(transport: transport, clock: clock)
        self.store = store
        self.recorder = recorder
        self.log = log
        self.dice = dice
    }

    /// Takes over a configuration's receivers. One that was gone (410) is given a new chance.
    package func use(_ settings: Settings) {
        userAgent = Product.userAgent(contact: settings.polling.contact)
        lines = [:]
        for receiver in settings.receivers { lines[receiver.name] = ReceiverLine(receiver) }
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
        while let task = look ?? attempts.values.first?.task { await task.value }
    }

    /// Starts no further attempt; returns when those in flight are over. After `grace` seconds these are called off: they
    /// will be made again, under the same ids.
    package func stop(grace: TimeInterval) async {
        isStopping = true
        alarm?.set(nil)
        let deadline = clock.alarm(on: executor.queue) { [weak self] in
            self?.assumeIsolated { courier in courier.attempts.values.forEach { $0.task.cancel() } }
        }
        deadline.set(clock.now + grace)
        await settle()
        deadline.set(nil)
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
        lines[name]?.nextDue = nil
        // Without room, the end of an attempt wakes us.
        guard !isStopping, let line = lines[name], room(line) > 0 else { return }
        let queued: [Delivery]
        do {
            // What is in flight comes back too, and one more says when to wake up.
            let busy = attempts.count + unrecorded.count
            queued = try await store.outbox(of: name, limit: busy + room(line) + 1)
        } catch {
            log.error("the outbox cannot be read: \(error)")
            lines[name]?.nextDue = clock.now + Self.storePause
            return
        }
        start(queued, of: name)
    }

    private func start(_ queued: [Delivery], of name: String) {
        let now = clock.now
        for delivery in queued where attempts[delivery.id] == nil && unrecorded[delivery.id] == nil {
            guard let line = lines[name], !isStopping else { return }
            // Further away than any wait can be, it was planned by a clock that ran ahead.
            guard delivery.due <= now || delivery.due > now + Judgement.longestWait else {
                lines[name]?.nextDue = delivery.due
                return
            }
            guard room(line) > 0 else { return }
            attempts[delivery.id] = (name, Task { await attempt(delivery, at: line.receiver) })
        }
    }

    /// How many more attempts may start now.
    private func room(_ line: ReceiverLine) -> Int {
        line.most - attempts.values.count { $0.receiver == line.receiver.name }
    }

    // MARK: One attempt

    private func attempt(_ delivery: Delivery, at receiver: Receiver) async {
        defer { attempts[delivery.id] = nil }
        guard let answer = await sender.attempt(delivery, at: receiver, userAgent: userAgent) else { return }
        let now = clock.now
        let verdict = Judgement.verdict(on: answer, attempt: delivery.attempts + 1, at: now, jitter: dice())
        tell(verdict, delivery)
        // After a reload the name may stand for another address, of which this says nothing.
        if lines[receiver.name]?.receiver == receiver { lines[receiver.name]?.learn(verdict) }
        await record(Attempted(delivery: delivery, verdict: verdict, time: now))
        wake()
    }

    private struct Attempted {
        var delivery: Delivery
        var verdict: Verdict
        var time: Date
    }

    private func record(_ attempted: Attempted) async {
        var change = Change()
        change.attempts = [
            Change.Attempt(delivery: attempted.delivery.id, made: attempted.time, verdict: attempted.verdict)
        ]
        let report = JournalEvent.DeliveryReport(attempted.delivery, verdict: attempted.verdict)
        do {
            change.lines = [try JournalEvent(.delivery(report), at: attempted.time).encoded()]
            try await recorder.commit(change)
            unrecorded[attempted.delivery.id] = nil
        } catch {
            log.error("the outcome of \(attempted.delivery.id) cannot be saved: \(error)")
            unrecorded[attempted.delivery.id] = attempted
        }
    }

    private func recordAgain() async {
        for attempted in unrecorded.values { await record(attempted) }
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

/// What was learned of a receiver since the configuration was loaded. A value; its deliveries are in the store.
struct ReceiverLine {
    let receiver: Receiver
    var nextDue: Date?
    private var isGone = false
    private var isAiling = false

    init(_ receiver: Receiver) {
        self.receiver = receiver
    }

    /// How many attempts may be in flight. After a failed one, one at a time until one succeeds: a receiver that is down
    /// meets no wave.
    var most: Int {
        isGone ? 0 : isAiling ? 1 : 4
    }

    mutating func learn(_ verdict: Verdict) {
        switch verdict {
        case .delivered: isAiling = false
        case .retry, .parked: isAiling = true
        case .receiverGone: isGone = true
        }
    }
}
