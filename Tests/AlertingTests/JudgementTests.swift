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

    @Test(arguments: [200, 201, 202, 204, 299])
    func anySuccessIsDelivered(_ status: Int) {
        #expect(verdict(.status(status)) == .delivered)
    }

    @Test(arguments: [408, 429, 500, 502, 503, 504, 599])
    func whatMayPassIsTriedAgain(_ status: Int) {
        #expect(wait(verdict(.status(status))) == 5)
    }

    @Test func tenAttemptsSpreadOverThreeDays() {
        let waits = (1...9).map { wait(verdict(.none(reason: "the connection was refused"), attempt: $0)) ?? 0 }
        #expect(waits == [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400])
        guard case .parked(let reason) = verdict(.none(reason: "no route"), attempt: 10) else {
            Issue.record("the tenth attempt is the last")
            return
        }
        #expect(reason.contains("no route"))
    }

    @Test func jitterMovesAWaitByAFifth() {
        #expect(wait(verdict(.status(500), attempt: 2, jitter: -1)) == 240)
        #expect(wait(verdict(.status(500), attempt: 2, jitter: 1)) == 360)
    }

    @Test(arguments: [(60.0, 60.0), (2.0, 5.0), (-1.0, 5.0), (1e12, 86_400.0)])
    func retryAfterIsHonouredWithinADay(_ asked: Double, _ waited: Double) {
        #expect(wait(verdict(.status(429, retryAfter: asked))) == waited)
    }

    @Test(arguments: [400, 401, 403, 404, 422])
    func aRefusalIsParkedAfterThreeTries(_ status: Int) {
        #expect(wait(verdict(.status(status), attempt: 1)) == 5)
        #expect(wait(verdict(.status(status), attempt: 2)) == 300)
        #expect(verdict(.status(status), attempt: 3) == .parked(reason: "answered \(status)"))
    }

    @Test func aRedirectIsAFailureThatSaysSo() {
        guard case .parked(let reason) = verdict(.status(302), attempt: 3) else {
            Issue.record("a redirect is never followed")
            return
        }
        #expect(reason.contains("302") && reason.contains("never followed"))
    }

    @Test func goneMeansGone() {
        #expect(verdict(.status(410)) == .receiverGone)
    }
}
