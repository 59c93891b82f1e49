import Alerting
import Foundation
import Journaling
import Model
import Monitoring
import TestSupport
import Testing

@Suite struct SilenceTests {
    private let world: World

    init() throws {
        world = try World()
    }

    private func add(_ daemon: Daemon, _ matchers: [String], for duration: TimeInterval = 3_600) async throws -> Silence
    {
        try await daemon.addSilence(matchers, for: duration, from: nil, reason: "Onderhoud", author: "jan")
    }

    @Test func whatIsSilencedIsJournaledAndNotToldUntilTheSilenceEnds() async throws {
        try await world.run { (daemon, _) async throws in
            let silence = try await add(daemon, ["watch=zeebank", "source=~\"forum.*\""])
            world.publish("1", "Zeebank een")
            await world.pass(900, daemon)
            #expect(try world.messages().isEmpty)
            #expect(try world.journaledMentions().count == 1)
            let withheld = try world.journal().compactMap {
                if case .withheld(let report) = $0.happening { report.of } else { nil }
            }
            #expect(withheld == [silence.id])
            await world.pass(2_700, daemon)
            world.publish("2", "Zeebank twee")
            await world.pass(900, daemon)
            #expect(try world.mentionedEntries() == ["2"])
        }
    }

    @Test func aSilenceOutlivesARestartAndEndsEarlyWhenTold() async throws {
        try await world.run { (daemon, _) async throws in
            _ = try await add(daemon, ["watch=zeebank"], for: 86_400)
        }
        try await world.run { (daemon, _) async throws in
            world.publish("1", "Zeebank een")
            await world.pass(900, daemon)
            #expect(try world.messages().isEmpty)
            let silence = try #require(try await daemon.silences(past: false).first)
            #expect(try await daemon.expireSilence(silence.id)?.ends == world.clock.now)
            #expect(try await daemon.expireSilence(silence.id) == nil)
            #expect(try await daemon.silences(past: false).isEmpty)
            #expect(try await daemon.silences(past: true).map(\.id) == [silence.id])
            world.publish("2", "Zeebank twee")
            await world.pass(900, daemon)
            #expect(try world.mentionedEntries() == ["2"])
            let changes = try world.journal().compactMap {
                if case .silence(let report) = $0.happening { report.change } else { nil }
            }
            #expect(changes == [.added, .expired])
        }
    }

    @Test func aSilenceThatAClockRanPastLastsAfterItIsSetBack() async throws {
        try await world.run { (daemon, _) async throws in
            let silence = try await add(daemon, ["watch=zeebank"], for: 86_400)
            await world.pass(20 * 86_400, daemon)
            _ = await daemon.pulse()
            world.clock.advance(by: -20 * 86_400)
            _ = await daemon.pulse()
            await daemon.settle()
            world.publish("1", "Zeebank een")
            await world.pass(900, daemon)
            await world.pass(6_300, daemon)
            #expect(try world.journaledMentions().count == 1)
            #expect(try world.messages().isEmpty)
            #expect(try await daemon.expireSilence(silence.id) != nil)
        }
    }

    @Test func aSilenceThatWouldNotHoldIsRefused() async throws {
        try await world.run { (daemon, _) async throws in
            await #expect(throws: MatcherError.self) { try await add(daemon, []) }
            await #expect(throws: MatcherError.self) { try await add(daemon, ["watch"]) }
            await #expect(throws: MatcherError.self) { try await add(daemon, ["watch=x"], for: -1) }
            await #expect(throws: MatcherError.self) { try await add(daemon, ["watch=x"], for: 1e9) }
            #expect(try await daemon.silences(past: true).isEmpty)
        }
    }
}
