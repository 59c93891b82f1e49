import Alerting
import Foundation
import Journaling
import Model
import Monitoring
import TestSupport
import Testing

/// Counts that are not what they should be, on a daemon that lives for some days of quarter hours.
@Suite struct SpikeTests {
    private let world: World
    private let number = Shared(0)

    init() throws {
        world = try World()
    }

    private static let alerting = """
        receivers:
          - { name: webcare, webhook: { url: "https://hooks.example/x", secret_file: webcare.secret } }
        route:
          receiver: webcare
          group_by: [watch]
          spike: { window: 1h, minimum: 10, alone: true }
        """

    /// A quarter of an hour in which so many entries come.
    private func quarter(_ count: Int, _ daemon: Daemon) async {
        for _ in 0..<count {
            let number = number.withLock { number in
                number += 1
                return number
            }
            world.publish("\(number)", "Zeebank \(number)")
        }
        world.feed.withLock { $0 = Array($0.prefix(60)) }
        await world.pass(900, daemon)
    }

    private func run(_ body: (Daemon) async throws -> Void) async throws {
        try await world.run(alerting: Self.alerting) { (daemon, _) async throws in try await body(daemon) }
    }

    private func alerts() throws -> [Alert] { try world.messages().map(\.alert) }

    /// One life, since the days before it take their time.
    @Test func everyEpisodeIsToldOnceAndClosedWhenItEnds() async throws {
        try await run { (daemon) async throws in
            for _ in 0..<(3 * 96 + 8) { await quarter(3, daemon) }
            #expect(try alerts().isEmpty)

            await quarter(40, daemon)
            // Counted in the polls of this quarter, and looked at a minute later.
            await world.pass(61, daemon)
            let first = try #require(try alerts().first)
            #expect(first.kind == .spike && first.status == .firing && first.group == ["watch": "zeebank"])
            let spike = try #require(first.spike)
            #expect(spike.kind == .spike && spike.mean == 12 && spike.count >= 40 && spike.window == 3_600)
            await world.pass(839, daemon)
            for _ in 0..<8 { await quarter(3, daemon) }
            #expect(try alerts().map(\.status) == [.firing, .resolved])
            #expect(Set(try alerts().map(\.episode)).count == 1)
            #expect(Set(try alerts().map(\.id)).count == 2)

            for _ in 0..<5 { await quarter(0, daemon) }
            #expect(try alerts().dropFirst(2).map(\.spike?.kind) == [.silence])
        }
        try await run { (daemon) async throws in
            for _ in 0..<4 { await quarter(0, daemon) }
            #expect(try alerts().count == 3)
            for _ in 0..<8 { await quarter(3, daemon) }
            #expect(try alerts().dropFirst(2).map(\.status) == [.firing, .resolved])
        }
        // What a daemon could not count while it did not run is not missed.
        world.clock.advance(by: 6 * 3_600)
        try await run { (daemon) async throws in
            for _ in 0..<10 { await quarter(3, daemon) }
            #expect(try alerts().count == 4)
        }
        // The mentions themselves are the journal's alone.
        #expect(try alerts().allSatisfy { $0.mentions.isEmpty })
    }
}
