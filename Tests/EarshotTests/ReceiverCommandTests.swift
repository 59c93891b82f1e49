import Fetching
import Foundation
import GRDB
import Glibc
import Model
import TestSupport
import Testing

/// `earshot receivers test` and `earshot parked`, as they are typed.
@Suite struct ReceiverCommandTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func aTestSaysWhatTheReceiverSaid() async throws {
        let answer = Shared(Response(status: 200, body: Array("ok".utf8)))
        try await LoopbackServer.serving { _ in
            answer.withLock { $0 }
        } _: { server in
            let path = try folder.write(
                "earshot.yaml",
                """
                state: state
                watches: [{ name: zeebank, query: zeebank }]
                sources: []
                receivers:
                  - name: chat
                    webhook: { url: "\(server.base)/services/x", format: slack, allow_private_addresses: true }
                route: { receiver: chat }
                """)
            let took = try await Program.run("receivers", "test", "chat", "--config", path)
            #expect(took.code == 0)
            #expect(took.output.hasPrefix("chat took a_"))
            #expect(took.errors.contains("no daemon runs, so the test is sent from here"))
            let sent = String(decoding: try #require(server.requests.last).body, as: UTF8.self)
            #expect(sent.contains("Test alert"))

            answer.withLock { $0 = Response(status: 404, body: Array("no_service".utf8)) }
            let refused = try await Program.run("receivers", "test", "chat", "--config", path)
            #expect(refused.code == 1)
            #expect(refused.errors.contains("answered 404: no_service"))
            #expect(try await Program.run("receivers", "test", "nobody", "--config", path).code == 1)
        }
    }

    /// Programs run in `/`; nothing in the configuration may depend on where a process happens to be.
    @Test(arguments: ["earshot.yaml", "./earshot.yaml"])
    func pathsStartFromTheConfigurationHoweverThatIsNamed(_ name: String) async throws {
        let script = try folder.write("bin/told.sh", "#!/bin/sh\ncat > \"$(dirname \"$0\")/got\"\n")
        chmod(script, 0o755)
        try folder.write("feed.list", "")
        let path = try folder.write(
            "earshot.yaml",
            """
            state: state
            journal: { path: log/journal.jsonl }
            watches: [{ name: zeebank, query: zeebank }]
            sources: [{ list: feed.list }]
            receivers:
              - { name: script, command: { run: [bin/told.sh] } }
              - { name: archive, file: { path: alerts.jsonl } }
            route: { receiver: script, routes: [{ receiver: archive }] }
            """)
        #expect(path == folder.path + "/earshot.yaml")
        try FileManager.default.createDirectory(atPath: folder.path + "/log", withIntermediateDirectories: true)
        for receiver in ["script", "archive"] {
            let test = try await Program.run(["receivers", "test", receiver, "--config", name], in: folder)
            #expect(test.code == 0, "\(test.errors)")
        }
        #expect(try folder.read("bin/got").contains(#""type":"test""#))
        #expect(try folder.read("alerts.jsonl").contains(#""type":"test""#))
        #expect(try await Program.run(["run", "--once", "--config", name], in: folder).code == 0)
        #expect(FileManager.default.fileExists(atPath: folder.path + "/state/earshot.sqlite"))
        #expect(FileManager.default.fileExists(atPath: folder.path + "/log/journal.jsonl"))
    }

    @Test func whatAListLeavesOutIsCounted() async throws {
        let configuration = try Site.configuration(base: "http://127.0.0.1:1", in: folder)
        let program = try Program(["run", "--config", configuration])
        #expect(await program.logs("listening"))
        let database = try DatabaseQueue(path: folder.path + "/state/earshot.sqlite")
        try await database.write {
            try $0.execute(
                sql: """
                    WITH RECURSIVE number(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM number WHERE i < 10002)
                    INSERT INTO delivery (id, receiver, body, attempts, due, attempted, reason, parked)
                        SELECT 'a_' || i, 'paced', CAST('{}' AS BLOB), 3, 0, i, 'refused', 1 FROM number
                    """)
        }
        try database.close()
        let list = try await Program.run("parked", "list", "--config", configuration)
        #expect(list.code == 0 && list.output.count { $0 == "\n" } == 10_000)
        #expect(list.errors == "and 2 more; --receiver and --since show fewer\n")
        let again = try await Program.run("parked", "redeliver", "--all", "--config", configuration)
        #expect(again.code == 1 && again.output.isEmpty)
        #expect(again.errors.contains("has no receiver paced; `--to` names another for what is parked for it"))
        program.send(SIGTERM)
        #expect(await program.ended() == 0)
    }

    @Test func parkedDeliveriesAreSeenAndSentAgainThroughTheRunningDaemon() async throws {
        let isUp = Shared(false)
        let site = Site(step: 1, last: 1)
        try await LoopbackServer.serving { request in
            // 410 parks at once and stops the receiver until the next reload.
            if request.method == "POST", !isUp.withLock({ $0 }) { return Response(status: 410) }
            return await site.answer(request)
        } _: { server in
            let configuration = try Site.configuration(base: server.base, in: folder)
            let program = try Program(["run", "--config", configuration])
            #expect(await program.logs("the receiver is gone"))
            let list = try await Program.run("parked", "list", "--config", configuration)
            #expect(list.code == 0)
            #expect(list.output.contains("to webcare, 1 attempt: the receiver is gone (410)"))
            let id = try #require(list.output.split(separator: " ").first.map(String.init))
            let shown = try await Program.run("parked", "show", id, "--config", configuration)
            #expect(shown.output.contains("Zeebank 1"))
            #expect(try await Program.run("parked", "drop", "--config", configuration).code == 64)

            isUp.withLock { $0 = true }
            let again = try await Program.run("parked", "redeliver", "--since", "1h", "--config", configuration)
            #expect(again.output == "1 queued again\n")
            program.send(SIGHUP)
            #expect(await program.logs("delivered \(id) to webcare"))
            #expect(try await Program.run("parked", "list", "--config", configuration).output.isEmpty)
            let test = try await Program.run("receivers", "test", "webcare", "--config", configuration)
            #expect(test.code == 0)
            #expect(!test.errors.contains("sent from here"))
            program.send(SIGTERM)
            #expect(await program.ended() == 0)
        }
    }
}
