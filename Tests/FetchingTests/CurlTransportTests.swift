// The transport against a real server on loopback: what a decent exchange looks like.

import Fetching
import Model
import Runtime
import TestSupport
import Testing

/// A transport on a queue of its own.
func makeTransport(_ settings: CurlSettings = CurlSettings()) -> CurlTransport {
    CurlTransport(executor: QueueExecutor(label: "network"), settings: settings)
}

/// A request that may go to loopback, as every real server of these tests is there.
func local(_ url: String, limits: FetchLimits = FetchLimits()) -> Request {
    Request(url: url, limits: limits, allowsPrivateAddresses: true)
}

@Suite struct CurlTransportTests {
    @Test func aResponseComesWithStatusHeadersAndBody() async throws {
        try await LoopbackServer.serving { _ in
            Response(status: 201, headers: [Header("ETag", #"W/"a b""#)], body: Array("hello".utf8))
        } _: { server in
            let outcome = await makeTransport().send(local(server.base + "/feed?x=1"))
            guard case .response(let response) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            #expect(response.status == 201)
            #expect(response.header("etag") == #"W/"a b""#)
            #expect(response.body == Array("hello".utf8))
            #expect(response.address == server.base + "/feed?x=1")
            #expect(!response.bodyWasCut)
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
}
