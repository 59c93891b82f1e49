// The transport against a real server on loopback: what a decent exchange looks like.

import Fetching
import Model
import TestSupport
import Testing

@Suite struct CurlTransportTests {
    @Test func aResponseComesWithStatusHeadersAndBody() async throws {
        try await LoopbackServer.serving { _ in
            Response(status: 201, headers: [Header("ETag", #"W/"a b""#)], body: Array("hello".utf8))
        } _: { server in
            let response = try #require(await makeTransport().send(local(server.base + "/feed?x=1")).response)
            #expect(response.status == 201)
            #expect(response.header("etag") == #"W/"a b""#)
            #expect(response.header("tag") == nil)
            #expect(response.body == Array("hello".utf8))
            #expect(response.address == server.base + "/feed?x=1")
            #expect(response.peer == "127.0.0.1")
            #expect(!response.bodyWasCut)
        }
    }

    @Test func headersGoOutAsTheyWereGivenAndNothingElseDoes() async throws {
        let heads = Shared<[String]>([])
        try await ScriptedBytesServer.serving { connection in
            heads.withLock { $0.append(connection.readRequest() ?? "") }
            connection.send("HTTP/1.1 204 No Content\r\n\r\n")
        } _: { server in
            var request = local(server.base + "/a")
            request.headers = [
                Header("User-Agent", "Earshot/1 (+https://example.com)"), Header("If-None-Match", #"W/"x""#),
                Header("X-Empty", ""),
            ]
            _ = await makeTransport().send(request)
        }
        #expect(
            heads.withLock { $0 } == [
                """
                GET /a HTTP/1.1\r
                Host: \(heads.withLock { $0 }.first?.host ?? "")\r
                Accept: */*\r
                Accept-Encoding: gzip, deflate, br, zstd\r
                User-Agent: Earshot/1 (+https://example.com)\r
                If-None-Match: W/"x"\r
                X-Empty:\r
                \r

                """
            ])
    }

    @Test func aPostCarriesItsBodyAndItsOwnContentType() async throws {
        try await LoopbackServer.serving {
            Response(status: 200, body: $0.body)
        } _: { server in
            let transport = makeTransport()
            var request = local(server.base + "/hook")
            request.method = "POST"
            request.body = Array(#"{"text":"\#u{0}ü"}"#.utf8)
            request.headers = [Header("Content-Type", "application/json")]
            let response = try #require(await transport.send(request).response)
            #expect(response.body == request.body)
            request.headers = []
            _ = await transport.send(request)
            #expect(server.requests.map(\.method) == ["POST", "POST"])
            #expect(
                server.requests.map { $0.headers.first { $0.isNamed("Content-Type") }?.value } == [
                    "application/json", nil,
                ])
        }
    }

    @Test(arguments: ["HEAD", "PUT", "DELETE", "POST"]) func otherMethodsWorkWithoutABody(method: String) async throws {
        try await LoopbackServer.serving { _ in
            Response(status: 200)
        } _: { server in
            var request = local(server.base + "/")
            request.method = method
            #expect(await makeTransport().send(request).response?.status == 200)
            #expect(server.requests.map(\.method) == [method])
        }
    }

    @Test func oneConnectionServesManyRequests() async throws {
        try await LoopbackServer.serving { _ in
            Response(status: 304)
        } _: { server in
            let transport = makeTransport()
            for _ in 0..<10 { _ = await transport.send(local(server.base + "/")) }
            #expect(server.requests.count == 10)
            #expect(server.connectionCount == 1)
        }
    }

    @Test func headersKeepTheirOrderAndFoldedLinesAreJoined() async throws {
        let outcome = try await outcome(
            ofAnswer: "HTTP/1.1 200 OK\r\nB: 1\r\nA: x\r\n\t y  \r\nb:2 \r\nContent-Length: 0\r\n\r\n")
        let headers = try #require(outcome.response?.headers)
        #expect(headers == [Header("B", "1"), Header("A", "x y"), Header("b", "2"), Header("Content-Length", "0")])
    }

    @Test func interimResponsesAndTrailersLeaveNoTrace() async throws {
        let outcome = try await outcome(
            ofAnswer: """
                HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r
                HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r
                2\r\nhi\r\n0\r\nETag: "late"\r\n\r\n
                """)
        let response = try #require(outcome.response)
        #expect(response.headers == [Header("Transfer-Encoding", "chunked")])
        #expect(response.body == Array("hi".utf8))
    }

    @Test func cookiesAreNeverKept() async throws {
        try await LoopbackServer.serving { _ in
            Response(status: 200, headers: [Header("Set-Cookie", "id=1; Path=/")])
        } _: { server in
            let transport = makeTransport()
            for _ in 0..<2 { _ = await transport.send(local(server.base + "/")) }
            #expect(server.requests.count == 2)
            #expect(!server.requests.contains { $0.headers.contains { $0.isNamed("Cookie") } })
        }
    }

    @Test func aConfiguredProxyIsAskedForTheWholeAddress() async throws {
        let heads = Shared<[String]>([])
        try await ScriptedBytesServer.serving { connection in
            heads.withLock { $0.append(connection.readRequest() ?? "") }
            connection.send("HTTP/1.1 204 No Content\r\n\r\n")
        } _: { server in
            let transport = makeTransport(CurlSettings(proxy: server.base))
            let outcome = await transport.send(Request(url: "http://feeds.invalid/a"))
            #expect(outcome.response?.status == 204)
            // A proxy is not the host: whoever paces requests by the peer would have all hosts wait for one another.
            #expect(outcome.response?.peer == nil)
        }
        #expect(heads.withLock { $0 }.first?.hasPrefix("GET http://feeds.invalid/a HTTP/1.1\r\n") == true)
    }

    @Test func aResponseNamesTheAddressThatAnsweredAlsoOnAKeptConnection() async throws {
        try await LoopbackServer.serving { _ in
            Response(status: 200)
        } _: { server in
            let transport = makeTransport()
            for _ in 0..<2 {
                #expect(await transport.send(local(server.base + "/")).response?.peer == "127.0.0.1")
            }
        }
    }

    @Test func redirectsAreLeftToTheCaller() async throws {
        try await LoopbackServer.serving { _ in
            Response(status: 302, headers: [Header("Location", "/next")])
        } _: { server in
            #expect(await makeTransport().send(local(server.base + "/")).response?.status == 302)
            #expect(server.requests.count == 1)
        }
    }

    @Test(arguments: ["", "ftp://127.0.0.1/", "file:///etc/passwd", "http://", "//x/", "http://127.0.0.1:99999/"])
    func onlyWebAddressesAreTaken(url: String) async {
        #expect(await makeTransport().send(local(url)).failure == .badAddress)
    }

    @Test func aClosedPortAndAnUnknownNameAreToldApart() async throws {
        let closed = try await ScriptedBytesServer.serving { _ in
        } _: {
            $0.base
        }
        #expect(await makeTransport().send(local(closed)).failure == .connectionFailed)
        #expect(await makeTransport().send(local("http://nothing.invalid/")).failure == .nameNotFound)
    }

    @Test(arguments: [
        Header("X-A", "1\r\nX-B: 2"), Header("X-A", "1\nX-B: 2"), Header("X-A", "1\0"), Header("X\r\nY", "1"),
        Header("X-A:", "1"), Header("", "1"),
    ])
    func aHeaderThatWouldBecomeTwoIsRefused(header: Header) async throws {
        try await ScriptedBytesServer.serving { _ in
        } _: { server in
            var request = local(server.base)
            request.headers = [header]
            guard case .badRequest = await makeTransport().send(request).failure else {
                Issue.record("it was sent")
                return
            }
            #expect(server.connectionCount == 0)
        }
    }
}

extension String {
    fileprivate var host: String? {
        split(separator: "\r\n").first { $0.hasPrefix("Host: ") }.map { String($0.dropFirst(6)) }
    }
}
