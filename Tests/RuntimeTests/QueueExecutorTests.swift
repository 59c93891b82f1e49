import Dispatch
import Foundation
import Runtime
import Synchronization
import Testing

@Suite struct QueueExecutorTests {
    private actor Counter {
        private let executor: QueueExecutor
        private(set) var count = 0

        nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

        init(on executor: QueueExecutor) {
            self.executor = executor
        }

        func countUp() { count += 1 }
    }

    @Test func callbacksOnTheQueueEnterItsActorsWithoutAHop() async {
        let executor = QueueExecutor(label: "test")
        let counter = Counter(on: executor)
        await withCheckedContinuation { done in
            executor.queue.async {
                counter.assumeIsolated { $0.countUp() }
                done.resume()
            }
        }
        #expect(await counter.count == 1)
    }

    @Test func whatAnActorDoesHappensOneAtATime() async {
        let counter = Counter(on: QueueExecutor(label: "test"))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<1_000 { group.addTask { await counter.countUp() } }
        }
        #expect(await counter.count == 1_000)
    }
}

@Suite struct QueuePreferenceTests {
    private actor Waiter {
        private let executor: QueueExecutor
        private let hasLeftTheQueue = Atomic(false)

        nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

        init(on executor: QueueExecutor) {
            self.executor = executor
        }

        /// Whether a task is on the queue at once when what it waited for has come from elsewhere, and whether it stays
        /// there until it is back in its actor.
        func comesBack() async -> [Bool] { await afterWaiting() + [!hasLeftTheQueue.load(ordering: .acquiring)] }

        private nonisolated func afterWaiting() async -> [Bool] {
            await withCheckedContinuation { done in DispatchQueue.global().async { done.resume() } }
            executor.queue.async { self.hasLeftTheQueue.store(true, ordering: .releasing) }
            return [isOnQueue()]
        }

        func isOnQueueForThePool() async -> [Bool] {
            [await onPool { self.isOnQueue() }, await onPool { await self.isOnQueueLater() }]
        }

        private nonisolated func isOnQueueLater() async -> Bool {
            await Task.yield()
            return isOnQueue()
        }

        private nonisolated func isOnQueue() -> Bool { executor.isIsolatingCurrentContext() == true }
    }

    private let executor = QueueExecutor(label: "test")

    @Test func aTaskThatPrefersAQueueComesBackToItWithoutAnotherStep() async {
        let waiter = Waiter(on: executor)
        let task = Task(executorPreference: QueuePreference(executor)) { await waiter.comesBack() }
        #expect(await task.value == [true, true])
        #expect(await Task { await Waiter(on: executor).comesBack() }.value == [false, false])
    }

    @Test func workForThePoolIsDoneThereByEveryTask() async {
        let waiter = Waiter(on: executor)
        #expect(await Task { await waiter.isOnQueueForThePool() }.value == [false, false])
        let task = Task(executorPreference: QueuePreference(executor)) { await waiter.isOnQueueForThePool() }
        #expect(await task.value == [false, false])
    }
}

@Suite struct SystemClockTests {
    @Test func anAlarmRingsOnItsQueueAndOnlyOnce() async {
        let executor = QueueExecutor(label: "test")
        let (rings, bell) = AsyncStream<Bool>.makeStream()
        let alarm = SystemClock().alarm(on: executor.queue) {
            bell.yield(executor.isIsolatingCurrentContext() ?? false)
        }
        alarm.set(.distantFuture)
        alarm.set(SystemClock().now - 10)
        var iterator = rings.makeAsyncIterator()
        #expect(await iterator.next() == true)
        alarm.set(SystemClock().now + 0.01)
        #expect(await iterator.next() == true)
        bell.finish()
        #expect(await iterator.next() == nil)
        alarm.set(nil)
    }
}
