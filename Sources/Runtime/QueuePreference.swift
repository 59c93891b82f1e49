// Brings a task back to its queue when what it waited for has come. A continuation that is resumed sends its task to
// the pool, and only from there to its actor (Swift 6.3): two threads are woken, which takes 10 to 40 µs.

import Dispatch

/// The wish of a task to run on an executor's queue wherever it belongs to no actor.
///
/// For tasks of the actors of that queue that wait much and do little. What takes time in them goes to `onPool`; from
/// there a task comes back as it would without the wish.
package final class QueuePreference: TaskExecutor {
    private let executor: QueueExecutor

    package init(_ executor: QueueExecutor) {
        self.executor = executor
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        executor.queue.async { [executor] in
            // As its actors' too, which are on the same queue: else the step to one of them would be another block.
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
