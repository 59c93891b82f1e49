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
    /// Where hands go on when their answers have come: here, without a way through the pool.
    private let preference: QueuePreference
    private let clock: any Clock
    private let sender: Sender
    private let store: any MentionStore
    private let recorder: Recorder
    private let dice: @Sendable () -> Double
    private let log: Logger

    private var userAgent = Product.userAgent(contact: nil)
    private var lines: [String: ReceiverLine] = [:]
    /// Whether there is a configuration: it may be one without receivers.
    private var isConfigured = false
    /// When each line is looked at again, if nothing happens before.
    private var waits: [String: Date] = [:]
    private var hands: [Int: Hand] = [:]
    private var lastHand = 0
    /// Looks into the outbox, one of a line at a time.
    private var reads: [ObjectIdentifier: Task<Void, Never>] = [:]
    /// Outcomes on their way into the store, in order. Their deliveries must not be sent again only because our disk is
    /// full.
    private var outcomes: [Outcome] = []
    private var recording: Task<Void, Never>?
    /// When they are written at the latest; `nil` when there are none, and while some are being written.
    private var recordDue: Date?
    private var alarm: (any Alarm)?
    private var alarmTime: Date?
    private var isStopping = false

    /// What makes attempts, one after another while its line has more.
    private final class Hand {
        var delivery: Delivery
        let task: Task<Void, Never>

        init(_ delivery: Delivery, _ task: Task<Void, Never>) {
            self.delivery = delivery
            self.task = task
        }
    }

    /// How an attempt ended.
    private struct Outcome {
        var report: JournalEvent.DeliveryReport
        var verdict: Verdict
        var time: Date
        /// Whether what else waits for the receiver is due at once.
        var revives: Bool
    }

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// - Parameter dice: in -1...1; spreads retries.
    package init(
        executor: QueueExecutor, clock: any Clock, transport: any Transport, store: any MentionStore,
        recorder: Recorder, log: Logger, dice: @escaping @Sendable () -> Double
    ) {
        self.executor = executor
        preference = QueuePreference(executor)
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
        let inFlight = Dictionary(grouping: hands.values.map(\.delivery), by: \.receiver)
        let unrecorded = Dictionary(grouping: outcomes.map(\.report), by: \.receiver)
        let before = lines
        lines = [:]
        for receiver in settings.receivers {
            let name = receiver.name
            lines[name] = ReceiverLine(
                receiver, inFlight: Set((inFlight[name] ?? []).map(\.id)),
                unrecorded: Set((unrecorded[name] ?? []).map(\.id)), before: before[name])
        }
        isConfigured = true
        waits = [:]
        wake()
    }

    /// Whether a receiver is configured.
    func knows(_ receiver: String) -> Bool {
        lines[receiver] != nil
    }

    /// The names of those that are configured; `nil` before there is a configuration.
    var receivers: Set<String>? { isConfigured ? Set(lines.keys) : nil }

    /// Looks into the outbox. To be called whenever deliveries were committed, and when it is later.
    package func wake() {
        // Further away than it can be, it was planned by a clock that ran ahead.
        if let recordDue, recordDue > clock.now + Self.storePause { record() }
        for name in lines.keys.sorted() {
            lines[name]?.wake()
            advance(name)
        }
        ring()
    }

    /// Waits until everything that is due was tried and noted.
    package func settle() async {
        while let task = hands.values.first?.task ?? reads.values.first ?? recording { await task.value }
    }

    /// The same, and what is due comes at the pace of its receiver: however long that takes. What a receiver does not
    /// want yet, or has failed to take, stays.
    package func settleAtPace() async {
        await settle()
        while let turn = lines.values.compactMap({ $0.nextTurn(at: clock.now) }).min() {
            await wait(until: turn)
            pass()
            await settle()
        }
    }

    private func wait(until time: Date) async {
        var bell: (any Alarm)?
        await withCheckedContinuation { rung in
            bell = clock.alarm(on: executor.queue) { rung.resume() }
            bell?.set(time)
        }
        withExtendedLifetime(bell) {}
    }

    /// Attempts in flight, and what is being read or written.
    package var pending: Int { hands.count + reads.count + (recording == nil ? 0 : 1) }

    /// Starts no further attempt; returns when those in flight are over. After `grace` seconds these are called off:
    /// they will be made again, under the same ids.
    package func stop(grace: TimeInterval) async {
        isStopping = true
        alarm?.set(nil)
        record()
        let deadline = clock.alarm(on: executor.queue) { [weak self] in
            self?.assumeIsolated { courier in courier.hands.values.forEach { $0.task.cancel() } }
        }
        deadline.set(clock.now + grace)
        await settle()
        deadline.set(nil)
    }

    /// Sends a test alert, whatever waits, and notes in the journal what came of it.
    ///
    /// - Returns: `nil` when there is no such receiver.
    package func test(_ name: String) async throws -> ReceiverTest? {
        guard let receiver = lines[name]?.receiver,
            let test = await ReceiverTest.send(to: receiver, sender, userAgent, at: clock.now)
        else { return nil }
        let report = JournalEvent.DeliveryReport(
            id: test.alert, receiver: name, attempt: 1, verdict: test.isAccepted ? "test delivered" : "test failed",
            reason: test.reason)
        try await recorder.commit(Change(), [JournalEvent(.delivery(report), at: clock.now)])
        return test
    }

    // MARK: Time

    /// When the store cannot be read or written, it is tried again after this long, in seconds.
    private static let storePause: TimeInterval = 30

    private func ring() {
        guard !isStopping else { return }
        let wait = waits.isEmpty ? nil : waits.values.min()
        let time = if let wait, let recordDue { min(wait, recordDue) } else { wait ?? recordDue }
        guard time != alarmTime else { return }
        let alarm =
            self.alarm
            ?? clock.alarm(on: executor.queue) { [weak self] in
                self?.assumeIsolated { $0.pass() }
            }
        self.alarm = alarm
        alarmTime = time
        alarm.set(time)
    }

    /// It has become later.
    private func pass() {
        alarmTime = nil
        let now = clock.now
        if let recordDue, recordDue <= now { record() }
        for (name, time) in waits where time <= now {
            lines[name]?.pass(to: now)
            advance(name)
        }
        ring()
    }

    // MARK: One receiver's line

    /// Does all that a line wants done now, with a new hand for each attempt.
    private func advance(_ name: String) {
        guard let line = lines[name] else { return }
        while let delivery = next(of: line) { raiseHand(for: delivery) }
    }

    /// - Returns: what is to be sent now; `nil` when that is nothing more.
    private func next(of line: ReceiverLine) -> Delivery? {
        let name = line.receiver.name
        if !waits.isEmpty { waits[name] = nil }
        while !isStopping {
            switch line.next(at: clock.now) {
            case .start(let delivery): return delivery
            case .read: reads[ObjectIdentifier(line)] = Task { await read(for: line) }
            case .wait(let until):
                if let until { waits[name] = until }
                return nil
            }
        }
        return nil
    }

    /// - Parameter line: gets the answer even if a reload has put another in its place, which asks for itself.
    private func read(for line: ReceiverLine) async {
        let name = line.receiver.name
        do {
            let part = try await store.outbox(
                of: name, after: line.place, besides: line.known, limit: ReceiverLine.batch,
                bytes: ReceiverLine.batchBytes)
            line.read(part, at: clock.now)
        } catch {
            log.error("the outbox cannot be read: \(error)")
            line.failToRead(again: clock.now + Self.storePause)
        }
        reads[ObjectIdentifier(line)] = nil
        advance(name)
        ring()
    }

    // MARK: One attempt

    private func raiseHand(for delivery: Delivery) {
        lastHand += 1
        let number = lastHand
        hands[number] = Hand(delivery, Task(executorPreference: preference) { await self.work(number) })
    }

    private func work(_ number: Int) async {
        guard let hand = hands[number] else { return }
        while let line = lines[hand.delivery.receiver] {
            let answer = await sender.attempt(hand.delivery, at: line.receiver, userAgent: userAgent)
            // From here until the next attempt nothing waits: a reload comes before all of it or after.
            guard let current = end(hand.delivery, on: line, answer), let next = next(of: current) else { break }
            hand.delivery = next
            // The line may have room for more: it is well again, or was loaded anew.
            if current.hasRoom { advance(current.receiver.name) }
            recordSoon()
            ring()
        }
        hands[number] = nil
        recordSoon()
        ring()
    }

    /// - Parameters:
    ///   - line: as it was when the attempt began.
    ///   - answer: `nil` if the attempt was called off.
    /// - Returns: the line as it is now; `nil` if the receiver is not configured any more.
    private func end(_ delivery: Delivery, on line: ReceiverLine, _ answer: Answer?) -> ReceiverLine? {
        let current = lines[delivery.receiver]
        guard let answer else {
            current?.leave(delivery.id)
            return current
        }
        let now = clock.now
        let verdict = Judgement.verdict(on: answer, attempt: delivery.attempts + 1, at: now, jitter: dice())
        tell(verdict, delivery)
        var revives = false
        if let current, current === line || current.receiver == line.receiver {
            revives = current.end(delivery.id, verdict, pause: answer.pause, at: now)
        } else {
            // After a reload the name may stand for another address, of which this says nothing.
            current?.endElsewhere(delivery.id)
        }
        let report = JournalEvent.DeliveryReport(delivery, verdict: verdict)
        outcomes.append(Outcome(report: report, verdict: verdict, time: now, revives: revives))
        return current
    }

    // MARK: Outcomes

    /// An outcome waits this long, in seconds, for others that may share its transaction: each costs two fsyncs. What a
    /// crash takes with it is sent again, under the same ids.
    private static let gathering: TimeInterval = 0.02
    /// So many need not wait for more.
    private static let group = ReceiverLine.mostUnrecorded / 2

    /// Whether waiting brings no more, or not much.
    private var isGathered: Bool { isStopping || hands.isEmpty || outcomes.count >= Self.group }

    /// Writes down how attempts ended, unless more of them are about to.
    private func recordSoon() {
        guard recording == nil, !outcomes.isEmpty else { return }
        if isGathered { record() } else if recordDue == nil { recordDue = clock.now + Self.gathering }
    }

    /// Writes down how attempts ended: all that wait in one transaction.
    private func record() {
        guard recording == nil, !outcomes.isEmpty else { return }
        recordDue = nil
        recording = Task {
            await recordAll()
            recording = nil
            ring()
        }
    }

    private func recordAll() async {
        repeat {
            let batch = outcomes
            var change = Change()
            change.attempts = batch.map {
                Change.Attempt(
                    delivery: $0.report.id, receiver: $0.report.receiver, made: $0.time, verdict: $0.verdict)
            }
            change.revived = Set(batch.filter(\.revives).map(\.report.receiver)).map { ($0, clock.now) }
            do {
                try await recorder.commit(change, batch.map { JournalEvent(.delivery($0.report), at: $0.time) })
            } catch {
                log.error("the outcomes of \(batch.count) attempts cannot be saved: \(error)")
                recordDue = clock.now + Self.storePause
                return
            }
            outcomes.removeFirst(batch.count)
            recorded(batch)
        } while !outcomes.isEmpty && isGathered
        if !outcomes.isEmpty { recordDue = clock.now + Self.gathering }
    }

    private func recorded(_ batch: [Outcome]) {
        for outcome in batch {
            let line = lines[outcome.report.receiver]
            line?.recorded(outcome.report.id, isDueAgain: outcome.report.due)
            if outcome.revives { line?.wake() }
        }
        for name in Set(batch.map(\.report.receiver)).sorted() { advance(name) }
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
