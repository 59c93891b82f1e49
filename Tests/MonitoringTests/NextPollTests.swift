import Fetching
import Foundation
import Model
import Monitoring
import Testing

private let now = Date(timeIntervalSince1970: 1_772_438_400)

/// When a source is asked again, and why.
@Suite struct NextPollTests {
    private let quarter = Cadence(every: .seconds(900))

    /// A source that has been polled, with validators that work unless told otherwise.
    private func state(failures: Int = 0, isBare: Bool = false) -> SourceState {
        var state = SourceState(id: 1, due: now)
        state.polled = now
        state.answered = now
        state.failures = failures
        if !isBare { state.validators = Validators(etag: "\"1\"") }
        return state
    }

    private func next(
        _ outcome: PollOutcome, _ state: SourceState? = nil, cadence: Cadence? = nil, advice: Advice = Advice(),
        dice: Double = 0
    ) -> (wait: TimeInterval, reason: DueReason) {
        let next = NextPoll(
            after: outcome, advice, state: state ?? self.state(), cadence: cadence ?? quarter,
            eagerness: Gain.unbounded, at: now, dice: dice)
        return (next.due.timeIntervalSince(now), next.reason)
    }

    private func failed(_ failure: PollOutcome.Failure, _ failures: Int, dice: Double = 0) -> TimeInterval {
        next(.failed(failure), state(failures: failures), dice: dice).wait
    }

    private func refused(_ status: Int, _ rest: TimeInterval? = nil) -> PollOutcome.Failure {
        .refused(status: status, retryAfter: rest)
    }

    // MARK: Good polls

    @Test func anIntervalIsKeptGiveOrTakeALittle() {
        #expect(next(.unchanged) == (900, .interval))
        #expect(next(.unchanged, dice: -1).wait == 855)
        #expect(next(.unchanged, dice: 1).wait == 945)
    }

    @Test func byDefaultNothingIsAskedMoreThanOnceAnHourAndWithoutValidatorsOnceADay() {
        var busy = state()
        busy.rhythm.learn((0..<500).map { now - Double($0) * 60 }, at: now)
        #expect(next(.unchanged, busy, cadence: .polite) == (3_600, .rhythm))
        #expect(next(.unchanged, busy, cadence: .polite, dice: -1).wait >= 3_600)
        busy.validators = Validators()
        #expect(next(.unchanged, busy, cadence: .polite) == (86_400, .bare))
        busy.validators = Validators(etag: "\"never honoured\"")
        busy.vainConditions = 2
        #expect(next(.unchanged, busy, cadence: .polite) == (86_400, .bare))
        let lowered = Cadence(floor: .seconds(600), bareFloor: .seconds(600), ceiling: .seconds(86_400))
        #expect(next(.unchanged, busy, cadence: lowered) == (600, .rhythm))
    }

    @Test func aNewSourceThatFailsIsNotTakenForOneWithoutValidators() {
        var new = SourceState(id: 1, due: now)
        new.polled = now
        new.failures = 1
        #expect(next(.failed(.unreachable(.connectionFailed)), new, cadence: .polite) == (3_600, .backoff))
    }

    @Test func aSourceThatPublishesSeldomIsAskedSeldomButNotBeyondItsCeiling() {
        var quiet = state()
        quiet.rhythm.learn([now - 300 * 86_400], at: now)
        let wait = next(.unchanged, quiet, cadence: .polite).wait
        #expect((30_000...86_400).contains(wait))
        let short = Cadence(floor: .seconds(60), bareFloor: .seconds(60), ceiling: .seconds(7_200))
        #expect(next(.unchanged, quiet, cadence: short).wait == 7_200)
    }

    // MARK: What servers and feeds say

    private func freshness(_ headers: (String, String)...) -> TimeInterval? {
        Freshness.left(of: Response(status: 200, headers: headers.map { Header($0.0, $0.1) }), at: now)
    }

    @Test func freshnessIsMaxAgeOrExpiresLessAge() {
        #expect(freshness(("Cache-Control", "public, max-age=3600"), ("Age", "600")) == 3_000)
        #expect(freshness(("Cache-Control", "Max-Age=\"1800\"")) == 1_800)
        #expect(freshness(("Expires", "Mon, 02 Mar 2026 09:00:00 GMT")) == 3_600)
        let skewed = [("Expires", "Mon, 02 Mar 2026 10:00:00 GMT"), ("Date", "Mon, 02 Mar 2026 09:30:00 GMT")]
        #expect(freshness(skewed[0], skewed[1]) == 1_800)
        #expect(freshness(("Cache-Control", "max-age=60"), ("Expires", "Mon, 02 Mar 2026 09:00:00 GMT")) == 60)
    }

