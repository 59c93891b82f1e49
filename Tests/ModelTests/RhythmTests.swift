import Foundation
import Model
import Testing

private let now = Date(timeIntervalSince1970: 1_772_438_400)
private let day = 86_400.0

@Suite struct RhythmTests {
    private func rhythm(_ times: [Date], at time: Date = now) -> Rhythm {
        var rhythm = Rhythm()
        rhythm.learn(times, at: time)
        return rhythm
    }

    @Test func aFirstDocumentTeachesTheRate() {
        let daily = rhythm((0..<40).map { now - Double($0) * day })
        #expect(abs(daily.rate(at: now) * 86_400 - 1) < 0.3)
        #expect(Rhythm().rate(at: now) * 86_400 < 0.1)
    }

    @Test func theRateFallsWhileNothingComesAndRisesWhenMuchDoes() {
        var rhythm = rhythm((0..<40).map { now - Double($0) * day })
        let before = rhythm.rate(at: now)
        #expect(rhythm.rate(at: now + 60 * day) < before / 2)
        for hour in 1...100 { rhythm.learn([now + Double(hour) * 3_600], at: now + Double(hour) * 3_600) }
        #expect(rhythm.rate(at: now + 100 * 3_600) > before * 2)
    }

    @Test func hoursAndDaysOfPublishingAreKnown() {
        // Ten weeks of Mondays at eight.
        let weekly = rhythm((0..<10).flatMap { week in (0..<5).map { now - Double(week) * 7 * day + Double($0) } })
        let monday = Int(now.timeIntervalSince1970)
        #expect(weekly.shape(at: monday) > 10 * weekly.shape(at: monday + 12 * 3_600))
        #expect(weekly.shape(at: monday + 3 * 86_400 + 12 * 3_600) < 0.2)
        #expect(abs(Rhythm().shape(at: monday) - 1) < 0.001)
    }

    @Test func implausibleTimesTeachNothing() {
        var rhythm = rhythm([now + day, now - 4_000 * day])
        #expect(rhythm.count == 0)
        #expect(rhythm.latest == 0)
        // Later, an entry without a time of its own was published when it was found; at first, nobody knows.
        rhythm.learn([nil], at: now + day)
        #expect(rhythm.count == 1)
        #expect(self.rhythm([]).count == 0)
    }

    @Test func silenceIsWhatTheRateDoesNotExplain() {
        let daily = rhythm((0..<60).map { now - Double($0) * day })
        #expect(daily.expectedSinceLatest(at: now + 5 * day) < 7)
        #expect(daily.expectedSinceLatest(at: now + 20 * day) > 12)
        #expect(Rhythm().expectedSinceLatest(at: now + 900 * day) == 0)
    }

    @Test func aCountThatIsFullIsHalvedAndTheShapeStays() {
        var rhythm = Rhythm()
        for week in 0..<300 { rhythm.learn([now + Double(week) * 7 * day], at: now + Double(week) * 7 * day) }
        #expect(rhythm.days.max() ?? 0 < 255)
        #expect(rhythm.shape(at: Int(now.timeIntervalSince1970)) > 5)
    }

    @Test func itIsReadBackAsItWasWritten() throws {
        let rhythm = rhythm((0..<40).map { now - Double($0) * day })
        #expect(rhythm.bytes.count == 47)
        #expect(Rhythm(bytes: rhythm.bytes) == rhythm)
        #expect(Rhythm(bytes: []) == nil)
        #expect(Rhythm(bytes: Array(repeating: 255, count: 47)) == nil)
    }
}
