// A server of the demo's, on a loopback address.

import FlyingFox
import FlyingSocks
import Foundation

struct DemoServer: Sendable {
    private let host: String
    private let server: HTTPServer

    init(host: String) throws {
        self.host = host
        server = HTTPServer(address: try .inet(ip4: host, port: 0), logger: .disabled)
    }

    /// Begins to listen on a free port; returns the base address, without a slash at its end.
    func start() async throws -> String {
        Task { [server] in try await server.run() }
        try await server.waitUntilListening()
        guard case .ip4(_, let port)? = await server.listeningAddress else { throw SocketError.unsupportedAddress }
        return "http://\(host):\(port)"
    }

    func answer(
        _ route: HTTPRoute, with handler: @escaping @Sendable (HTTPRequest) async throws -> HTTPResponse
    ) async {
        await server.appendRoute(route, handler: handler)
    }

    func stop() async {
        await server.stop()
    }
}
