import Alerting
import Foundation
import Model
import Testing

@testable import Monitoring
@testable import Storage

/// What one receiver is sent next, and when.
@Suite struct ReceiverLineTests {
    private let now = Date(timeIntervalSince1970: 1_772_438_400)
    private let line = ReceiverLine(Receiver(name: "webcare", target: .file(LineFile(path: "/nowhere"))))

    /// Some place that is not the start.
    private let end = OutboxPlace(due: 1_772_438_400, row: 9)

    private func delivery(_ id: String, due: TimeInterval = 0) -> Delivery {
        Delivery(id: id, receiver: "webcare", body: [], due: now + due)
    }

    @Test func aRetryThatIsPlannedWhileTheOutboxIsReadIsNotForgotten() {
        #expect(line.next(at: now) == .read)
        line.read(OutboxPart([delivery("one"), delivery("two")]), at: now)
        #expect(line.next(at: now) == .start(delivery("one")))

        line.wake()
        #expect(line.next(at: now) == .read)
        // The store is asked for what is not known, and "one" is; its outcome is stored before the answer comes.
        _ = line.end("one", .retry(reason: "down", due: now + 5), pause: nil, at: now)
        line.recorded("one", isDueAgain: now + 5)
        line.read(OutboxPart([]), at: now)
        #expect(line.next(at: now) == .start(delivery("two")))
        _ = line.end("two", .delivered, pause: nil, at: now)
        line.recorded("two", isDueAgain: nil)
        #expect(line.next(at: now) == .wait(until: now + 5))
        line.pass(to: now + 5)
        #expect(line.next(at: now + 5) == .read)
    }

    @Test func whatFailedToBeReadIsReadAgain() {
        #expect(line.next(at: now) == .read)
        line.failToRead(again: now + 30)
        #expect(line.next(at: now) == .wait(until: now + 30))
        line.pass(to: now + 30)
        #expect(line.next(at: now + 30) == .read)
    }

    @Test func aFullBatchIsFollowedByTheNextOnlyWhileThatMayBeDue() {
        #expect(line.next(at: now) == .read)
        let batch = (0..<ReceiverLine.batch).map { delivery("\($0)", due: $0 < 2 ? 0 : 60) }
        line.read(OutboxPart(batch, end: end), at: now)
        for id in ["0", "1"] {
            #expect(line.next(at: now) == .start(delivery(id)))
            _ = line.end(id, .delivered, pause: nil, at: now)
            line.recorded(id, isDueAgain: nil)
        }
        #expect(line.next(at: now) == .wait(until: now + 60))
    }

    @Test func aLongOutboxIsReadPartByPart() {
        #expect(line.next(at: now) == .read)
        #expect(line.place == .start)
        line.read(OutboxPart([delivery("one")], end: end), at: now)
        // There is room for more, behind what was read.
        #expect(line.next(at: now) == .read)
        #expect(line.place == end)
        line.read(OutboxPart([delivery("two")]), at: now)
        #expect([line.next(at: now), line.next(at: now)] == [.start(delivery("one")), .start(delivery("two"))])
        #expect(line.next(at: now) == .wait(until: nil))

        line.wake()
        #expect(line.next(at: now) == .read)
        #expect(line.place == .start)
    }

    @Test func whatComesInWhileAPartIsReadIsLookedForFromTheStart() {
        #expect(line.next(at: now) == .read)
        line.wake()
        line.read(OutboxPart([delivery("one")], end: end), at: now)
        #expect(line.next(at: now) == .read)
        #expect(line.place == .start)
    }

    @Test func aRetryIsNotPassedOverBecauseItLiesBeforeThePlace() {
        #expect(line.next(at: now) == .read)
        line.read(OutboxPart([delivery("one")], end: end), at: now)
        #expect(line.next(at: now) == .read)
        #expect(line.next(at: now) == .start(delivery("one")))
        _ = line.end("one", .retry(reason: "down", due: now + 5), pause: nil, at: now)
        // The store learns of it late: the outbox was read beyond it.
        line.read(OutboxPart([], end: end), at: now + 9)
        line.recorded("one", isDueAgain: now + 5)
        #expect(line.next(at: now + 9) == .read)
        #expect(line.place == .start)
    }

    @Test func moreIsReadBeforeWhatWaitsRunsOut() {
        let half = (0..<ReceiverLine.batch).map { delivery("\($0)") }
        #expect(line.next(at: now) == .read)
        line.read(OutboxPart(half, end: end), at: now)
        #expect(line.next(at: now) == .read)
        line.read(OutboxPart(half.map { delivery($0.id + "b") }, end: end), at: now)
        #expect(line.next(at: now) == .start(delivery("0")))
        #expect(line.next(at: now) == .read)
    }

    @Test func whatIsLargeIsNotReadAllAtOnce() {
        var large = ["one", "two"].map { delivery($0) }
        for index in large.indices { large[index].body = [UInt8](repeating: 0x20, count: ReceiverLine.batchBytes) }
        #expect(line.next(at: now) == .read)
        line.read(OutboxPart([large[0]], end: end), at: now)
        #expect(line.next(at: now) == .read)
        line.read(OutboxPart([large[1]], end: end), at: now)
        // More may be due behind them, and is read when there is room.
        #expect(line.next(at: now) == .start(large[0]))
        #expect(line.next(at: now) == .read)
        line.read(OutboxPart([]), at: now)
        #expect(line.next(at: now) == .start(large[1]))
        #expect(line.next(at: now) == .wait(until: nil))
    }

    private func paced() -> ReceiverLine {
        var manners = Manners()
        manners.pace = RateLimit(1, per: 3_600)
        let line = ReceiverLine(Receiver(name: "webcare", target: .file(LineFile(path: "/nowhere")), manners: manners))
        #expect(line.next(at: now) == .read)
        line.read(OutboxPart([delivery("one"), delivery("two")]), at: now)
        #expect(line.next(at: now) == .start(delivery("one")))
        return line
    }

    @Test func aClockThatIsSetBackMakesNoPaceOfADay() {
        let line = paced()
        #expect(line.next(at: now + 1) == .wait(until: now + 3_600))
        #expect(line.next(at: now - 36_000) == .start(delivery("two")))
    }

    @Test func onlyWhatThePaceAloneHoldsBackHasATurn() {
        let line = paced()
        #expect(line.nextTurn(at: now + 1) == now + 3_600)
        #expect(line.nextTurn(at: now + 3_600) == nil)
        _ = line.end("one", .retry(reason: "down", due: now + 5), pause: 60, at: now)
        #expect(line.nextTurn(at: now + 59) == nil)
        #expect(line.nextTurn(at: now + 60) == now + 3_600)
        #expect(line.next(at: now + 3_600) == .start(delivery("two")))
        #expect(line.nextTurn(at: now + 3_601) == nil)
    }
}
