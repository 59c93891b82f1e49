import Monitoring
import Simulation
import Testing

/// The large one is Tests/Benchmarks, ScheduleSimulation: a million sources through a day.
@Suite struct SimulationTests {
    @Test func aDayOfFourThousandSourcesBreaksNoRuleAndForgetsNobody() {
        let web = SimulatedWeb(count: 4_000)
        var day = SimulatedDay(web, seconds: 86_400, seed: 1)
        day.run()
        #expect(day.judge.breaches == [])
        #expect(day.judge.requestCount > 4_000 * 22)
        #expect(day.judge.neglected(least: 21) == 0)
        // The first round comes a hundred a second; jitter takes the edge off the next ones.
        #expect(day.judge.perMinute.max() ?? 0 <= 6_000)
    }

    @Test func theSameDayIsTheSameAgain() {
        func log() -> [Int] {
            var day = SimulatedDay(SimulatedWeb(count: 500), seconds: 20_000, seed: 7)
            day.run()
            return day.judge.perMinute
        }
        #expect(log() == log())
    }

    /// A judge that finds nothing must be one that can find something.
    @Test func theJudgeSeesWhatIsWrong() {
        let web = SimulatedWeb(count: 400)
        func breaches(_ requests: [(source: Int, start: Int, end: Int, manner: SimulatedWeb.Manner)]) -> Int {
            var judge = Judge(web, interval: 3_600, day: 86_400)
            for request in requests {
                judge.take(
                    Judge.Request(
                        source: request.source, start: request.start, end: request.end, manner: request.manner,
                        rest: 600))
            }
            return judge.breachCount
        }
        #expect(breaches([(1, 0, 1, .unchanged), (1, 3_600, 3_601, .unchanged)]) == 0)
        #expect(breaches([(1, 0, 1, .unchanged), (1, 1_000, 1_001, .unchanged)]) == 1)
        // 320 is the second source of host 0, and of hoster 0.
        #expect(breaches([(0, 0, 5, .unchanged), (320, 3, 4, .unchanged)]) == 1)
        #expect(breaches([(0, 0, 5, .unchanged), (320, 5, 6, .unchanged)]) == 1)
        #expect(breaches([(0, 0, 5, .throttles), (320, 500, 501, .unchanged)]) == 1)
        #expect(breaches([(1, 0, 1, .isGone), (1, 8_000, 8_001, .isGone)]) == 1)
        // A request that a redirect led to site 0, while host 0 is asked.
        var judge = Judge(web, interval: 3_600, day: 86_400)
        judge.take(Judge.Request(source: 0, start: 0, end: 5, manner: .unchanged, rest: 0))
        judge.take(Judge.Request(source: 51, start: 3, end: 4, manner: .leads, rest: 0, target: 0))
        #expect(judge.breachCount == 1)
        // 3 and 6 share a machine, which is known after the first poll of each.
        #expect(
            breaches([
                (3, 0, 1, .unchanged), (6, 0, 1, .unchanged), (3, 4_000, 4_009, .unchanged),
                (6, 4_005, 4_006, .unchanged),
            ]) == 1)
    }
}
