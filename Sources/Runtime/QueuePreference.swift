// Brings a task back to its queue at once when what it waited for has come. A continuation that is resumed sends its task
// to the pool, and only from there to its actor (Swift 6.3): two threads are woken, which takes 10 to 40 µs.

import Dispatch

/// The wish of a task to run on an executor's queue wherever it belongs to no actor.
///
/// For tasks of the actors of that queue that wait much and do little. What takes time in them goes to `onPool`.
package final class QueuePreference: TaskExecutor {
    private let executor: QueueExecutor

    package init(_ executor: QueueExecutor) {
        self.executor = executor
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        executor.queue.async { [executor] in
            // As the actors' too: then it need not change places when it comes back to one of them.
            job.runSynchronously(
                isolatedTo: executor.asUnownedSerialExecutor(), taskExecutor: self.asUnownedTaskExecutor())
        }
    }
}

/// Does work that takes time on the pool, also for a task that prefers a queue.
@concurrent
package func onPool<Result: Sendable>(_ work: @Sendable () async throws -> Result) async rethrows -> Result {
    try await withTaskExecutorPreference(globalConcurrentExecutor, operation: work)
}
