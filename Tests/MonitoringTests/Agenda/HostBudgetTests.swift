import Fetching
import Foundation
import Model
import Monitoring
import Testing

private let now: Second = 1_772_438_400

@Suite struct HostBudgetTests {
    private typealias Lanes = HostBudget.Lanes

    private func permission(
        _ budget: inout HostBudget, _ item: UInt32, _ lanes: HostBudget.Lanes, at time: Second
    ) -> HostBudget.Permission {
        budget.ask(item, lanes, at: time).0
    }

    @Test func aSiteIsAskedOneThingAtATimeWithAPauseBetween() {
        var budget = HostBudget(count: 4)
        let (a, b) = (Lanes(site: budget.lane("a.example")), Lanes(site: budget.lane("b.example")))
        #expect(permission(&budget, 1, a, at: now) == .granted)
        #expect(permission(&budget, 2, a, at: now) == .inLine)
        #expect(permission(&budget, 3, b, at: now) == .granted)
        let free = now + 5 + HostBudget.pause
        #expect(budget.finished(a, at: now + 5) == [.init(item: 2, lane: a.site, due: free)])
        #expect(permission(&budget, 2, a, at: now + 5) == .pausing(until: free))
        #expect(permission(&budget, 2, a, at: free) == .granted)
    }

    @Test func aLineIsServedInOrder() {
        var budget = HostBudget(count: 4)
        let a = Lanes(site: budget.lane("a.example"))
        #expect(permission(&budget, 1, a, at: now) == .granted)
        #expect(permission(&budget, 2, a, at: now) == .inLine)
        #expect(permission(&budget, 3, a, at: now) == .inLine)
        #expect(budget.finished(a, at: now).map(\.item) == [2])
        #expect(permission(&budget, 2, a, at: now + 1) == .granted)
        #expect(budget.finished(a, at: now + 1).map(\.item) == [3])
    }

    @Test func sitesOfOneAddressAreAskedOneAtATimeToo() {
        var budget = HostBudget(count: 4)
        let machine = budget.lane("address 192.0.2.1")
        let (a, b) = (
            Lanes(site: budget.lane("a.example"), address: machine),
            Lanes(site: budget.lane("b.example"), address: machine)
        )
        #expect(permission(&budget, 1, a, at: now) == .granted)
        #expect(permission(&budget, 2, b, at: now) == .inLine)
        #expect(budget.finished(a, at: now) == [.init(item: 2, lane: machine, due: now + 1)])
        #expect(permission(&budget, 2, b, at: now) == .pausing(until: now + 1))
        #expect(permission(&budget, 2, b, at: now + 1) == .granted)
    }

    @Test func whoeverIsCalledAndCannotGoPassesTheTurnOn() {
        var budget = HostBudget(count: 6)
        let (site, machine) = (budget.lane("a.example"), budget.lane("address 192.0.2.1"))
        let both = Lanes(site: site, address: machine)
        let other = Lanes(site: budget.lane("b.example"), address: machine)
        #expect(permission(&budget, 1, Lanes(site: site), at: now) == .granted)
        #expect(permission(&budget, 2, both, at: now) == .inLine)
        #expect(permission(&budget, 3, Lanes(site: site), at: now) == .inLine)
        #expect(permission(&budget, 4, other, at: now) == .granted)
        #expect(budget.finished(Lanes(site: site), at: now).map(\.item) == [2])
        // 2 may go to the site, but not to the machine: it waits there, and 3 is called.
        let (permission, turns) = budget.ask(2, both, at: now + 1)
        #expect(permission == .inLine)
        #expect(turns == [.init(item: 3, lane: site, due: now + 1)])
        #expect(budget.finished(other, at: now + 1).map(\.item) == [2])
    }

    @Test func aCoolDownHoldsEverybodyUpAndEnds() {
        var budget = HostBudget(count: 4)
        let a = Lanes(site: budget.lane("a.example"))
        #expect(permission(&budget, 1, a, at: now) == .granted)
        budget.cool(a.site, until: now + 600, at: now)
        #expect(budget.finished(a, at: now).isEmpty)
        #expect(budget.obstacle(a, at: now + 5) == .cooling(until: now + 600))
        #expect(permission(&budget, 2, a, at: now + 5) == .pausing(until: now + 600))
        #expect(permission(&budget, 2, a, at: now + 600) == .granted)
        #expect(budget.finished(a, at: now + 600).isEmpty)
        #expect(permission(&budget, 2, a, at: now + 601) == .granted)
    }

