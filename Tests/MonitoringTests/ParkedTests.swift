import Alerting
import Foundation
import Journaling
import Model
import Monitoring
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

    private func verdicts() throws -> [String] {
        try world.journal().compactMap { event in
            if case .delivery(let report) = event.happening { report.verdict } else { nil }
        }
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
