// Lets an actor live on a serial dispatch queue, so that its methods read top to bottom while callbacks from C and
// from dispatch sources on that same queue enter it with `assumeIsolated`, without a hop. Dispatch offers a serial
// executor of its own on other systems; on Linux it does not, so this is ours.

package import Dispatch

/// A serial executor over one serial dispatch queue.
///
/// Actors that share an executor call each other without leaving the queue. An `await` from elsewhere costs 6–16 µs:
/// hand over batches, never single items.
package final class QueueExecutor: SerialExecutor {
    /// The queue everything runs on; timers and dispatch sources of the actors here are scheduled on it.
    package let queue: DispatchQueue
    private let key = DispatchSpecificKey<Void>()

    /// - Parameter label: the queue's name, as debuggers and crash reports show it.
    package init(label: String, qos: DispatchQoS = .default) {
        queue = DispatchQueue(label: label, qos: qos)
        queue.setSpecific(key: key, value: ())
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    package func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }

    /// What `assumeIsolated` asks when the caller is not a task of this executor: are we on the queue?
    package func checkIsolated() {
        dispatchPrecondition(condition: .onQueue(queue))
    }

    package func isIsolatingCurrentContext() -> Bool? {
        DispatchQueue.getSpecific(key: key) != nil
    }
}
