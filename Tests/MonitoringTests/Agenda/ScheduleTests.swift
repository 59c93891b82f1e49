import Monitoring
import Simulation
import Testing

private let now: Second = 1_772_438_400

@Suite struct ScheduleTests {
    private func taken(_ schedule: inout Schedule, at time: Second) -> [UInt32] {
        var items: [UInt32] = []
        while let item = schedule.takeDue(at: time) { items.append(item) }
        return items
    }

    @Test func theEarliestIsTakenFirstAndOnlyWhenDue() {
        var schedule = Schedule(count: 3, at: now)
        schedule.plan(1, at: now + 20)
        schedule.plan(2, at: now + 10)
        #expect(schedule.next == now + 10)
        #expect(schedule.takeDue(at: now) == nil)
        #expect(schedule.takeDue(at: now + 10) == 2)
        #expect(schedule.takeDue(at: now + 10) == nil)
        #expect(schedule.next == now + 20)
        #expect(schedule.takeDue(at: now + 60) == 1)
        #expect(schedule.next == nil)
    }

    @Test func whatIsDueNowOrBeforeIsTakenAtOnce() {
        var schedule = Schedule(count: 2, at: now)
        #expect(schedule.takeDue(at: now) == nil)
        schedule.plan(0, at: now)
        schedule.plan(1, at: now - 500)
        #expect(taken(&schedule, at: now) == [0, 1])
    }

    @Test func whatIsWeeksAwayWaitsThroughTheWheelsRevolutions() {
        var schedule = Schedule(count: 2, at: now)
        let far = now + 30 * 86_400
        schedule.plan(0, at: far)
        schedule.plan(1, at: far - 131_072)
        var time = now
        var rings = 0
        while let next = schedule.next, next < far {
            rings += 1
            time = next
            #expect(taken(&schedule, at: time) == (time == far - 131_072 ? [1] : []))
        }
        #expect(rings < 25)
        #expect(taken(&schedule, at: far) == [0])
    }

    @Test func aLeapOfYearsLosesNothing() {
        var schedule = Schedule(count: 1_000, at: now)
        for item in 0..<1_000 as Range<UInt32> { schedule.plan(item, at: now + item * 977) }
        #expect(Set(taken(&schedule, at: now + 10 * 365 * 86_400)).count == 1_000)
        #expect(schedule.next == nil)
    }

    @Test func whatIsLateIsToldFromWhatIsDue() {
        var schedule = Schedule(count: 3, at: now)
        for item in 0..<3 as Range<UInt32> { schedule.plan(item, at: now + 100 * (item + 1)) }
        #expect(schedule.takeOverdue(by: 60, at: now + 50) == [])
        #expect(schedule.takeOverdue(by: 60, at: now + 260) == [0, 1])
        #expect(taken(&schedule, at: now + 300) == [2])
    }

    /// Against a list that is sorted: the same items, at the same times, whatever is planned in between.
    @Test func itAgreesWithASortedList() {
        var generator = Dice(seed: 7)
        var schedule = Schedule(count: 200, at: now)
        var list: [UInt32: Second] = [:]
        for item in 0..<200 as Range<UInt32> {
            let due = now + Second(generator.next() % 300_000)
            schedule.plan(item, at: due)
            list[item] = due
        }
        var time = now
        for _ in 0..<3_000 {
            time += Second(generator.next() % 2_000)
            let items = taken(&schedule, at: time)
            #expect(Set(items) == Set(list.filter { $0.value <= time }.keys))
            for item in items {
                let due = time + Second(generator.next() % 200_000)
                list[item] = due
                schedule.plan(item, at: due)
            }
        }
    }
}
