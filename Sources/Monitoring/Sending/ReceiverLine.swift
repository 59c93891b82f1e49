// One receiver's line: what is sent next, and when. A value; it is told what was read from the outbox and how attempts
// ended, and does nothing by itself.

import Alerting
import Foundation
import Model

/// What is known of a receiver since the configuration was loaded. Its deliveries are in the store; the next few are
/// here.
struct ReceiverLine {
    let receiver: Receiver
    /// Deliveries in flight.
    private(set) var inFlight: Set<String>
    /// Deliveries that were tried, and of which the store does not know yet how that ended.
    private(set) var unrecorded: Set<String>
    /// Read from the outbox and due, the earliest last.
    private var waiting: [Delivery] = []
    /// When the next delivery in the outbox falls due, as far as is known.
    private var nextDue: Date?
    private var mustRead = true
    private var isReading = false
    private var breaker = Breaker()
    /// The receiver asked to be left alone until then.
    private var pausedUntil = Date.distantPast
    private var lastStart = Date.distantPast
    private var isGone = false

    /// What is to be done now.
    enum Step: Equatable {
        case start(Delivery)
        /// Read the outbox, and ask again at once what else is to be done.
        case read
        /// Nothing; `nil` until something happens.
        case wait(until: Date?)
    }

    /// Read at a time.
    static let batch = 128
    /// When so few are left here, the next ones are read, while these are sent.
    private static let low = batch / 2
    /// The most deliveries whose outcome the store does not know: after a crash they are sent again, under their ids.
    private static let mostUnrecorded = 512

    /// - Parameters:
    ///   - inFlight: attempts that were begun before the configuration was loaded again.
    ///   - unrecorded: the same of outcomes.
    init(_ receiver: Receiver, inFlight: Set<String> = [], unrecorded: Set<String> = []) {
        self.receiver = receiver
        self.inFlight = inFlight
        self.unrecorded = unrecorded
    }

    /// How many attempts may be in flight. After a failed one, one at a time until one succeeds: a receiver that is down
    /// meets no wave.
    private var most: Int { breaker.isAiling ? 1 : receiver.manners.concurrency }

    mutating func next(at now: Date) -> Step {
        guard !isGone, inFlight.count < most, unrecorded.count < Self.mostUnrecorded else {
            return .wait(until: nil)
        }
        guard !waiting.isEmpty || mustRead || isReading else { return .wait(until: nextDue) }
        if let rest = rest(at: now) { return .wait(until: rest) }
        if mustRead, !isReading, waiting.count < Self.low {
            (mustRead, isReading, nextDue) = (false, true, nil)
            return .read
        }
        guard let delivery = waiting.popLast() else { return .wait(until: nil) }
        inFlight.insert(delivery.id)
        lastStart = now
        return .start(delivery)
    }

    /// Why nothing may be sent, though something waits.
    private func rest(at now: Date) -> Date? {
        let gap = receiver.manners.pace.map { $0.period / Double($0.count) } ?? 0
        let rests = [breaker.rest(at: now), pausedUntil, lastStart + gap].compactMap { $0 }
        // Further away than any wait can be, it was planned by a clock that ran ahead.
        return rests.filter { $0 > now && $0 <= now + Judgement.longestWait }.max()
    }

    // MARK: What happened

    /// Something may have come into the outbox.
    mutating func wake() {
        mustRead = true
    }

    /// What is not to be read again.
    var known: Set<String> { inFlight.union(unrecorded).union(waiting.map(\.id)) }

    /// - Parameter deliveries: the earliest due of those that were not known, as many as `batch`.
    mutating func read(_ deliveries: [Delivery], at now: Date) {
        isReading = false
        let known = known
        let unknown = deliveries.filter { !known.contains($0.id) }
        // Further away than any wait can be, it was planned by a clock that ran ahead.
        let isLater = { (delivery: Delivery) in delivery.due > now && delivery.due <= now + Judgement.longestWait }
        waiting = unknown.filter { !isLater($0) }.reversed() + waiting
        let later = unknown.filter(isLater).map(\.due)
        // One whose retry was planned meanwhile may be due sooner: the store did not know it yet.
        nextDue = (later + [nextDue].compactMap(\.self)).min()
        if later.isEmpty, deliveries.count >= Self.batch { mustRead = true }
    }

    /// The outbox could not be read.
    mutating func failToRead(again: Date) {
        isReading = false
        nextDue = min(nextDue ?? again, again)
    }

    /// It is later than it was thought to be.
    mutating func pass(to now: Date) {
        if let due = nextDue, due <= now { mustRead = true }
    }

    /// An attempt ended.
    ///
    /// - Returns: whether the receiver is well again after a time in which it was left alone.
    mutating func end(_ delivery: String, _ verdict: Verdict, pause: TimeInterval?, at now: Date) -> Bool {
        leave(delivery)
        unrecorded.insert(delivery)
        if let pause { pausedUntil = max(pausedUntil, now + min(pause, 86_400)) }
        switch verdict {
        case .delivered: return breaker.succeed()
        case .retry: breaker.fail(at: now)
        case .parked: break
        case .receiverGone: isGone = true
        }
        return false
    }

    /// An attempt was called off, or was another configuration's.
    mutating func leave(_ delivery: String) {
        inFlight.remove(delivery)
    }

    mutating func note(unrecorded delivery: String) {
        unrecorded.insert(delivery)
    }

    /// The store knows how an attempt ended.
    mutating func recorded(_ delivery: String, isDueAgain due: Date?) {
        unrecorded.remove(delivery)
        if let due { nextDue = min(nextDue ?? due, due) }
    }
}
