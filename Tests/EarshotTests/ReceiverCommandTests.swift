import Fetching
import Foundation
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
