// One receiver's line: what is sent next, and when. It is told what was read from the outbox and how attempts ended,
// and does nothing by itself.

import Alerting
import Foundation
import Model
import Storage

/// What is known of a receiver since the configuration was loaded. Its deliveries are in the store; the next few are
/// here. It never leaves its courier.
final class ReceiverLine {
    let receiver: Receiver
    /// What is not to be read again: deliveries that wait here, those in flight, and those that were tried and of which
    /// the store does not know yet how that ended.
    private(set) var known: Set<String>
    /// How many of them are in flight.
    private var inFlight: Int
    /// Read from the outbox and due, the earliest last.
    private var waiting: [Delivery] = []
    /// Of their bodies.
    private var waitingBytes = 0
    /// When the next delivery in the outbox falls due, as far as is known.
    private var nextDue: Date?
    private var mustRead = true
    private var isReading = false
    /// Where the next read begins: while a long outbox is worked off, each goes on where the last was cut short.
    private(set) var place = OutboxPlace.start
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

    /// Read at a time, or as many as have so many bytes of bodies: digests are large.
    static let batch = 128
    static let batchBytes = 1 << 20
    /// With so many batches here, no more are read. With fewer they are, while these are sent: the next may take as
    /// long as the store needs to sync.
    private static let plenty = 2
    /// The most deliveries whose outcome the store does not know: after a crash they are sent again, under their ids.
    static let mostUnrecorded = 512

    /// - Parameters:
    ///   - inFlight: attempts that were begun before the configuration was loaded again.
    ///   - unrecorded: the same of outcomes.
    ///   - before: the line of this name until now. The rest that the same receiver asked for lasts; what we made of
    ///     its failures ourselves is forgotten, since it may have been mended.
    init(
        _ receiver: Receiver, inFlight: Set<String> = [], unrecorded: Set<String> = [], before: ReceiverLine? = nil
    ) {
        if let before, before.receiver == receiver { pausedUntil = before.pausedUntil }
        self.receiver = receiver
        self.inFlight = inFlight.count
        known = inFlight.union(unrecorded)
    }

    private var unrecorded: Int { known.count - inFlight - waiting.count }

    /// Whether there may be more attempts at once.
    var hasRoom: Bool { inFlight < most }

    /// How many attempts may be in flight. After a failed one, one at a time until one succeeds: a receiver that is
    /// down meets no wave.
    private var most: Int { breaker.isAiling ? 1 : receiver.manners.concurrency }

    func next(at now: Date) -> Step {
        guard !isGone, hasRoom, unrecorded < Self.mostUnrecorded else {
            return .wait(until: nil)
        }
        guard !waiting.isEmpty || mustRead || isReading else { return .wait(until: nextDue) }
        if let rest = rest(at: now) { return .wait(until: rest) }
        if mustRead, !isReading, !hasPlenty {
            // A retry may have been planned for before the place by now.
            if let due = nextDue, due <= now { place = .start }
            if place == .start { nextDue = nil }
            (mustRead, isReading) = (false, true)
            return .read
        }
        guard let delivery = waiting.popLast() else { return .wait(until: nil) }
        waitingBytes -= delivery.body.count
        inFlight += 1
        lastStart = now
        return .start(delivery)
    }

    private var hasPlenty: Bool {
        waiting.count >= Self.plenty * Self.batch || waitingBytes >= Self.plenty * Self.batchBytes
    }

    /// Why nothing may be sent, though something waits.
    private func rest(at now: Date) -> Date? {
        let end = max(reprieve(at: now), turn(at: now))
        return end > now ? end : nil
    }

    /// Until when the receiver is to be left alone: it failed, or asked for it.
    private func reprieve(at now: Date) -> Date {
        max(breaker.rest(at: now) ?? .distantPast, believed(pausedUntil, now))
    }

    /// When its pace allows the next attempt.
    private func turn(at now: Date) -> Date {
        // None has begun later than now: that was a clock that ran ahead.
        guard let pace = receiver.manners.pace, lastStart <= now else { return .distantPast }
        return lastStart + pace.period / Double(pace.count)
    }

    /// When what waits may be sent, if it is the pace alone that holds it back.
    func nextTurn(at now: Date) -> Date? {
        guard !isGone, hasRoom, !waiting.isEmpty || mustRead, reprieve(at: now) <= now else { return nil }
        let turn = turn(at: now)
        return turn > now ? turn : nil
    }

    /// Further away than any wait can be, it was planned by a clock that ran ahead.
    private func believed(_ time: Date, _ now: Date) -> Date {
        time <= now + Judgement.longestWait ? time : .distantPast
    }

    // MARK: What happened

    /// Something may have come into the outbox, wherever.
    func wake() {
        (mustRead, place) = (true, .start)
    }

    /// - Parameter part: the earliest due, behind the place that was read from, of those that were not known: as many
    ///   as `batch` and `batchBytes` allow.
    func read(_ part: OutboxPart, at now: Date) {
        isReading = false
        var soon: [Delivery] = []
        var hasLater = false
        for delivery in part.deliveries.reversed() where !known.contains(delivery.id) {
            if believed(delivery.due, now) > now {
                hasLater = true
                // One whose retry was planned meanwhile may be due sooner: the store did not know it yet.
                nextDue = min(nextDue ?? delivery.due, delivery.due)
            } else {
                known.insert(delivery.id)
                waitingBytes += delivery.body.count
                soon.append(delivery)
            }
        }
        waiting.insert(contentsOf: soon, at: 0)
        // What came in meanwhile is looked for from the start.
        guard !mustRead else { return }
        place = .start
        if !hasLater, let end = part.end { (mustRead, place) = (true, end) }
    }

    /// The outbox could not be read.
    func failToRead(again: Date) {
        isReading = false
        nextDue = min(nextDue ?? again, again)
    }

    /// It is later than it was thought to be.
    func pass(to now: Date) {
        if let due = nextDue, due <= now { wake() }
    }

    /// An attempt ended.
    ///
    /// - Returns: whether the receiver is well again after a time in which it was left alone.
    func end(_ delivery: String, _ verdict: Verdict, pause: TimeInterval?, at now: Date) -> Bool {
        inFlight -= 1
        if let pause { pausedUntil = max(pausedUntil, now + min(pause, 86_400)) }
        switch verdict {
        case .delivered: return breaker.succeed()
        case .retry: breaker.fail(at: now)
        case .parked: break
        case .receiverGone: isGone = true
        }
        return false
    }

    /// An attempt was called off.
    func leave(_ delivery: String) {
        inFlight -= 1
        known.remove(delivery)
    }

    /// An attempt ended that was made at another address, of which it says nothing here.
    func endElsewhere(_ delivery: String) {
        inFlight -= 1
        known.insert(delivery)
    }

    /// The store knows how an attempt ended.
    func recorded(_ delivery: String, isDueAgain due: Date?) {
        known.remove(delivery)
        if let due { nextDue = min(nextDue ?? due, due) }
    }
}
