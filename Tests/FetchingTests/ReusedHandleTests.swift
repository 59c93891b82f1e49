// One of libcurl's handles makes one transfer after another: nothing of a request may reach the next one.

import Fetching
import Model
import TestSupport
import Testing

@Suite struct ReusedHandleTests {
    /// What a request says that the one before it may have said otherwise.
    private struct Words: Equatable {
        var method = "GET"
        var body = ""
        var length: String?
        var type: String?
        var secret: String?
    }

    private static func post(_ body: String, length: String, secret: String? = nil) -> Words {
        Words(method: "POST", body: body, length: length, type: body.isEmpty ? nil : "text/plain", secret: secret)
    }

    private static let put = Words(method: "PUT", body: "put", length: "3", type: "text/plain", secret: "3")
    private static let bodyToGet = Words(body: "get", length: "3")

    private func request(_ words: Words, to url: String) -> Request {
        var request = local(url)
        request.method = words.method
        request.body = Array(words.body.utf8)
        request.headers += words.type.map { [Header("Content-Type", $0)] } ?? []
        request.headers += words.secret.map { [Header("X-Secret", $0)] } ?? []
        return request
    }

    /// What the server understood.
    private func words(of request: Request) -> Words {
        func header(_ name: String) -> String? { request.headers.first { $0.isNamed(name) }?.value }
        return Words(
            method: request.method, body: String(decoding: request.body, as: UTF8.self),
            length: header("Content-Length"), type: header("Content-Type"), secret: header("X-Secret"))
    }

    @Test func eachRequestHasItsOwnMethodBodyAndHeaders() async throws {
        let said = [
            Self.post("first", length: "5", secret: "1"), Words(), Self.post("", length: "0"), Words(secret: "2"),
            Self.post("a longer one", length: "12"), Self.post("short", length: "5"), Self.post("", length: "0"),
            Words(), Self.put, Words(), Self.put, Self.post("last", length: "4"), Self.bodyToGet, Words(),
            Self.bodyToGet, Self.post("", length: "0"),
        ]
        try await LoopbackServer.serving { _ in
            Response(status: 200)
        } _: { server in
            let transport = makeTransport()
            for words in said {
                #expect(await transport.send(request(words, to: server.base + "/")).response?.status == 200)
            }
            #expect(server.requests.map(words) == said)
            // As they are sent one by one, it was one handle as well.
            #expect(server.connectionCount == 1)
        }
    }

    /// For a name libcurl is told the address; an address is its own name.
    @Test func anAddressIsAskedPlainlyAfterANameWasPostedTo() async throws {
        let folder = try TemporaryFolder()
        let names = NameSettings(
            hosts: try folder.write("hosts", "127.0.0.1 hooks.example\n"),
            resolver: try folder.write("resolv.conf", ""))
        try await LoopbackServer.serving { _ in
            Response(status: 200)
        } _: { server in
            let transport = makeTransport(CurlSettings(names: names))
            let hosts = ["hooks.example", "127.0.0.1", "hooks.example", "127.0.0.1"].map { "\($0):\(server.port)" }
            let said = [Self.post("first", length: "5"), Words(), Words(), Self.post("second", length: "6")]
            for (host, words) in zip(hosts, said) {
                let response = await transport.send(request(words, to: "http://\(host)/")).response
                #expect(response?.peer == "127.0.0.1")
            }
            #expect(server.requests.map(words) == said)
            #expect(server.requests.map { $0.headers.first { $0.isNamed("Host") }?.value } == hosts)
        }
    }
}
