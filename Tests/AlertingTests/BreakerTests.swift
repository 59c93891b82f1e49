import Alerting
import Foundation
import Testing

@Suite struct BreakerTests {
    private let now = Date(timeIntervalSince1970: 1_000_000)

    @Test func threeFailuresInARowBringRestThatGrowsToTenMinutes() {
        var breaker = Breaker()
        var rests: [TimeInterval?] = []
        for _ in 0..<9 {
            breaker.fail(at: now)
            rests.append(breaker.rest(at: now).map { $0.timeIntervalSince(now) })
        }
        #expect(rests == [nil, nil, 30, 60, 120, 240, 480, 600, 600])
        #expect(breaker.rest(at: now + 600) == nil)
    }

    @Test func oneSuccessEndsItAndSaysWhetherItHadOpened() {
        var breaker = Breaker()
        breaker.fail(at: now)
        #expect(breaker.isAiling)
        let hadOpenedAfterOne = breaker.succeed()
        #expect(!hadOpenedAfterOne)
        for _ in 0..<3 { breaker.fail(at: now) }
        let hadOpened = breaker.succeed()
        #expect(hadOpened)
        #expect(!breaker.isAiling && breaker.rest(at: now) == nil)
    }

    @Test func aClockThatIsSetBackEndsARest() {
        var breaker = Breaker()
        for _ in 0..<3 { breaker.fail(at: now) }
        #expect(breaker.rest(at: now - 86_400) == nil)
    }
}
