import Alerting
import Foundation
import Testing

@Suite struct HoursTests {
    private let amsterdam: TimeZone

    init() throws {
        amsterdam = try #require(TimeZone(identifier: "Europe/Amsterdam"))
    }

    private func date(_ text: String) throws -> Date {
        try Date(text, strategy: .iso8601)
    }

    private func office() -> Hours {
        var span = Hours.Span(zone: amsterdam)
        span.weekdays = [1...5]
        span.times = [(9 * 60)..<(17 * 60)]
        return Hours(name: "office", spans: [span])
    }

    @Test(arguments: [
        ("2026-03-02T08:00:00Z", true), ("2026-03-02T07:59:59Z", false), ("2026-03-02T15:59:59Z", true),
        ("2026-03-02T16:00:00Z", false), ("2026-03-01T12:00:00Z", false), ("2026-07-06T07:00:00Z", true),
        ("2026-07-06T06:59:59Z", false),
    ])
    func officeHoursFollowTheClockOnTheWall(_ time: String, _ isOpen: Bool) throws {
        #expect(try RouteHours(active: [office()]).isOpen(at: date(time)) == isOpen)
    }

    @Test(arguments: [
        // Friday evening waits for Monday; the clocks go forward on 29 March.
        ("2026-03-06T20:00:00Z", "2026-03-09T08:00:00Z"), ("2026-03-27T20:00:00Z", "2026-03-30T07:00:00Z"),
        ("2026-03-02T03:00:00Z", "2026-03-02T08:00:00Z"), ("2026-03-02T10:00:00Z", "2026-03-02T10:00:00Z"),
    ])
    func whatIsHeldWaitsForTheNextOpening(_ time: String, _ opening: String) throws {
        #expect(try RouteHours(active: [office()]).opening(from: date(time)) == date(opening))
    }

    @Test func theFirstOfTwoZonesToOpenCounts() throws {
        var evening = Hours.Span(zone: amsterdam)
        evening.times = [(17 * 60)..<(22 * 60)]
        var morning = Hours.Span(zone: .gmt)
        morning.times = [(8 * 60)..<(12 * 60)]
        let hours = RouteHours(active: [Hours(name: "both", spans: [evening, morning])])
        // In Amsterdam it is the next day already, which opens at 16:00 UTC.
        #expect(try hours.opening(from: date("2026-03-03T23:30:00Z")) == date("2026-03-04T08:00:00Z"))
    }

    @Test func aMuteEndsWhereItsTimesEnd() throws {
        var night = Hours.Span(zone: amsterdam)
        night.times = [0..<(7 * 60), (22 * 60)..<1_440]
        let hours = RouteHours(mute: [Hours(name: "night", spans: [night])])
        #expect(try hours.opening(from: date("2026-03-02T21:30:00Z")) == date("2026-03-03T06:00:00Z"))
        #expect(try hours.isOpen(at: date("2026-03-02T20:59:00Z")))
    }

    @Test func theLastDaysOfAMonthCountFromItsEnd() throws {
        var span = Hours.Span(zone: .gmt)
        span.daysOfMonth = [Hours.Days(first: -2, last: -1)]
        let hours = RouteHours(active: [Hours(name: "end", spans: [span])])
        #expect(try hours.isOpen(at: date("2026-02-27T12:00:00Z")))
        #expect(try !hours.isOpen(at: date("2026-02-26T12:00:00Z")))
        #expect(try hours.opening(from: date("2026-03-01T12:00:00Z")) == date("2026-03-30T00:00:00Z"))
    }

    @Test func aMonthMayBeOpenFromADayToItsEnd() throws {
        var span = Hours.Span(zone: .gmt)
        span.daysOfMonth = [Hours.Days(first: 15, last: -1)]
        let hours = RouteHours(active: [Hours(name: "half", spans: [span])])
        #expect(try hours.isOpen(at: date("2026-02-28T12:00:00Z")))
        #expect(try hours.opening(from: date("2026-03-01T12:00:00Z")) == date("2026-03-15T00:00:00Z"))
    }

    @Test func aDayThatComesOnceAYearIsFoundAndAYearThatIsPastIsNot() throws {
        var span = Hours.Span(zone: .gmt)
        span.months = [12...12]
        span.daysOfMonth = [Hours.Days(first: 25, last: 25)]
        let now = try date("2026-12-26T00:00:00Z")
        #expect(
            try RouteHours(active: [Hours(name: "x", spans: [span])]).opening(from: now)
                == date("2027-12-25T00:00:00Z"))
        span.years = [2020...2021]
        #expect(RouteHours(active: [Hours(name: "x", spans: [span])]).opening(from: now) == nil)
    }

    @Test func aTimeThatSpringLeavesOutIsTheHourBehindIt() throws {
        var span = Hours.Span(zone: amsterdam)
        span.times = [150..<180]
        let hours = RouteHours(active: [Hours(name: "gap", spans: [span])])
        // 29 March 2026 has no 02:30 in Amsterdam: the next is on the 30th.
        #expect(try hours.opening(from: date("2026-03-28T12:00:00Z")) == date("2026-03-30T00:30:00Z"))
    }

    @Test(arguments: [
        ("2026-03-02T07:00:00Z", "2026-03-02T08:00:00Z"), ("2026-03-02T08:00:00Z", "2026-03-09T08:00:00Z"),
        ("2026-03-27T12:00:00Z", "2026-03-30T07:00:00Z"),
    ])
    func aDigestComesOnMondaysAtNine(_ time: String, _ due: String) throws {
        let digest = Digest(.daily(minute: 540, weekdays: [1...1], zone: amsterdam))
        #expect(try digest.next(after: date(time)) == date(due))
    }

    @Test func aDigestEverySoOftenIsCountedFromMidnight() throws {
        let digest = Digest(.every(4 * 3_600))
        #expect(try digest.next(after: date("2026-03-02T07:00:00Z")) == date("2026-03-02T08:00:00Z"))
        #expect(try digest.next(after: date("2026-03-02T08:00:00Z")) == date("2026-03-02T12:00:00Z"))
    }
}
