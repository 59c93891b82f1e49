// Servers that mean harm, or are merely broken. Each costs a bounded number of bytes and a bounded time, and the user
// is told what was wrong.

import Fetching
import Model
import TestSupport
import Testing

@Suite struct HostileServerTests {
    @Test func anEndlessBodyEndsAtTheCap() async throws {
        let outcome = try await outcome { connection in
            connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\n\r\n")
            connection.sendForever("x")
        }
        #expect(outcome.failure == .bodyTooLarge(limit: 10 << 20))
    }

    @Test func theBeginningOfAnEndlessBodyCanBeKept() async throws {
        let outcome = try await outcome(limits: FetchLimits(bodyBytes: 20_000, overflow: .cuts)) { connection in
            connection.readRequest()
            connection.send("HTTP/1.1 202 Accepted\r\n\r\n")
            connection.sendForever("x")
        }
        let response = try #require(outcome.response)
        #expect(response.status == 202)
        #expect(response.body.count == 20_000)
        #expect(response.bodyWasCut)
    }

    @Test func aBodyOfExactlyTheCapIsWhole() async throws {
        let limits = FetchLimits(bodyBytes: 5)
        let whole = try await outcome(limits: limits, ofAnswer: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
        #expect(whole.response?.body == Array("hello".utf8))
        let larger = try await outcome(limits: limits, ofAnswer: "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello!")
        #expect(larger.failure == .bodyTooLarge(limit: 5))
    }

    /// What is sent once, and what is then sent for ever.
    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\n", "X-Header: value\r\n"),
        ("HTTP/1.1 200 OK\r\n", "Set-Cookie: id=0123456789abcdef; Path=/; Max-Age=1000000000\r\n"),
        ("HTTP/1.1 200 OK\r\nX: 1\r\n", " folded\r\n"),
        ("HTTP/1.1 200 OK\r\nX: ", "xxxxxxxxxxxxxxxx"),
        ("HTTP/1.1 200 ", "OK"),
        ("", "HTTP/1.1 100 Continue\r\n\r\n"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n", "X-Trailer: value\r\n"),
    ])
    func endlessHeadersAndTrailersEnd(once: String, forEver: String) async throws {
        let outcome = try await outcome { connection in
            connection.readRequest()
            connection.send(once)
            connection.sendForever(forEver)
        }
        #expect(outcome.failure == .headersTooLarge)
    }

    @Test func silenceAfterAcceptTimesOut() async throws {
        let outcome = try await outcome(limits: impatient) { $0.waitForClose() }
        #expect(outcome.failure == .timedOut(.waiting))
    }

    @Test func slowHeadersTimeOut() async throws {
        let outcome = try await outcome(limits: impatient) { connection in
            connection.readRequest()
            connection.sendSlowly("HTTP/1.1 200 OK\r\nX: 1\r\n\r\n", pause: 100)
        }
        #expect(outcome.failure == .timedOut(.waiting))
    }

    @Test func aSlowBodyTimesOut() async throws {
        let outcome = try await outcome(limits: FetchLimits(total: .seconds(3))) { connection in
            connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            connection.sendSlowly(String(repeating: "x", count: 1_000), pause: 100)
        }
        #expect(outcome.failure == .timedOut(.reading))
    }

    @Test func aStalledBodyIsGivenUpBeforeTheWholeTimeIsSpent() async throws {
        try await ScriptedBytesServer.serving { connection in
            connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nx")
            connection.waitForClose()
        } _: { server in
            let transport = makeTransport()
            // The same handle, of a request that can only run out of all its time.
            let whole = local(server.base, limits: FetchLimits(total: .seconds(60), stall: .seconds(60)))
            #expect(await transport.send(whole).response?.status == 200)
            let limits = FetchLimits(total: .seconds(3_600), stall: .seconds(1))
            #expect(await transport.send(local(server.base, limits: limits)).failure == .timedOut(.reading))
        }
    }

    @Test func aResetOrACloseInsteadOfAnAnswerIsSeen() async throws {
        let closed = try await outcome { _ = $0.readRequest() }
        #expect(closed.failure == .connectionReset)
        let reset = try await outcome { connection in
            connection.readRequest()
            connection.reset()
        }
        #expect(reset.failure == .connectionReset)
        let resetInside = try await outcome { connection in
            connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nx")
            connection.reset()
        }
        #expect(resetInside.failure == .connectionReset || resetInside.failure == .bodyIncomplete)
    }

    @Test(arguments: ["Content-Length: 1000\r\n\r\nx", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"])
    func halfABodyIsNotTakenForTheWhole(rest: String) async throws {
        #expect(try await outcome(ofAnswer: "HTTP/1.1 200 OK\r\n" + rest).failure == .bodyIncomplete)
    }

    @Test(arguments: ["FFFFFFFFFFFFFFFFFFF\r\nx", "-1\r\nx", "\r\nx", "zz\r\nx"])
    func absurdChunkSizesFail(chunks: String) async throws {
        let answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks
        #expect(try await outcome(ofAnswer: answer).failure == .badResponse("broken chunks"))
    }

    @Test(arguments: ["-1", "-9223372036854775808", "9223372036854775807"])
    func absurdLengthsFail(length: String) async throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: \(length)\r\n\r\nhello"
        #expect(try await outcome(ofAnswer: answer).failure != nil)
    }

    @Test(arguments: ["99999999999999999999999", "0x10", "5, 6"])
    func aLengthThatCannotBeReadBringsNothingThatWasNotSent(length: String) async throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: \(length)\r\n\r\nhello"
        let body = try #require(try await outcome(ofAnswer: answer).response?.body)
        #expect("hello".utf8.starts(with: body))
    }

    @Test(arguments: ["SSH-2.0-OpenSSH_9.2\r\n", "hello\r\n\r\n", "HTTP/1.1 OK 200\r\n\r\n", "\0\0\0\0\r\n\r\n"])
    func whatIsNotHTTPIsRefused(answer: String) async throws {
        guard case .badResponse = try await outcome(ofAnswer: answer).failure else {
            Issue.record("\(try await outcome(ofAnswer: answer))")
            return
        }
    }

    @Test func oneByteChunksArriveWhole() async throws {
        let chunks = String(repeating: "1\r\nx\r\n", count: 5_000)
        let answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(chunks)0\r\n\r\n"
        #expect(try await outcome(ofAnswer: answer).response?.body.count == 5_000)
    }

    @Test func anAnswerInSingleBytesArrivesWhole() async throws {
        let outcome = try await outcome { connection in
            connection.readRequest()
            connection.sendByteByByte(Array("HTTP/1.1 200 OK\r\nX: 1\r\nContent-Length: 5\r\n\r\nhello".utf8))
        }
        #expect(outcome.response?.body == Array("hello".utf8))
    }

    @Test func oneHostThatHangsDelaysNoOther() async throws {
        try await ScriptedBytesServer.serving {
            $0.waitForClose()
        } _: { hanging in
            try await LoopbackServer.serving { _ in
                Response(status: 200)
            } _: { decent in
                let transport = makeTransport()
                let stuck = Task { await transport.send(local(hanging.base)) }
                for _ in 0..<20 { #expect(await transport.send(local(decent.base + "/")).response?.status == 200) }
                stuck.cancel()
                #expect(await stuck.value.failure == .cancelled)
            }
        }
    }
}
