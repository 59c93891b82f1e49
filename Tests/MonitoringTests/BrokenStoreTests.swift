import Fetching
import Foundation
import GRDB
import Model
import Monitoring
import TestSupport
import Testing

/// A store that cannot be written or read costs what it must, and no more.
@Suite struct BrokenStoreTests {
    private let world: World

    init() throws {
        world = try World()
        world.publish("1", "een")
    }

    /// Does something to the store behind the daemon's back.
    private func store(_ sql: String) throws {
        let database = try DatabaseQueue(path: world.folder.path + "/state/earshot.sqlite")
        try database.write { try $0.execute(sql: sql) }
        try database.close()
    }

    @Test func aReloadAsksNobodyAnewForWhatCouldNotBeSaved() async throws {
        try await world.run { (daemon, settings) async throws in
            #expect(world.polls == 1)
            try store("CREATE TRIGGER broken BEFORE UPDATE ON source BEGIN SELECT RAISE(FAIL, 'broken'); END")
            world.script { [unowned world] _ in world.feedResponse(503, [Header("Retry-After", "7200")]) }
            await world.pass(900, daemon)
            #expect(world.polls == 2)
            try await daemon.start(settings)
            await world.pass(7_000, inStepsOf: 100, daemon)
            #expect(world.polls == 2)
        }
    }

    @Test func aRoundEndsThoughTheStateOfASourceCannotBeRead() async throws {
        let outcomes = Shared<[String]>([])
        try await world.run { (daemon, _) async throws in
            try store(
                "CREATE TRIGGER broken AFTER INSERT ON source BEGIN DELETE FROM source WHERE id = NEW.id; END")
            let settings = try world.settings(
                sources: "  - { url: 'https://other.example/feed' }", watches: "  - { name: zeebank, query: zeebank }")
            try await daemon.runOnce(settings) { _, outcome in outcomes.withLock { $0.append("\(outcome)") } }
        }
        #expect(world.polls == 1)
        #expect(outcomes.withLock { $0.count } == 1)
        #expect(outcomes.withLock { $0.first?.hasPrefix("its state cannot be read: ") } == true)
    }

    @Test func aRoundEndsThoughAPollIsCalledOff() async throws {
        let outcomes = Shared<[String]>([])
        try await world.run { (daemon, _) async throws in
            world.script { _ in .failed(.cancelled) }
            let settings = try world.settings(
                sources: "  - { url: 'https://other.example/feed' }", watches: "  - { name: zeebank, query: zeebank }")
            try await daemon.runOnce(settings) { _, outcome in outcomes.withLock { $0.append("\(outcome)") } }
        }
        #expect(outcomes.withLock { $0 } == ["cancelled"])
    }
}