    @Test func noCoolDownIsLongerThanADay() {
        var budget = HostBudget(count: 1)
        let a = Lanes(site: budget.lane("a.example"))
        budget.cool(a.site, until: .max, at: now)
        #expect(permission(&budget, 0, a, at: now + 86_399) == .pausing(until: now + 86_400))
        #expect(permission(&budget, 0, a, at: now + 86_400) == .granted)
    }

    @Test func aSlowSiteHasItsOwnPause() {
        var budget = HostBudget(count: 2)
        let a = Lanes(site: budget.lane("reddit.com"))
        budget.slow(a.site, pause: 60)
        #expect(permission(&budget, 1, a, at: now) == .granted)
        #expect(budget.finished(a, at: now + 2).isEmpty)
        #expect(permission(&budget, 1, a, at: now + 61) == .pausing(until: now + 62))
    }

    @Test func afterAReloadNobodyIsInLineAndWhatRunsStillCounts() {
        var budget = HostBudget(count: 4)
        let a = Lanes(site: budget.lane("a.example"))
        #expect(permission(&budget, 1, a, at: now) == .granted)
        #expect(permission(&budget, 2, a, at: now) == .inLine)
        budget.clearLines(count: 9, at: now)
        #expect(permission(&budget, 8, a, at: now) == .inLine)
        #expect(budget.finished(a, at: now).map(\.item) == [8])
    }

    @Test func lanesThatNobodyGoesByAreGivenBackOnceTheyAreIdle() {
        var budget = HostBudget(count: 4)
        let kept = Lanes(site: budget.lane("kept.example"), address: budget.lane("address 192.0.2.1"))
        let (busy, lined) = (Lanes(site: budget.lane("busy.example")), Lanes(site: budget.lane("lined.example")))
        let (pausing, cooling) = (Lanes(site: budget.lane("a.example")), Lanes(site: budget.lane("b.example")))
        #expect(permission(&budget, 0, busy, at: now) == .granted)
        #expect(permission(&budget, 1, pausing, at: now) == .granted)
        #expect(permission(&budget, 2, lined, at: now) == .granted)
        #expect(permission(&budget, 3, lined, at: now) == .inLine)
        #expect(budget.finished(pausing, at: now).isEmpty)
        budget.cool(cooling.site, until: now + 600, at: now)
        for number in 0..<5_000 { _ = budget.lane("address \(number)") }
        #expect(budget.isWorthTidying)
        budget.dropIdle(except: [kept], at: now)
        #expect(budget.laneCount == 6)
        #expect(!budget.isWorthTidying)
        #expect(budget.obstacle(cooling, at: now + 5) == .cooling(until: now + 600))
        #expect(budget.obstacle(busy, at: now + 5) == .siteIsBusy)
        budget.dropIdle(except: [kept], at: now + 5)
        #expect(budget.laneCount == 5)
        #expect(budget.lane("kept.example") == kept.site)
        // What was given back is used again, and begins without a past.
        let new = Lanes(site: budget.lane("a.example"))
        #expect(budget.obstacle(new, at: now) == nil)
        #expect(budget.finished(lined, at: now).map(\.item) == [3])
    }

    @Test func aClockThatIsSetBackLeavesNoLongPause() {
        var budget = HostBudget(count: 4)
        let a = Lanes(site: budget.lane("a.example"))
        #expect(permission(&budget, 1, a, at: now) == .granted)
        _ = budget.finished(a, at: now)
        budget.clearLines(count: 4, at: now - 3_600)
        #expect(permission(&budget, 1, a, at: now - 3_599) == .granted)
    }
}

@Suite struct RequestBudgetTests {
    @Test func anHourHasAsManyRequestsAsItMay() {
        var budget = RequestBudget(perHour: 720)
        var made = 0
        for second in 0..<3_600 as Range<Second> {
            while budget.allows(at: now + second) {
                budget.spend(at: now + second)
                made += 1
            }
        }
        // And what a quiet time before has left over: ten seconds' worth.
        #expect((718...723).contains(made))
        #expect(budget.next(at: now + 3_600) <= now + 3_605)
    }

