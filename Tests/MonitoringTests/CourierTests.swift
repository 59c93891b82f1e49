import Alerting
import Configuration
import Fetching
import Foundation
import Journaling
import Logging
import Model
import Monitoring
import Runtime
import Storage
import TestSupport
import Testing

/// The courier alone, over a real store: what it sends to whom, and when.
@Suite struct CourierTests {
    private let folder: TemporaryFolder
    private let clock = ManualClock()
    /// Receivers by name, and what they answer; `nil` for no answer at all.
    private let answers = Shared<[String: Response]>([:])
    private let sent = Shared<[(receiver: String, id: String, time: Date)]>([])

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Runs a courier on deliveries that were committed before.
    ///
    /// - Parameter slow: what happens while the receiver of that name makes up its mind.
    private func run(
        manners: String = "", deliveries: [(String, count: Int)],
        slow: @escaping @Sendable (Courier, SQLiteStore) async -> Void = { _, _ in },
        _ body: (Courier, SQLiteStore) async throws -> Void
    ) async throws {
        let names = deliveries.map(\.0)
        let receivers = names.map { name in
            "  - { name: \(name), webhook: { url: 'https://hooks.example/\(name)' }\(manners) }"
        }
        let path = try folder.write(
            "earshot.yaml",
            """
            watches: [{ name: zeebank, query: zeebank }]
            sources: [{ url: "https://forum.example/feed" }]
            receivers:
            \(receivers.joined(separator: "\n"))
            route: { receiver: \(names[0]) }
            """)
        let settings = try Settings.load(path, environment: ["HOME": folder.path])
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let queue = QueueExecutor(label: "test.store")
        let store = try SQLiteStore(path: folder.path + "/earshot.sqlite", executor: queue)
        var change = Change()
        for (name, count) in deliveries {
            for number in 0..<count {
                change.deliveries.append(
                    Delivery(id: "a_\(name)_\(number)", receiver: name, body: Array("{}".utf8), due: clock.now))
            }
        }
        try await store.commit(change)
        let recorder = Recorder(
            executor: queue, store: store, journal: try Journal(path: folder.path + "/journal.jsonl"), log: log)
        let (answers, sent, clock) = (answers, sent, clock)
        // Whoever is beside a slow receiver answers while that one makes up its mind.
        let isSlowAsked = Shared(!names.contains("slow"))
        let running = Shared<Courier?>(nil)
        let web = ScriptedTransport { request, _ in
            let name = String(request.url.split(separator: "/").last ?? "")
            let id = request.headers.first { $0.isNamed("webhook-id") }?.value ?? ""
            sent.withLock { $0.append((name, id, clock.now)) }
            if name == "slow" {
                isSlowAsked.withLock { $0 = true }
                if let courier = running.withLock({ $0 }) { await slow(courier, store) }
            }
            while !isSlowAsked.withLock({ $0 }) { await Task.yield() }
            return .response(answers.withLock { $0[name] } ?? Response(status: 204))
        }
        let courier = Courier(
            executor: QueueExecutor(label: "test.network"), clock: clock, transport: web, store: store,
            recorder: recorder, log: log, dice: { 0 })
        running.withLock { $0 = courier }
        await courier.use(settings)
        await courier.settle()
        running.withLock { $0 = nil }
        try await body(courier, store)
        await courier.stop(grace: 0)
        await store.close()
    }

    private func pass(_ seconds: TimeInterval, _ courier: Courier) async {
        clock.advance(by: seconds)
        await courier.settle()
    }

    private func count(_ name: String) -> Int { sent.withLock { $0.count { $0.receiver == name } } }

    private func answer(_ name: String, _ status: Int, _ headers: [Header] = []) {
        answers.withLock { $0[name] = Response(status: status, headers: headers) }
    }

    @Test func whatWaitsIsSentOnceAndInItsOrder() async throws {
        try await run(manners: ", concurrency: 1", deliveries: [("a", count: 300)]) { (courier, store) async throws in
            #expect(count("a") == 300)
            #expect(Set(sent.withLock { $0.map(\.id) }).count == 300)
            #expect(try await store.backlog().isEmpty)
            await pass(86_400, courier)
            #expect(count("a") == 300)
        }
    }

    @Test func aReceiverThatWasDownForTwoDaysGetsEverythingWhenItIsBack() async throws {
        answer("a", 503)
        try await run(deliveries: [("a", count: 200), ("b", count: 200)]) { (courier, store) async throws in
            #expect(count("b") == 200)
            for _ in 0..<(48 * 6) { await pass(600, courier) }
            // Left alone between tries: at most one in ten minutes, and not a few at the start.
            #expect(count("a") < 48 * 6 + 12)
            #expect(try await store.backlog().map(\.parked) == [0])
            answer("a", 200)
            await pass(600, courier)
            #expect(try await store.backlog().isEmpty)
        }
    }

