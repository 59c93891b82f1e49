// The polls that have begun and are not over, and which of them wait for their turn to go on. A value of the monitor's.

import FoundationEssentials

struct PollsUnderWay {
    private var tasks: [Int64: Task<Void, Never>] = [:]
    private var waiting: [Int64: CheckedContinuation<Result<Void, NoTurn>, Never>] = [:]
    /// Who wants to know when no poll can go on by itself.
    private var onlookers: [CheckedContinuation<Void, Never>] = []

    /// Whether all that are left wait for their turn.
    var areAtRest: Bool { tasks.count == waiting.count }

    mutating func begin(_ id: Int64, _ task: Task<Void, Never>) {
        tasks[id] = task
    }

    mutating func end(_ id: Int64) {
        tasks[id] = nil
    }

    /// A poll waits until `goOn`.
    mutating func wait(_ id: Int64, _ continuation: CheckedContinuation<Result<Void, NoTurn>, Never>) {
        waiting[id] = continuation
    }

    mutating func goOn(_ id: Int64, _ result: Result<Void, NoTurn>) {
        waiting.removeValue(forKey: id)?.resume(returning: result)
    }

    // MARK: Coming to an end

    /// Has a poll that waits come to its end.
    mutating func callOff(_ id: Int64, at now: Date) {
        tasks[id]?.cancel()
        goOn(id, .failure(NoTurn(until: now)))
    }

    mutating func callOffThoseThatWait(at now: Date) {
        for id in waiting.keys { callOff(id, at: now) }
    }

    func cancelAll() {
        for task in tasks.values { task.cancel() }
    }

    // MARK: Onlookers

    /// Tells who asks once all are at rest.
    mutating func tell(_ onlooker: CheckedContinuation<Void, Never>) {
        onlookers.append(onlooker)
    }

    /// To be called whenever a poll has ended or begun to wait.
    mutating func tellOnlookers() {
        guard areAtRest else { return }
        for onlooker in onlookers { onlooker.resume() }
        onlookers = []
    }
}
