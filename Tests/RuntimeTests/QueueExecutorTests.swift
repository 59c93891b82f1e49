import Dispatch
import Foundation
import Runtime
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

        nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

        init(on executor: QueueExecutor) {
            self.executor = executor
        }

        /// Where a function of no actor goes on, once what it waited for has come from elsewhere.
        func placeAfterWaiting() async -> Bool? {
            await Self.wait()
            return await isOnQueue()
        }

        func placeOnPool() async -> Bool? { await onPool { await self.isOnQueue() } }

        private static func wait() async {
            await withCheckedContinuation { done in DispatchQueue.global().async { done.resume() } }
        }

        private nonisolated func isOnQueue() async -> Bool? { executor.isIsolatingCurrentContext() }
    }

    private let executor = QueueExecutor(label: "test")

    @Test func aTaskThatPrefersAQueueIsOnItWhereItBelongsToNoActor() async {
        let waiter = Waiter(on: executor)
        #expect(await Task { await waiter.placeAfterWaiting() }.value == false)
        let task = Task(executorPreference: QueuePreference(executor)) { await waiter.placeAfterWaiting() }
        #expect(await task.value == true)
    }

    @Test func workForThePoolIsDoneThereByEveryTask() async {
        let waiter = Waiter(on: executor)
        #expect(await Task { await waiter.placeOnPool() }.value == false)
        let task = Task(executorPreference: QueuePreference(executor)) { await waiter.placeOnPool() }
        #expect(await task.value == false)
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