    @Test func aPaceIsKept() async throws {
        try await run(manners: ", pace: 1/s", deliveries: [("a", count: 30)]) { (courier, _) async throws in
            for second in 0..<30 {
                #expect(count("a") == second + 1)
                await pass(1, courier)
            }
            #expect(count("a") == 30)
        }
    }

    @Test func aReceiverThatAsksForRestIsLeftAloneAltogether() async throws {
        answer("a", 429, [Header("Retry-After", "7200")])
        try await run(manners: ", concurrency: 1", deliveries: [("a", count: 5)]) { (courier, _) async throws in
            #expect(count("a") == 1)
            answer("a", 200)
            await pass(7_199, courier)
            #expect(count("a") == 1)
            await pass(1, courier)
            #expect(count("a") == 6)
        }
    }

    @Test func outcomesAreWrittenTogetherAndWaitForNoSlowReceiver() async throws {
        let deadline = Shared<Date?>(nil)
        let left = Shared<[[Backlog]]>([])
        let (start, clock) = (clock.now, clock)
        try await run(deliveries: [("a", count: 3), ("slow", count: 1)]) { courier, store in
            // All the others have ended, and none is written down yet.
            while await courier.pending > 1 { await Task.yield() }
            deadline.withLock { $0 = clock.nextDeadline }
            while left.withLock({ $0.last?.count }) != 1 {
                let backlog = (try? await store.backlog()) ?? []
                left.withLock { if $0.last != backlog { $0.append(backlog) } }
                clock.advance(by: 0.01)
            }
        } _: { (_, store) async throws in
            #expect(deadline.withLock { $0 } == start + 0.02)
            #expect(left.withLock { $0.map { $0.map(\.queued) } } == [[3, 1], [1]])
            #expect(try await store.backlog().isEmpty)
            #expect(count("a") == 3)
        }
    }

    @Test func aReloadDoesNotEndTheRestThatAReceiverAskedFor() async throws {
        answer("a", 429, [Header("Retry-After", "7200")])
        try await run(manners: ", concurrency: 1", deliveries: [("a", count: 5)]) { (courier, _) async throws in
            answer("a", 200)
            let path = folder.path + "/earshot.yaml"
            await courier.use(try Settings.load(path, environment: ["HOME": folder.path]))
            await pass(7_199, courier)
            #expect(count("a") == 1)
            // Another address has asked for nothing.
            let text = try folder.read("earshot.yaml").replacing("hooks.example/a", with: "other.example/a")
            await courier.use(try Settings.load(try folder.write("b.yaml", text), environment: ["HOME": folder.path]))
            await courier.settle()
            #expect(count("a") == 5)
            await pass(1, courier)
            #expect(count("a") == 6)
        }
    }

    @Test func aReceiverThatIsGoneGetsNothingMore() async throws {
        answer("a", 410)
        try await run(manners: ", concurrency: 1", deliveries: [("a", count: 5)]) { (courier, store) async throws in
            await pass(86_400, courier)
            #expect(count("a") == 1)
            let backlog = try await store.backlog()
            #expect(backlog.map(\.parked) == [1] && backlog.map(\.queued) == [4])
        }
    }

    @Test(.timeLimit(.minutes(1))) func aRoundKeepsAPaceToItsEnd() async throws {
        try await run(manners: ", pace: 1/m", deliveries: [("a", count: 3)]) { (courier, store) async throws in
            let start = clock.now
            let isOver = Shared(false)
            async let round: Void = {
                await courier.settleAtPace()
                isOver.withLock { $0 = true }
            }()
            while !isOver.current {
                if await courier.pending == 0, clock.nextDeadline != nil { clock.advance(by: 1) }
                await Task.yield()
            }
            await round
            #expect(sent.withLock { $0.map(\.id) } == ["a_a_0", "a_a_1", "a_a_2"])
            #expect(sent.withLock { $0.map { $0.time.timeIntervalSince(start) } } == [0, 60, 120])
            #expect(try await store.backlog().isEmpty)
        }
    }

    @Test(.timeLimit(.minutes(1))) func aRoundDoesNotWaitForAReceiverThatWantsRest() async throws {
        answer("a", 429, [Header("Retry-After", "7200")])
        try await run(manners: ", pace: 1/m", deliveries: [("a", count: 3)]) { (courier, _) async throws in
            // The clock stands still.
            await courier.settleAtPace()
            #expect(count("a") == 1)
        }
    }
}
