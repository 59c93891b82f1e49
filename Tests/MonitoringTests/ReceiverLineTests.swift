import Alerting
import Foundation
import Model
import Testing

@testable import Monitoring

/// What one receiver is sent next, and when.
@Suite struct ReceiverLineTests {
    private let now = Date(timeIntervalSince1970: 1_772_438_400)
    private let line = ReceiverLine(Receiver(name: "webcare", target: .file(LineFile(path: "/nowhere"))))

    private func delivery(_ id: String, due: TimeInterval = 0) -> Delivery {
        Delivery(id: id, receiver: "webcare", body: [], due: now + due)
    }

    @Test func aRetryThatIsPlannedWhileTheOutboxIsReadIsNotForgotten() {
        #expect(line.next(at: now) == .read)
        line.read([delivery("one"), delivery("two")], at: now)
        #expect(line.next(at: now) == .start(delivery("one")))

        line.wake()
        #expect(line.next(at: now) == .read)
        // The store is asked for what is not known, and "one" is; its outcome is stored before the answer comes.
        _ = line.end("one", .retry(reason: "down", due: now + 5), pause: nil, at: now)
        line.recorded("one", isDueAgain: now + 5)
        line.read([], at: now)
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
        line.read((0..<ReceiverLine.batch).map { delivery("\($0)", due: $0 < 2 ? 0 : 60) }, at: now)
        for id in ["0", "1"] {
            #expect(line.next(at: now) == .start(delivery(id)))
            _ = line.end(id, .delivered, pause: nil, at: now)
            line.recorded(id, isDueAgain: nil)
        }
        #expect(line.next(at: now) == .wait(until: now + 60))
    }

    @Test func whatIsLargeIsReadInSmallerBatches() {
        #expect(line.next(at: now) == .read)
        var large = delivery("large")
        large.body = [UInt8](repeating: 0x20, count: ReceiverLine.batchBytes)
        line.read([large], at: now)
        // More may be due behind it, and is read when there is room.
        #expect(line.next(at: now) == .start(large))
        #expect(line.next(at: now) == .read)
        line.read([], at: now)
        #expect(line.next(at: now) == .wait(until: nil))
    }
}
