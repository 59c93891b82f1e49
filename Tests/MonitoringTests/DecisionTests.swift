import Fetching
import Foundation
import Model
import Monitoring
import Testing

private let now = Date(timeIntervalSince1970: 1_772_438_400)

@Suite struct ScheduleTests {
    @Test func theEarliestIsTakenFirstAndOnlyWhenDue() {
        var schedule = Schedule()
        schedule.plan(1, at: now + 20)
        schedule.plan(2, at: now + 10)
        #expect(schedule.next == now + 10)
        #expect(schedule.takeDue(at: now) == nil)
        #expect(schedule.takeDue(at: now + 10) == 2)
        #expect(schedule.takeDue(at: now + 10) == nil)
        #expect(schedule.takeDue(at: now + 60) == 1)
        #expect(schedule.next == nil)
    }
}

@Suite struct HostBudgetTests {
    @Test func aHostIsAskedOneThingAtATimeWithAPauseBetween() {
        var budget = HostBudget()
        #expect(budget.ask("a.example", for: 1, at: now) == .granted)
        #expect(budget.ask("a.example", for: 2, at: now) == .busy)
        #expect(budget.ask("b.example", for: 3, at: now) == .granted)

        let next = budget.finished("a.example", at: now + 5)
        #expect(next?.source == 2)
        #expect(next?.due == now + 5 + HostBudget.pause)
        #expect(budget.ask("a.example", for: 2, at: now + 5) == .pausing(until: now + 5 + HostBudget.pause))
        #expect(budget.ask("a.example", for: 2, at: now + 5 + HostBudget.pause) == .granted)
    }

    @Test func aLineIsServedInOrder() {
        var budget = HostBudget()
        #expect(budget.ask("a.example", for: 1, at: now) == .granted)
        #expect(budget.ask("a.example", for: 2, at: now) == .busy)
        #expect(budget.ask("a.example", for: 3, at: now) == .busy)
        #expect(budget.finished("a.example", at: now)?.source == 2)
        #expect(budget.ask("a.example", for: 2, at: now + 1) == .granted)
        #expect(budget.finished("a.example", at: now + 1)?.source == 3)
    }

    @Test func afterAReloadNobodyIsInLineAndWhatRunsStillCounts() {
        var budget = HostBudget()
        #expect(budget.ask("a.example", for: 1, at: now) == .granted)
        #expect(budget.ask("a.example", for: 2, at: now) == .busy)
        budget.clearLines()
        #expect(budget.ask("a.example", for: 3, at: now) == .busy)
        #expect(budget.finished("a.example", at: now)?.source == 3)
    }

    @Test func forgettingTheIdleForgetsNoPause() {
        var budget = HostBudget()
        #expect(budget.ask("a.example", for: 1, at: now) == .granted)
        _ = budget.finished("a.example", at: now)
        budget.forgetIdle(at: now)
        #expect(budget.ask("a.example", for: 1, at: now) == .pausing(until: now + HostBudget.pause))
        budget.forgetIdle(at: now + 2)
        #expect(budget.ask("a.example", for: 1, at: now + 2) == .granted)
    }
}

@Suite struct BackoffTests {
    private let source = Source(url: "https://a.example/feed", name: "a", cadence: Cadence(every: .seconds(900)))

    private func wait(_ outcome: PollOutcome, failures: Int = 0, dice: Double = 0) -> TimeInterval {
        Backoff.due(after: outcome, of: source, failures: failures, at: now, dice: dice).timeIntervalSince(now)
    }

    private func refused(_ status: Int, _ rest: TimeInterval? = nil) -> PollOutcome {
        .failed(.refused(status: status, retryAfter: rest))
    }

    @Test func aGoodPollIsFollowedByTheIntervalGiveOrTakeALittle() {
        #expect(wait(.unchanged) == 900)
        #expect(wait(.unchanged, dice: -1) == 855)
        #expect(wait(.unchanged, dice: 1) == 945)
    }

    @Test func failuresDoubleTheWaitUpToADay() {
        #expect((1...5).map { wait(refused(503), failures: $0) } == [900, 1_800, 3_600, 7_200, 14_400])
        #expect(wait(refused(503), failures: 40) == 86_400)
        #expect(wait(.failed(.unreachable(.nameNotFound)), failures: 2) == 1_800)
    }

    @Test func aFailureNeverMakesUsComeSoonerThanConfigured() {
        let weekly = Source(url: "https://a.example/", name: "a", cadence: Cadence(every: .seconds(7 * 86_400)))
        let due = Backoff.due(after: refused(500), of: weekly, failures: 1, at: now, dice: 0)
        #expect(due.timeIntervalSince(now) == 7 * 86_400)
    }

    @Test(arguments: [(60.0, 900.0), (5_000.0, 5_000.0), (1e12, 86_400.0), (-5.0, 900.0)])
    func retryAfterIsHonouredUpToADay(_ asked: Double, _ waited: Double) {
        #expect(wait(refused(429, asked), failures: 1) == waited)
    }

    @Test func ourOwnDiskIsNotTheSourcesFault() {
        #expect(wait(.failed(.unsaved("the disk is full")), failures: 9) == 900)
    }

    @Test func whatIsGoneIsLookedAtAMonthLater() {
        #expect(wait(refused(410), failures: 1) == 30 * 86_400)
    }
}
