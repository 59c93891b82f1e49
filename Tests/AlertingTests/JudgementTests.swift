import Alerting
import Foundation
import Model
import Testing

@Suite struct JudgementTests {
    private let now = Date(timeIntervalSince1970: 1_000_000)

    private func verdict(_ answer: Answer, attempt: Int = 1, jitter: Double = 0) -> Verdict {
        Judgement.verdict(on: answer, attempt: attempt, at: now, jitter: jitter)
    }

    private func wait(_ verdict: Verdict) -> TimeInterval? {
        guard case .retry(_, let due) = verdict else { return nil }
        return due.timeIntervalSince(now)
    }

    @Test func whatWasAcceptedIsDelivered() {
        #expect(verdict(.accepted()) == .delivered)
        #expect(verdict(.accepted(pause: 60)) == .delivered)
    }

    @Test func whatMayPassIsTriedAgain() {
        #expect(wait(verdict(.busy(reason: "answered 503"))) == 5)
    }

    @Test func tenAttemptsSpreadOverThreeDays() {
        let waits = (1...9).map { wait(verdict(.busy(reason: "the connection was refused"), attempt: $0)) ?? 0 }
        #expect(waits == [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400])
        guard case .parked(let reason) = verdict(.busy(reason: "no route"), attempt: 10) else {
            Issue.record("the tenth attempt is the last")
            return
        }
        #expect(reason.contains("no route"))
    }

    @Test func jitterMovesAWaitByAFifth() {
        #expect(wait(verdict(.busy(reason: "answered 500"), attempt: 2, jitter: -1)) == 240)
        #expect(wait(verdict(.busy(reason: "answered 500"), attempt: 2, jitter: 1)) == 360)
    }

    @Test(arguments: [(60.0, 60.0), (2.0, 5.0), (-1.0, 5.0), (1e12, 86_400.0)])
    func aPauseIsHonouredWithinADay(_ asked: Double, _ waited: Double) {
        #expect(wait(verdict(.busy(reason: "answered 429", pause: asked))) == waited)
    }

    @Test func aRefusalIsParkedAfterThreeTries() {
        let refused = Answer.refused(reason: "answered 422")
        #expect(wait(verdict(refused, attempt: 1)) == 5)
        #expect(wait(verdict(refused, attempt: 2)) == 300)
        #expect(verdict(refused, attempt: 3) == .parked(reason: "answered 422"))
    }

    @Test func goneMeansGone() {
        #expect(verdict(.gone) == .receiverGone)
    }
}
