// Redirects: how far they are followed, what goes along, and what is learnt from them.

import Fetching
import Model
import TestSupport
import Testing

@Suite struct FetcherTests {
    private func redirect(_ status: Int, _ location: String) -> FetchOutcome {
        .response(Response(status: status, headers: [Header("location", location)]))
    }

    private let done = FetchOutcome.response(Response(status: 200))

    private func fetch(_ request: Request, _ outcomes: [FetchOutcome]) async -> (Fetched, [Request]) {
        let transport = ScriptedTransport(outcomes)
        return (await Fetcher(transport: transport).fetch(request), transport.requests)
    }

    @Test func anAnswerWithoutRedirectsIsPassedOn() async {
        let (fetched, requests) = await fetch(Request(url: "https://a.example/"), [done])
        #expect(fetched == Fetched(outcome: done))
        #expect(requests.count == 1)
    }

    @Test func relativeRedirectsAreFollowedAndEveryHopIsTold() async {
        let (fetched, requests) = await fetch(
            Request(url: "https://a.example/x/feed?old"),
            [redirect(302, "../new"), redirect(307, "//b.example/y"), done])
        #expect(fetched.outcome == done)
        #expect(fetched.movedPermanently == nil)
        #expect(
            fetched.hops == [
                Hop(status: 302, from: "https://a.example/x/feed?old", to: "https://a.example/new"),
                Hop(status: 307, from: "https://a.example/new", to: "https://b.example/y"),
            ])
        #expect(
            requests.map(\.url) == ["https://a.example/x/feed?old", "https://a.example/new", "https://b.example/y"])
    }

    @Test(arguments: [5, 6]) func fiveRedirectsAreFollowedAndNotSix(count: Int) async {
        let (fetched, requests) = await fetch(
            Request(url: "https://a.example/0"), (1...count).map { redirect(301, "/\($0)") } + [done])
        #expect(fetched.outcome == (count == 5 ? done : .failed(.tooManyRedirects)))
        #expect(requests.count == 6)
    }

    @Test func aLoopEnds() async {
        let (fetched, requests) = await fetch(Request(url: "https://a.example/"), [redirect(301, "/")])
        #expect(fetched.outcome == .failed(.tooManyRedirects))
        #expect(fetched.movedPermanently == nil)
        #expect(requests.count == 6)
    }

    @Test(arguments: ["file:///etc/passwd", "gopher://a.example/", "ftp://a.example/", "http:///", "javascript:x", ""])
    func aRedirectAwayFromTheWebFails(location: String) async {
        let (fetched, requests) = await fetch(Request(url: "https://a.example/"), [redirect(302, location), done])
        guard case .badRedirect = fetched.outcome.failure else {
            Issue.record("\(fetched)")
            return
        }
        #expect(requests.count == 1)
    }

    @Test(arguments: [(301, 308, 200), (308, 301, 304)]) func aWhollyPermanentChainIsAMove(a: Int, b: Int, end: Int)
        async
    {
        let (fetched, _) = await fetch(
            Request(url: "http://a.example/"),
            [redirect(a, "https://a.example/"), redirect(b, "/feed"), .response(Response(status: end))])
        #expect(fetched.movedPermanently == "https://a.example/feed")
    }

    @Test(arguments: [(301, 302, 200), (307, 301, 200), (301, 301, 404), (301, 301, 500)])
    func aChainThatIsNotPermanentOrLeadsNowhereIsNone(a: Int, b: Int, end: Int) async {
        let (fetched, _) = await fetch(
            Request(url: "http://a.example/"), [redirect(a, "/b"), redirect(b, "/c"), .response(Response(status: end))])
        #expect(fetched.movedPermanently == nil)
    }

    private let secretive = [
        Header("User-Agent", "Earshot"), Header("Authorization", "Bearer s"), Header("Cookie", "s"),
        Header("X-Api-Key", "s"), Header("If-None-Match", #""v""#),
    ]

    @Test func secretsStayWithinTheirOrigin() async {
        let (fetched, requests) = await fetch(
            Request(url: "https://user:s@a.example/", headers: secretive),
            [redirect(301, "https://A.example:443/b"), done])
        #expect(requests.last?.url == "https://user:s@A.example:443/b")
        #expect(requests.last?.headers == secretive)
        #expect(fetched.hops == [Hop(status: 301, from: "https://a.example/", to: "https://A.example:443/b")])
    }

    @Test(arguments: [
        "https://b.example/", "http://a.example/", "https://a.example:8443/", "https://sub.a.example/",
        "//user:other@b.example/",
    ])
    func anotherOriginGetsNoSecret(location: String) async {
        let (_, requests) = await fetch(
            Request(url: "https://user:s@a.example/", headers: secretive),
            [redirect(302, location), redirect(302, "https://a.example/back"), done])
        #expect(requests.count == 3)
        for request in requests.dropFirst() {
            #expect(request.headers == [secretive[0], secretive[4]])
            #expect(!request.url.contains("@"))
        }
    }

    @Test(arguments: [301, 302, 303]) func aPostIsNeverTurnedIntoAGet(status: Int) async {
        let post = Request(url: "https://a.example/", method: "POST", body: [1])
        let (fetched, requests) = await fetch(post, [redirect(status, "/b"), done])
        #expect(fetched.outcome.response?.status == status)
        #expect(requests.count == 1)
    }

    @Test(arguments: [307, 308]) func aPostThatMayStayOneIsFollowed(status: Int) async {
        let post = Request(url: "https://a.example/", method: "POST", body: [1])
        let (fetched, requests) = await fetch(post, [redirect(status, "/b"), done])
        #expect(fetched.outcome == done)
        #expect(requests.last?.method == "POST")
        #expect(requests.last?.body == [1])
    }

    @Test func aRedirectWithoutALocationIsAnAnswer() async {
        let (fetched, _) = await fetch(Request(url: "https://a.example/"), [.response(Response(status: 302))])
        #expect(fetched.outcome.response?.status == 302)
    }

    @Test func realRedirectsAreFollowedOverRealSockets() async throws {
        try await LoopbackServer.serving { request in
            request.url.hasSuffix("/old")
                ? Response(status: 308, headers: [Header("Location", "new")])
                : Response(status: 200, body: Array("here".utf8))
        } _: { server in
            let fetched = await Fetcher(transport: makeTransport()).fetch(local(server.base + "/old"))
            #expect(fetched.outcome.response?.body == Array("here".utf8))
            #expect(fetched.movedPermanently == server.base + "/new")
        }
    }
}
