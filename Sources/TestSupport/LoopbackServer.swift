// A well-behaved web server on 127.0.0.1 for tests, on FlyingFox: real sockets, keep-alive, bodies in both directions.
// What a decent server would never send comes from `ScriptedBytesServer`.

package import Fetching
import FlyingFox
import FlyingSocks
import Foundation
import Model

/// An HTTP server that lives as long as the closure it is given to.
package final class LoopbackServer: Sendable {
    package typealias Answer = @Sendable (Request) async -> Response

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    package let base: String
    /// The port alone, for other names of the same address.
    package let port: UInt16
    private let log = Shared<[(request: Request, peer: String)]>([])

    private init(port: UInt16) {
        self.port = port
        base = "http://127.0.0.1:\(port)"
    }

    /// Every request so far; `url` is the target as it was asked for.
    package var requests: [Request] { log.withLock { $0.map(\.request) } }

    /// How many connections the requests came over.
    package var connectionCount: Int { log.withLock { Set($0.map(\.peer)).count } }

    /// Runs a server that answers with `answer` while `body` runs, and stops it then.
    ///
    /// - Parameter port: 0 for a free one.
    package static func serving<Result>(
        port: UInt16 = 0, _ answer: @escaping Answer, _ body: (LoopbackServer) async throws -> Result
    ) async throws -> Result {
        let http = HTTPServer(address: try .inet(ip4: "127.0.0.1", port: port), logger: .disabled)
        let run = Task { try await http.run() }
        defer { run.cancel() }
        try await http.waitUntilListening()
        let server = LoopbackServer(port: try await Self.port(of: http))
        await http.appendRoute("*") { await server.respond(to: $0, with: answer) }
        return try await body(server)
    }

    private static func port(of server: HTTPServer) async throws -> UInt16 {
        guard case .ip4(_, let port)? = await server.listeningAddress else { throw SocketError.unsupportedAddress }
        return port
    }

    private func respond(to request: HTTPRequest, with answer: Answer) async -> HTTPResponse {
        let body = (try? await request.bodyData) ?? Data()
        let seen = Request(
            url: base + request.target.rawValue, method: request.method.rawValue,
            headers: request.headers.map { Header($0.key.rawValue, $0.value) }, body: Array(body))
        log.withLock { $0.append((seen, request.remoteIdentifier)) }
        let response = await answer(seen)
        var headers = HTTPHeaders()
        for header in response.headers { headers.addValue(header.value, for: HTTPHeader(header.name)) }
        let status = HTTPStatusCode(response.status, phrase: "Scripted")
        return HTTPResponse(statusCode: status, headers: headers, body: Data(response.body))
    }
}

extension HTTPRequest {
    /// Address and port of the other side: another connection has another port.
    fileprivate var remoteIdentifier: String {
        switch remoteAddress {
        case .ip4(let address, let port), .ip6(let address, let port): "\(address):\(port)"
        case .unix(let path): path
        case nil: ""
        }
    }
}
