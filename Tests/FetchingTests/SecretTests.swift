// No credential reaches anything that is shown.

import Fetching
import Model
import TestSupport
import Testing

@Suite struct SecretTests {
    private let secret = "hunter2"

    @Test func credentialsInAnAddressAreSentButNeverShown() async throws {
        try await LoopbackServer.serving { _ in
            Response(status: 200)
        } _: { server in
            let url = server.base.replacing("http://", with: "http://user:\(secret)@")
            let outcome = await makeTransport().send(local(url + "/feed"))
            #expect(outcome.response?.address == server.base + "/feed")
            let sent = server.requests.first?.headers.first { $0.isNamed("Authorization") }
            #expect(sent?.value == "Basic dXNlcjpodW50ZXIy")
        }
    }

    @Test(arguments: [
        "http://user:hunter2@127.0.0.1:1/", "http://user:hunter2@nothing.invalid/", "http://user:hunter2@[::1/",
        "http://user:hunter2@/", "ftp://user:hunter2@x/", "http://user:hun/ter2@x/",
    ])
    func noFailureHoldsCredentials(url: String) async throws {
        for request in [Request(url: url), local(url)] {
            let outcome = await makeTransport().send(request)
            #expect(outcome.failure != nil)
            #expect(!"\(outcome)".contains(secret))
            #expect(!String(reflecting: outcome).contains(secret))
        }
    }

    @Test func noHeaderValueIsShownWhenItCannotBeSent() async {
        var request = Request(url: "https://example.com/")
        request.headers = [Header("Authorization", "Bearer \(secret)\r\n")]
        let outcome = await makeTransport().send(request)
        #expect(outcome.failure == .badRequest("the header Authorization holds a line break"))
    }

    @Test func hopsHoldNoCredentials() async {
        let transport = ScriptedTransport([
            .response(Response(status: 301, headers: [Header("Location", "/b")])), .failed(.connectionReset),
        ])
        let fetched = await Fetcher(transport: transport).fetch(Request(url: "https://user:\(secret)@a.example/"))
        #expect(fetched.hops == [Hop(status: 301, from: "https://a.example/", to: "https://a.example/b")])
    }
}
