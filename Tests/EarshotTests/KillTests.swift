import Foundation
import Journaling
import Model
import TestSupport
import Testing

/// The promise: whatever is killed, whenever, nothing is lost and nothing gets a second id.
@Suite struct KillTests {
    /// A moment to kill at: while the n-th request of its kind waits for its answer, so in the middle of a poll or of
    /// a delivery, or right behind the answer.
    private final class Trap: Sendable {
        private let waiting = Shared<(kind: String, trigger: AsyncStream<Void>.Continuation)?>(nil)

        func arm(_ kind: String) -> AsyncStream<Void> {
            let (stream, trigger) = AsyncStream<Void>.makeStream()
            waiting.withLock { $0 = (kind, trigger) }
            return stream
        }

        func touch(_ kind: String) {
            waiting.withLock { armed in
                guard let (wanted, trigger) = armed, wanted == kind else { return }
                trigger.yield()
                trigger.finish()
                armed = nil
            }
        }
    }

    @Test func twentyKillsLoseNothingAndMakeNoSecondId() async throws {
        let folder = try TemporaryFolder()
        let trap = Trap()
        let total = 84
        let all = AsyncStream<Void>.makeStream()
        let site = Site(step: 4, last: total) { kind, _ in trap.touch(kind) }
        try await LoopbackServer.serving { request in
            let response = await site.answer(request)
            if Set(site.mentions.map(\.entry.id)).count == total { all.continuation.yield() }
            return response
        } _: { server in
            let configuration = try Site.configuration(base: server.base, in: folder)
            for round in 0..<20 {
                let moment = trap.arm(round.isMultiple(of: 2) ? "feed" : "hook")
                let program = try Program(["run", "--config", configuration])
                for await _ in moment {}
                program.send(SIGKILL)
                #expect(await program.ended() == -SIGKILL)
            }
            let program = try Program(["run", "--config", configuration])
            for await _ in all.stream { break }
            program.send(SIGTERM)
            #expect(await program.ended() == 0)
        }
        try check(site.mentions, entries: total)
        try check(journal: folder, against: site.mentions, entries: total)
    }

    /// Every entry arrived; a mention that arrived twice came with the same id.
    private func check(_ mentions: [Mention], entries: Int) throws {
        let ids = Dictionary(grouping: mentions, by: \.entry.id).mapValues { Set($0.map(\.id)) }
        #expect(Set(ids.keys) == Set((1...entries).map { "\($0)" }))
        #expect(ids.values.allSatisfy { $0.count == 1 })
    }

    /// Every mention stands in the journal exactly once, and the lines are numbered without a gap.
    private func check(journal folder: TemporaryFolder, against mentions: [Mention], entries: Int) throws {
        let lines = try folder.read("state/journal.jsonl").split(separator: "\n").map { Data($0.utf8) }
        let journaled = try lines.compactMap { line -> String? in
            let event = try JSONDecoder.earshot.decode(JournalEvent.self, from: line)
            if case .mention(let mention) = event.happening { return mention.id } else { return nil }
        }
        #expect(journaled.count == entries)
        #expect(Set(journaled) == Set(mentions.map(\.id)))
        let numbers = try lines.map { try JSONDecoder().decode(Numbered.self, from: $0).seq }
        #expect(numbers == Array(1...Int64(lines.count)))
    }

    private struct Numbered: Decodable {
        var seq: Int64
    }
}