    @Test func withoutABudgetNothingIsHeldUp() {
        var budget = RequestBudget()
        for _ in 0..<1_000 { budget.spend(at: now) }
        #expect(budget.allows(at: now))
    }

    @Test func aClockThatIsSetBackDoesNotMakeUsWait() {
        var budget = RequestBudget(perHour: 3_600)
        for _ in 0..<20 { budget.spend(at: now) }
        #expect(budget.allows(at: now - 86_400))
    }
}

@Suite struct GainTests {
    @Test func aBudgetIsSpentWhereItFindsMostSoonest() {
        var gain = Gain()
        for _ in 0..<1_000 { gain.add(rate: 1 / 864_000, floor: 60, ceiling: 8_640_000) }
        for _ in 0..<10 { gain.add(rate: 1 / 8_640, floor: 60, ceiling: 8_640_000) }
        let eagerness = gain.spending(3_600)
        #expect(abs(gain.demand(at: eagerness) - 1) < 0.01)
        // A hundred times the rate, ten times the polls.
        var slow = Gain()
        var fast = Gain()
        slow.add(rate: 1 / 864_000, floor: 60, ceiling: 8_640_000)
        fast.add(rate: 1 / 8_640, floor: 60, ceiling: 8_640_000)
        let ratio = fast.demand(at: eagerness) / slow.demand(at: eagerness)
        #expect((8...12).contains(ratio))
    }

    @Test func floorsAndCeilingsHoldWhateverTheBudget() {
        var gain = Gain()
        gain.add(rate: 1, floor: 3_600, ceiling: 86_400)
        #expect(abs(gain.demand(at: gain.spending(1_000_000)) - 1 / 3_600) < 1e-9)
        #expect(abs(gain.demand(at: gain.spending(1)) - 1 / 3_600) < 1 / 3_600)
        gain.remove(rate: 1, floor: 3_600, ceiling: 86_400)
        #expect(gain.demand(at: 1) == 0)
    }
}

@Suite struct ReachTests {
    private let lost = PollOutcome.failed(.unreachable(.connectionFailed))

    private func reach(_ polls: [(PollOutcome, HostBudget.Lane, Bool)]) -> Bool {
        var reach = Reach()
        for (outcome, site, wasWell) in polls {
            reach.note(outcome, of: site, isPrivate: false, wasWell: wasWell, at: .distantPast)
        }
        return reach.isLost
    }

    @Test func manySitesAtOnceAreOurOwnDoing() {
        #expect(reach((0..<5).map { (lost, $0, true) }))
        #expect(!reach((0..<4).map { (lost, $0, true) }))
        #expect(!reach((0..<50).map { (lost, $0 % 2, true) }))
    }

    @Test func anybodysAnswerSaysThatTheNetworkIsThere() {
        let answer = PollOutcome.failed(.refused(status: 500, retryAfter: nil))
        #expect(!reach((0..<9).map { (lost, $0, true) } + [(answer, 7, true)]))
        #expect(!reach((0..<20).map { ($0 % 4 == 3 ? answer : lost, $0, true) }))
    }

    @Test func aNameServerIsToBlameUntilSomebodyAnswersBetweenTwoPolls() {
        let start = Date(timeIntervalSince1970: 1_772_438_400)
        let answer = PollOutcome.failed(.refused(status: 500, retryAfter: nil))
        var before = SourceState(id: 1, due: start)
        before.polled = start
        before.reason = .offline
        for (isPrivate, time, isToBlame) in [(false, 0.0, true), (true, 9, true), (false, 9, false)] {
            var reach = Reach()
            reach.note(answer, of: 1, isPrivate: isPrivate, wasWell: true, at: start + time)
            #expect(reach.isToBlame(for: .nameServer("SERVFAIL"), of: before) == isToBlame)
            #expect(!reach.isToBlame(for: .nameNotFound, of: before))
            #expect(reach.isToBlame(for: .nameServer("SERVFAIL"), of: SourceState(id: 2, due: start)))
        }
    }

    @Test func theDeadSayNothing() {
        #expect(!reach((0..<50).map { (lost, $0, false) }))
        #expect(!reach((0..<50).map { (.failed(.unreachable(.tls("expired"))), $0, true) }))
    }
}
