import Foundation
import TestSupport
import Testing

@Suite struct RouteCommandTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func configuration() throws -> String {
        try folder.write(
            "earshot.yaml",
            """
            state: state
            watches: [{ name: zeebank, query: zeebank, labels: { team: retail } }]
            signals: [{ name: outage, query: storing }, { name: crisis, query: datalek, priority: high }]
            sources: [{ url: "https://forum.example/feed", name: Forum, labels: { site: forum } }]
            receivers:
              - { name: webcare, webhook: { url: "https://hooks.example/a" } }
              - { name: night, webhook: { url: "https://hooks.example/b" } }
            time_intervals:
              - { name: office, time_intervals: [{ times: [{ start_time: "09:00", end_time: "17:00" }] }] }
            route:
              receiver: webcare
              routes:
                - { matchers: [signal=outage, site=forum], receiver: night, continue: true }
                - { matchers: [team=retail], group_by: [watch], active_time_intervals: [office] }
                - { matchers: [watch=zeebank] }
            """)
    }

    private func explain(_ arguments: String...) async throws -> (code: Int32, output: String, errors: String) {
        try await Program.run(
            ["route", "explain", "--config", try configuration(), "--at", "2026-03-02T20:00:00Z"] + arguments)
    }

    @Test func aSampleTakesItsRoutesAndTheReasonsAreSaid() async throws {
        let result = try await explain("--source", "Forum", "--text", "Zeebank heeft een storing")
        #expect(result.code == 0)
        let lines = result.output.split(separator: "\n").map(String.init)
        #expect(lines.contains("yes  everything"))
        #expect(lines.contains(#"takes    signal="outage", site="forum"  → night, at once"#))
        let office = try #require(
            lines.first { $0.hasPrefix(#"takes    team="retail"  → webcare, when its hours begin"#) })
        #expect(office.hasSuffix(#", grouped by watch="zeebank""#))
        #expect(lines.contains(#"past    watch="zeebank"  (an earlier route has taken it)"#))
    }

    @Test func aCrisisGoesAtOnceAndSaysWhy() async throws {
        let result = try await explain("--text", "Datalek bij Zeebank")
        #expect(result.output.contains(#"team="retail"  → webcare, at once (high priority)"#))
        #expect(result.output.contains(#"no      signal="outage", site="forum""#))
    }

    @Test func aRateLimitThatIsUsedUpIsSaid() async throws {
        let (hooks, hook) = AsyncStream<Void>.makeStream()
        let site = Site(step: 1, last: 1) { kind, _ in if kind == "hook" { hook.yield() } }
        try await LoopbackServer.serving {
            await site.answer($0)
        } _: { server in
            let path = try Site.configuration(base: server.base, in: folder)
            let text = try folder.read("earshot.yaml")
            try folder.write(
                "earshot.yaml", text.replacing("- name: webcare", with: "- name: webcare\n    rate_limit: 1/h"))
            let program = try Program(["run", "--config", path])
            for await _ in hooks { break }
            let explain = ["route", "explain", "--config", path, "--text", "Zeebank is traag"]
            let result = try await Program.run(explain)
            #expect(result.output.contains("→ webcare, over the rate limit, in the overflow summary of "))
            program.send(SIGTERM)
            #expect(await program.ended() == 0)
            let later = try await Program.run(explain)
            #expect(later.output.contains("→ webcare, at once"))
            #expect(later.errors.contains("silences and rate limits are left out: no Earshot answers"))
        }
    }

    @Test func aTitleAloneIsASampleToo() async throws {
        let result = try await explain("--title", "Datalek bij Zeebank")
        #expect(result.output.contains(#"team="retail"  → webcare, at once (high priority)"#))
        let other = try await explain("--author", "Jan")
        #expect(other.code == 64 && other.errors.contains("give its --text or --title"))
    }

    @Test func aMentionIsFoundHoweverMuchStandsBehindIt() async throws {
        let site = Site(step: 1, last: 1)
        try await LoopbackServer.serving {
            await site.answer($0)
        } _: { server in
            let configuration = try Site.configuration(base: server.base, in: folder)
            #expect(try await Program.run("run", "--once", "--config", configuration).code == 0)
            let line =
                #"{"event":"withheld","mention":"m_1","reason":"copy","receiver":"webcare","route":"","seq":99,"#
                + #""time":"2026-03-02T08:00:00Z"}"# + "\n"
            let journal = try folder.read("state/journal.jsonl")
            try folder.write("state/journal.jsonl", journal + String(repeating: line, count: 20_000))
            let result = try await Program.run("route", "explain", "--config", configuration)
            #expect(result.output.contains("Zeebank 1"))
        }
    }

    @Test func whatNoWatchFindsIsSaid() async throws {
        let result = try await explain("--text", "Een ander bedrijf")
        #expect(result.code == 1 && result.errors.contains("no watch finds this text"))
    }

    @Test func theJournalsLastMentionsAreExplained() async throws {
        let site = Site(step: 2, last: 2)
        try await LoopbackServer.serving {
            await site.answer($0)
        } _: { server in
            let configuration = try Site.configuration(base: server.base, in: folder)
            #expect(try await Program.run("run", "--once", "--config", configuration).code == 0)
            let result = try await Program.run("route", "explain", "-n", "2", "--config", configuration)
            #expect(result.output.components(separatedBy: "takes everything  → webcare, at once").count == 3)
        }
    }
}
