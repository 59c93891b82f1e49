import Control
import Foundation
import Model
import TestSupport
import Testing

/// The command, the socket, the daemon and the store.
@Suite struct SilenceCommandTests {
    @Test func aSilenceIsMadeListedAndEnded() async throws {
        let folder = try TemporaryFolder()
        let site = Site(step: 1, last: 1)
        try await LoopbackServer.serving {
            await site.answer($0)
        } _: { server in
            let configuration = try Site.configuration(base: server.base, in: folder)
            let program = try Program(["run", "--config", configuration])
            #expect(await program.logs("listening"))
            let rest = ["--config", configuration]

            let made = try await Program.run(
                ["silence", "add", "--for", "2h", "--reason", "Onderhoud", "--author", "jan", "watch=zeebank"] + rest)
            #expect(made.code == 0 && made.output.contains("watch=zeebank  (jan: Onderhoud)"))
            let listed = try await Program.run(["silence", "list", "--json"] + rest)
            let silences = try JSONDecoder.earshot.decode([Silence].self, from: Data(listed.output.utf8))
            let silence = try #require(silences.first)
            #expect(silence.ends.timeIntervalSince(silence.starts) == 7_200)
            let explained = try await Program.run(["route", "explain", "--text", "Zeebank is traag"] + rest)
            #expect(explained.output.contains("→ webcare, not at all: silenced until "))
            #expect(explained.output.contains(" by \(silence.id) (jan: Onderhoud)"))
            for (starts, duration, reason) in [
                (nil, 1e300, "at most a year"), (nil, 0, "more than 0 s"), (nil, -5, "more than 0 s"),
                (Date.now + 400 * 86_400, 60, "begins within a year"),
            ] as [(Date?, TimeInterval, String)] {
                let order = SilenceOrder(
                    matchers: ["watch=zeebank"], duration: duration, starts: starts, reason: "x", author: "jan")
                let refusal = await #expect(throws: ControlError.self) {
                    try await ControlClient(path: folder.path + "/state/earshot.sock")
                        .post(Silence.self, "/silences", body: order)
                }
                #expect(refusal?.status == 400 && refusal?.description.contains(reason) == true)
            }
            #expect(try await Program.run(["silence", "expire", silence.id] + rest).code == 0)
            #expect(try await Program.run(["silence", "list"] + rest).output.isEmpty)

            let again = try await Program.run(["silence", "expire", silence.id] + rest)
            #expect(again.code == 1 && again.errors.contains("no silence \(silence.id)"))
            let wrong = try await Program.run(["silence", "add", "--for", "2h", "--reason", "x", "rating<=low"] + rest)
            #expect(wrong.code == 1 && wrong.errors.contains("`low` is not a number"))
            program.send(SIGTERM)
            #expect(await program.ended() == 0)
        }
    }
}