    @Test func freshnessIsCancelledAndClamped() {
        #expect(freshness(("Cache-Control", "no-cache, max-age=3600")) == nil)
        #expect(freshness(("Cache-Control", "no-store"), ("Expires", "Mon, 02 Mar 2026 09:00:00 GMT")) == nil)
        #expect(freshness(("Cache-Control", "max-age=504576000")) == Freshness.longest)
        #expect(freshness(("Cache-Control", "max-age=1e300")) == Freshness.longest)
        #expect(freshness(("Cache-Control", "max-age=-1")) == nil)
        #expect(freshness(("Cache-Control", "max-age=nan")) == nil)
        #expect(freshness(("Cache-Control", "max-age")) == nil)
        #expect(freshness(("Expires", "0")) == nil)
        #expect(freshness(("Cache-Control", "max-age=60"), ("Age", "90")) == nil)
    }

    @Test func aFreshAnswerPutsAPollOffAndNeverBringsItForward() {
        var advice = Advice()
        advice.freshness = 5_000
        #expect(next(.unchanged, advice: advice) == (5_000, .fresh))
        #expect(next(.unchanged, advice: advice, dice: -1).wait >= 5_000)
        advice.freshness = 60
        #expect(next(.unchanged, advice: advice) == (900, .interval))
    }

    @Test func whatTheFeedAsksCountsUnlessTheUserNamedAnInterval() {
        var advice = Advice()
        advice.pace.ttl = .seconds(7_200)
        var busy = state()
        busy.rhythm.learn((0..<500).map { now - Double($0) * 60 }, at: now)
        #expect(next(.unchanged, busy, cadence: .polite, advice: advice) == (7_200, .advice))
        #expect(next(.unchanged, busy, advice: advice) == (900, .interval))
        advice.pace.ttl = .seconds(60)
        advice.pace.period = .seconds(30 * 86_400)
        #expect(next(.unchanged, busy, cadence: .polite, advice: advice) == (Freshness.longest, .advice))
    }

    @Test func skippedHoursAndDaysAreWaitedOut() {
        var busy = state()
        busy.rhythm.learn((0..<500).map { now - Double($0) * 60 }, at: now)
        var advice = Advice()
        // It is Monday, eight o'clock.
        advice.pace.skipHours = [9, 10]
        #expect(next(.unchanged, busy, cadence: .polite, advice: advice) == (3 * 3_600, .quiet))
        advice.pace.skipDays = [1]
        #expect(next(.unchanged, busy, cadence: .polite, advice: advice) == (16 * 3_600, .quiet))
        advice.pace.skipDays = Set(1...7)
        #expect(next(.unchanged, busy, cadence: .polite, advice: advice) == (3_600, .rhythm))
    }

    // MARK: Failures

    @Test func failuresDoubleTheWaitUpToADay() {
        #expect((1...5).map { failed(refused(503), $0) } == [900, 1_800, 3_600, 7_200, 14_400])
        #expect(failed(refused(404), 40) == 86_400)
        #expect(failed(.unreachable(.nameNotFound), 2) == 1_800)
        #expect(failed(.unreachable(.tls("expired")), 2, dice: 1) == 2_160)
    }

    @Test func aFailureNeverMakesUsComeSoonerThanConfigured() {
        let weekly = Cadence(every: .seconds(7 * 86_400))
        let next = next(.failed(refused(500)), state(failures: 1), cadence: weekly, dice: -1)
        #expect(next == (7 * 86_400, .backoff))
    }

    @Test(arguments: [(60.0, 900.0), (5_000.0, 5_000.0), (1e12, 86_400.0), (-5.0, 900.0)])
    func retryAfterIsHonouredUpToADay(_ asked: Double, _ waited: Double) {
        #expect(failed(refused(503, asked), 1) == waited)
        #expect(failed(.throttled(status: 429, retryAfter: asked), 1) == waited)
    }

    @Test func aThrottledSiteRestsAndAPrivateHostDoesNot() {
        let asked = PollOutcome.Failure.throttled(status: 429, retryAfter: 600)
        #expect(Backoff.siteRest(after: asked, isPrivate: false) == 600)
        #expect(Backoff.siteRest(after: asked, isPrivate: true) == nil)
        #expect(Backoff.siteRest(after: .throttled(status: 403, retryAfter: nil), isPrivate: false) == 3_600)
        #expect(Backoff.siteRest(after: .throttled(status: 429, retryAfter: 0), isPrivate: false) == 1)
        #expect(Backoff.siteRest(after: .throttled(status: 429, retryAfter: 1e9), isPrivate: false) == 86_400)
        #expect(Backoff.siteRest(after: refused(503, 600), isPrivate: false) == nil)
    }

    @Test func aChallengeIsLeftAloneForADayThenForAWeek() {
        #expect((1...5).map { failed(.challenged, $0) } == [1, 2, 4, 7, 7].map { $0 * 86_400 })
    }

    @Test func ourOwnDiskIsNotTheSourcesFault() {
        #expect(failed(.unsaved("the disk is full"), 0) == 900)
    }

    @Test func whatIsGoneIsLookedAtAMonthLater() {
        #expect(next(.failed(refused(410)), state(failures: 1)) == (30 * 86_400, .gone))
    }

    @Test func everyReasonReadsAsASentence() {
        for reason in DueReason.allCases { #expect(reason.text.count > 10) }
        #expect(Set(DueReason.allCases.map(\.text)).count == DueReason.allCases.count)
    }
}
