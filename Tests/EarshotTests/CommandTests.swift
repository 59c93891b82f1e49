import Foundation
import Model
import TestSupport
import Testing

@Suite struct CommandTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func checkNamesEveryProblemAndExits78() async throws {
        let path = try folder.write("earshot.yaml", "watchs: []\nsources: [{ url: nonsense }]\n")
        for command in ["check", "run"] {
            let result = try await Program.run(command, "--config", path)
            #expect(result.code == 78)
            #expect(result.errors.contains("\(path):1:1: unknown key `watchs`"))
            #expect(result.errors.contains("did you mean `watches`?"))
            #expect(result.errors.contains("\(path):2:18: "))
            #expect(result.output.isEmpty)
        }
    }

    @Test func checkHoldsWatchesToTheirExamples() async throws {
        let path = try folder.write(
            "earshot.yaml",
            """
            watches: [{ name: acme, query: acme, examples: { match: [akme] } }]
            sources: [{ url: "https://example.org/" }]
            """)
        let result = try await Program.run("check", "--config", path)
        #expect(result.code == 78)
        #expect(result.errors.contains("does not match this example"))
    }

    @Test func checkSaysWhatIsInOrder() async throws {
        let path = try folder.write(
            "earshot.yaml", "watches: [{ name: acme, query: acme }]\nsources: [{ url: \"https://example.org/\" }]\n")
        let result = try await Program.run("check", "--config", path)
        #expect(result.code == 0)
        #expect(result.output.contains("in order. 1 watches"))
    }

    @Test func wrongUsageExits64() async throws {
        #expect(try await Program.run("run", "--nonsense").code == 64)
        #expect(try await Program.run("demo", "--for", "soon").code == 64)
    }

    @Test func aRoundReportsWhatItFoundAndDelivers() async throws {
        let site = Site(step: 4, last: 8)
        try await LoopbackServer.serving {
            await site.answer($0)
        } _: { server in
            let configuration = try Site.configuration(base: server.base, in: folder)
            let first = try await Program.run("run", "--once", "--config", configuration)
            #expect(first.code == 0)
            #expect(first.errors.contains("1 sources polled, 0 failed; 4 entries read, 4 new; 4 mentions"))
            // Not due for another second, and asked all the same.
            let second = try await Program.run("run", "--once", "--config", configuration)
            #expect(second.errors.contains("8 entries read, 4 new; 4 mentions"))
            #expect(site.mentions.count == 8)
        }
        let shown = try await Program.run("tail", "--journal", folder.path + "/state/journal.jsonl", "-n", "100")
        #expect(shown.code == 0)
        #expect(shown.output.components(separatedBy: "Zeebank").count == 9)
        #expect(shown.output.contains("delivered a_"))
    }

    @Test func aRoundDeliversAllThatItFoundAtThePaceThatIsAskedFor() async throws {
        let site = Site(step: 1, last: 1)
        try await LoopbackServer.serving {
            await site.answer($0)
        } _: { server in
            let path = try Site.configuration(base: server.base, in: folder)
            let text = try folder.read("earshot.yaml")
                .replacing("[{ name: zeebank", with: "[{ name: one, query: zeebank }, { name: two")
                .replacing("receiver: webcare }", with: "receiver: webcare, group_by: [watch] }")
                .replacing("- name: webcare", with: "- name: webcare\n    pace: 20/s")
            try folder.write("earshot.yaml", text)
            let round = try await Program.run("run", "--once", "--config", path)
            #expect(round.code == 0, "\(round.errors)")
            #expect(Set(site.mentions.map(\.watch)) == ["one", "two"])
        }
    }

    @Test func aRoundInWhichSomethingFailedExits1() async throws {
        let configuration = try Site.configuration(base: "http://127.0.0.1:1", in: folder)
        let result = try await Program.run("run", "--once", "--config", configuration)
        #expect(result.code == 1)
        #expect(result.errors.contains("1 sources polled, 1 failed"))
    }

    @Test func aRoundThatKnowsLessParksWhatTheOthersWaitFor() async throws {
        let site = Site(step: 1, last: 1)
        try await LoopbackServer.serving {
            await site.answer($0)
        } _: { server in
            let immediate = try Site.configuration(base: server.base, in: folder)
            let text = try folder.read("earshot.yaml")
            let patient = try folder.write(
                "patient.yaml",
                text.replacingOccurrences(of: "receiver: webcare }", with: "receiver: webcare, group_wait: 1d }"))
            let less = try folder.write(
                "less.yaml", String(text.prefix(upTo: try #require(text.range(of: "receivers:")).lowerBound)))
            #expect(try await Program.run("run", "--once", "--config", patient).code == 0)
            #expect(site.mentions.isEmpty)
            let round = try await Program.run("run", "--once", "--config", less)
            #expect(round.code == 1)
            #expect(
                round.errors.contains("webcare is not configured any more: 1 deliveries that wait for it are parked"))
            #expect(round.errors.contains("webcare: 0 deliveries stay queued, 1 parked"))
            #expect(try await Program.run("run", "--once", "--config", immediate).code == 0)
            #expect(site.mentions.count == 1)
        }
    }

    @Test func aPrivateAddressIsRefusedUnlessAllowed() async throws {
        let configuration = try folder.write(
            "earshot.yaml",
            """
            state: state
            watches: [{ name: acme, query: acme }]
            sources: [{ url: "http://127.0.0.1:1/" }, { url: "http://2130706433:1/" }, { url: "http://[::1]:1/" }]
            """)
        let result = try await Program.run("run", "--once", "--config", configuration)
        #expect(result.code == 1)
        #expect(result.errors.components(separatedBy: "may not be connected to").count == 4)
    }

    @Test func tailShowsWhatAStrangerWroteAndObeysNoneOfIt() async throws {
        let path = try folder.write(
            "journal.jsonl",
            #"{"seq":1,"time":"2026-03-02T08:00:00Z","event":"source","source":{"name":"x\u001b[2Jy\u202e","#
                + #""url":"https://a.example/","state":"failing"}}"# + "\n")
        let result = try await Program.run("tail", "--journal", path)
        #expect(result.output.contains("x\\u{1b}[2Jy\\u{202e}"))
        #expect(!result.output.contains("\u{1B}"))
    }

    @Test func parseShowsAFeedAsLines() async throws {
        let path = try folder.write(
            "feed.xml", "<rss version='2.0'><channel><title>A</title><item><title>B</title></item></channel></rss>")
        let result = try await Program.run("parse", path)
        let lines = result.output.split(separator: "\n")
        #expect(result.code == 0 && lines.count == 2)
        #expect(lines.first?.contains(#""kind":"feed""#) == true)
    }
}
