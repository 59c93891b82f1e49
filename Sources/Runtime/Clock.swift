// The first of the three seams: what time it is, and being woken later. Everything that decides takes the time as a
// value; only the edges ask a `Clock`, so that tests run a simulated day in a second.

package import Dispatch
package import FoundationEssentials

/// Wall-clock time and alarms.
package protocol Clock: Sendable {
    var now: Date { get }

    /// A one-shot alarm that calls `action` on `queue`. It starts unset.
    func alarm(on queue: DispatchQueue, _ action: @escaping @Sendable () -> Void) -> any Alarm
}

/// A re-armable one-shot timer; setting it replaces the time it was set to before.
package protocol Alarm: Sendable {
    /// Rings once when the clock reaches `deadline`, at once if that is past; `nil` silences it.
    func set(_ deadline: Date?)
}

/// The machine's clock. Alarms are dispatch timers on wall time, so they follow a corrected clock.
package struct SystemClock: Clock {
    package init() {}

    package var now: Date { Date() }

    package func alarm(on queue: DispatchQueue, _ action: @escaping @Sendable () -> Void) -> any Alarm {
        DispatchAlarm(queue: queue, action: action)
    }
}

/// `@unchecked`: the timer never changes after `init`, and dispatch sources may be scheduled and cancelled from any
/// thread (dispatch_source_set_timer(3)); only their Swift type does not say so on Linux.
private final class DispatchAlarm: Alarm, @unchecked Sendable {
    private let timer: any DispatchSourceTimer

    init(queue: DispatchQueue, action: @escaping @Sendable () -> Void) {
        timer = DispatchSource.makeTimerSource(queue: queue)
        timer.setEventHandler(handler: action)
        timer.activate()
    }

    deinit { timer.cancel() }

    func set(_ deadline: Date?) {
        guard let deadline else {
            timer.schedule(wallDeadline: .distantFuture)
            return
        }
        let wait = max(0, deadline.timeIntervalSinceNow)
        timer.schedule(wallDeadline: .now() + wait, leeway: .milliseconds(1))
    }
}
