import Alerting
import Fetching
import Foundation
import Journaling
import Model
import Monitoring
import Runtime
import Storage
import TestSupport
import Testing

/// Parked deliveries, and what a person does with them.
@Suite struct ParkedTests {
    private let world: World

    init() throws {
        world = try World()
    }

    /// Lets `count` alerts be refused until they are parked, hours apart.
    private func park(_ count: Int, _ daemon: Daemon) async throws {
        world.receiverStatus.withLock { $0 = 422 }
        for number in 1...count {
            world.publish("\(number)", "zeebank \(number)")
            await world.pass(3_600, daemon)
            // Three tries, and a receiver that fails is given a rest.
            for _ in 0..<100 where try await daemon.parked.list(ParkedFilter(), limit: 10).count < number {
                await world.pass(300, daemon)
            }
        }
    }

    private func reports() throws -> [JournalEvent.DeliveryReport] {
        try world.journal().compactMap { event in
            if case .delivery(let report) = event.happening { report } else { nil }
        }
    }

    private func verdicts() throws -> [String] {
        try reports().map(\.verdict)
    }

    @Test func whatWasRefusedIsListedWithItsReasonAndSentAgainWhenAPersonSaysSo() async throws {
        try await world.run { daemon, _ in
            try await park(2, daemon)
            let parked = try await daemon.parked.list(ParkedFilter(), limit: 10)
            try #require(parked.count == 2)
            #expect(parked.map(\.receiver) == ["webcare", "webcare"])
            #expect(parked.map(\.reason) == ["answered 422", "answered 422"])
            #expect(parked.map(\.attempts) == [3, 3])
            let first = try #require(parked.first)
            #expect(try await daemon.parked.alert(first.id)?.mentions.map(\.entry.id) == ["1"])

            world.receiverStatus.withLock { $0 = 204 }
            let count = try await daemon.parked.redeliver(ParkedFilter(ids: [first.id]))
            await daemon.settle()
            #expect(count == 1)
            #expect(try await daemon.parked.list(ParkedFilter(), limit: 10).map(\.id) == [parked[1].id])
            #expect(try world.messages().last?.alert.id == first.id)
            #expect(try verdicts().suffix(2) == ["redelivered", "delivered"])
        }
    }

    @Test func theyAreChosenByReceiverAndTime() async throws {
        try await world.run { daemon, _ in
            try await park(2, daemon)
            let all = try await daemon.parked.list(ParkedFilter(), limit: 10)
            let since = ParkedFilter(since: try #require(all.last).parked)
            #expect(try await daemon.parked.list(since, limit: 10).map(\.id) == [all.last?.id])
            #expect(try await daemon.parked.list(ParkedFilter(receiver: "nobody"), limit: 10).isEmpty)
            #expect(try await daemon.parked.list(ParkedFilter(), limit: 1).count == 1)
            #expect(try await daemon.parked.redeliver(ParkedFilter(ids: ["a_unknown"])) == 0)
            #expect(try await daemon.parked.alert("a_unknown") == nil)
        }
    }

    @Test func whatIsDroppedIsGoneAndJournaled() async throws {
        try await world.run { daemon, _ in
            try await park(1, daemon)
            #expect(try await daemon.parked.drop(ParkedFilter(receiver: "webcare")) == 1)
            #expect(try await daemon.parked.list(ParkedFilter(), limit: 10).isEmpty)
            #expect(try verdicts().last == "dropped")
        }
    }

    // MARK: Receivers that go

    /// Has an alert wait for `webcare`, and loads a configuration in which only `duty` is left.
    private func strand(_ daemon: Daemon) async throws {
        world.receiverStatus.withLock { $0 = 503 }
        world.publish("1", "zeebank")
        await world.pass(900, daemon)
        let settings = try world.settings(
            sources: "  - { url: 'https://forum.example/feed', interval: 15m }",
            watches: "  - { name: zeebank, query: zeebank }",
            alerting: World.alerting.replacing("webcare }", with: "duty }").replacing(
                "name: webcare", with: "name: duty"))
        world.receiverStatus.withLock { $0 = 204 }
        try await daemon.start(settings)
        await daemon.settle()
    }

    @Test func whatWaitsForAReceiverThatIsGoneIsParkedAndMayGoToAnother() async throws {
        try await world.run { daemon, _ in
            try await strand(daemon)
            let parked = try await daemon.parked.list(ParkedFilter(), limit: 10)
            #expect(parked.map(\.receiver) == ["webcare"])
            #expect(parked.map(\.reason) == ["webcare is not configured any more"])
            #expect(parked.map(\.parked) == [world.clock.now])
            let id = try #require(parked.first).id
            #expect(try await daemon.parked.alert(id)?.mentions.map(\.entry.id) == ["1"])
            #expect(try await daemon.backlog() == [Backlog(receiver: "webcare", queued: 0, parked: 1)])
            // To nobody there is, nor to the one that is gone: it would be parked again.
            for (receiver, name) in [("nobody", "nobody"), (nil, "webcare")] {
                let refusal = await #expect(throws: UnknownReceiver.self) {
                    try await daemon.parked.redeliver(ParkedFilter(), to: receiver)
                }
                #expect(refusal?.name == name)
            }
            #expect(try await daemon.backlog() == [Backlog(receiver: "webcare", queued: 0, parked: 1)])
            let before = try world.messages()
            #expect(try await daemon.parked.redeliver(ParkedFilter(receiver: "webcare"), to: "duty") == 1)
            await daemon.settle()
            // But for the name of who gets it now, it is the message that it was.
            var expected = try #require(before.last)
            #expect(expected.alert.id == id)
            expected.data.alert.receiver = "duty"
            #expect(try Array(world.messages().dropFirst(before.count)) == [expected])
            #expect(try verdicts() == ["retry", "parked", "redelivered", "delivered"])
            #expect(try reports().map(\.receiver) == ["webcare", "webcare", "duty", "duty"])
            #expect(try reports().map(\.from) == [nil, nil, "webcare", nil])
            #expect(try await daemon.backlog().isEmpty)
        }
    }

