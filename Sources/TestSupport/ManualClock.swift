// Time in a test's hand: nothing happens until the test says that it is later.

package import Dispatch
package import Foundation
package import Runtime

/// A clock that stands still until it is advanced.
package final class ManualClock: Clock {
    private struct State {
        var now: Date
        var alarms: [Int: Set] = [:]
        var lastKey = 0
        var immediateRings = 0
    }

    private struct Set {
        var deadline: Date
        var queue: DispatchQueue
        var action: @Sendable () -> Void
    }

    private let state: Shared<State>

    /// - Parameter now: by default an instant on a day like any other, 2026-03-02 08:00:00 UTC.
    package init(_ now: Date = Date(timeIntervalSince1970: 1_772_438_400)) {
        state = Shared(State(now: now))
    }

    package var now: Date { state.withLock { $0.now } }

    /// How often an alarm was set to a time that was past already: once is a hurry, without end it is a loop.
    package var immediateRings: Int { state.withLock { $0.immediateRings } }

    /// When the next alarm rings; `nil` when none is set.
    package var nextDeadline: Date? { state.withLock { $0.alarms.values.map(\.deadline).min() } }

    /// Makes it later; alarms that are due ring in the order of their deadlines, each on its queue.
    package func advance(by seconds: TimeInterval) {
        let due = state.withLock { state -> [Set] in
            state.now += seconds
            let due = state.alarms.filter { $0.value.deadline <= state.now }
            for key in due.keys { state.alarms[key] = nil }
            return due.values.sorted { $0.deadline < $1.deadline }
        }
        for alarm in due { alarm.queue.async(execute: alarm.action) }
    }

    package func alarm(on queue: DispatchQueue, _ action: @escaping @Sendable () -> Void) -> any Alarm {
        let key = state.withLock { state in
            state.lastKey += 1
            return state.lastKey
        }
        return ManualAlarm { [weak self] deadline in self?.set(key, deadline, queue, action) }
    }

    private func set(_ key: Int, _ deadline: Date?, _ queue: DispatchQueue, _ action: @escaping @Sendable () -> Void) {
        let isPast = state.withLock { state in
            guard let deadline, deadline > state.now else {
                state.alarms[key] = nil
                if deadline != nil { state.immediateRings += 1 }
                return deadline != nil
            }
            state.alarms[key] = Set(deadline: deadline, queue: queue, action: action)
            return false
        }
        if isPast { queue.async(execute: action) }
    }
}

private struct ManualAlarm: Alarm {
    let change: @Sendable (Date?) -> Void

    func set(_ deadline: Date?) {
        change(deadline)
    }
}