    @Test func aReceiverThatComesBackGetsWhatWasParkedForIt() async throws {
        try await world.run { daemon, settings in
            try await strand(daemon)
            try await daemon.start(settings)
            await daemon.settle()
            #expect(try verdicts() == ["retry", "parked", "redelivered", "delivered"])
            #expect(try await daemon.backlog().isEmpty)
        }
    }

    /// A change may have been decided by the configuration before, and committed after the next one was looked through.
    @Test func whatIsQueuedLateForAReceiverThatIsGoneIsParkedAsWell() async throws {
        try await world.run { daemon, _ in
            let path = world.folder.path + "/state/earshot.sqlite"
            let store = try SQLiteStore(path: path, executor: QueueExecutor(label: "test.late"))
            var change = Change()
            change.deliveries = [Delivery(id: "a_late", receiver: "gone", body: [], due: world.clock.now)]
            try await store.commit(change)
            await store.close()
            _ = await daemon.pulse()
            let parked = try await daemon.parked.list(ParkedFilter(), limit: 10)
            #expect(parked.map(\.reason) == ["gone is not configured any more"])
            // Whatever is in it, it may go to another.
            #expect(try await daemon.parked.redeliver(ParkedFilter(), to: "webcare") == 1)
            await daemon.settle()
            #expect(world.web.requests.last?.body == [])
            #expect(try verdicts() == ["parked", "redelivered", "delivered"])
        }
    }

    /// A digest may have 1 MB, so they are taken a few at a time; none is passed over for that.
    @Test func largeOnesAreParkedAndReaddressedToTheLast() async throws {
        try await world.run { daemon, _ in
            let path = world.folder.path + "/state/earshot.sqlite"
            let store = try SQLiteStore(path: path, executor: QueueExecutor(label: "test.large"))
            var change = Change()
            change.deliveries = (0..<7).map {
                Delivery(
                    id: "a_\($0)", receiver: "gone", body: Array(repeating: 0x20, count: 900_000), due: world.clock.now)
            }
            try await store.commit(change)
            await store.close()
            _ = await daemon.pulse()
            #expect(try await daemon.backlog() == [Backlog(receiver: "gone", queued: 0, parked: 7)])
            #expect(try await daemon.parked.redeliver(ParkedFilter(), to: "webcare") == 7)
            await daemon.settle()
            #expect(try await daemon.backlog().isEmpty)
            #expect(try verdicts().count { $0 == "delivered" } == 7)
        }
    }

    @Test func whatAReceiverRefusedStaysParkedWhenItComesBack() async throws {
        try await world.run { daemon, settings in
            try await park(1, daemon)
            try await daemon.start(settings)
            await daemon.settle()
            #expect(try await daemon.parked.list(ParkedFilter(), limit: 10).count == 1)
        }
    }

    @Test func aTestIsSentAtOnceAndMarkedAsOne() async throws {
        try await world.run { daemon, _ in
            world.receiverStatus.withLock { $0 = 200 }
            let test = try #require(try await daemon.test(receiver: "webcare"))
            #expect(test.isAccepted && test.reason == nil)
            #expect(try world.messages().map(\.type) == [.test])
            #expect(try world.messages().map(\.alert.id) == [test.alert])
            world.receiverStatus.withLock { $0 = 403 }
            let refused = try #require(try await daemon.test(receiver: "webcare"))
            #expect(!refused.isAccepted && refused.reason == "answered 403")
            #expect(try verdicts() == ["test delivered", "test failed"])
            #expect(try await daemon.backlog().isEmpty)
            #expect(try await daemon.test(receiver: "nobody") == nil)
        }
    }
}
