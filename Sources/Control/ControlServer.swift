// The daemon's side of the local interface: HTTP over a unix socket in the state folder, which nobody but its owner may
// enter. It keeps no state; whatever it is asked it asks the daemon's actors.

import Alerting
import FlyingFox
import FlyingSocks
import FoundationEssentials
import Glibc
import Model

/// Answers a daemon's routes on its control socket.
package struct ControlServer: Sendable {
    /// The most bytes of a request's body.
    package static let bodyLimit = 1 << 20
    /// The longest that an answer takes: a receiver's test, and some seconds in which a program ends.
    package static let longestAnswer = Receiver.longestTimeout + .seconds(30)

    private let path: String
    private let routes: [ControlRoute]
    private let patience: Duration

    /// - Parameters:
    ///   - path: the socket's, as `ControlSocket.path` gives it. One that a killed process left is replaced: the state
    ///     folder's lock says that there is no other.
    ///   - patience: after this long a route is called off, and the command told that there is no answer.
    package init(path: String, routes: [ControlRoute], patience: Duration = Self.longestAnswer) {
        self.path = path
        self.routes = routes
        self.patience = patience
    }

    /// Answers until the task is cancelled, then removes the socket.
    ///
    /// - Parameter ready: called once requests are taken.
    /// - Throws: a `ControlError` when the socket cannot be made.
    package func run(ready: @Sendable () -> Void = {}) async throws {
        try ControlSocket.check(path)
        unlink(path)
        let server = HTTPServer(address: .unix(path: path), timeout: patience / .seconds(1), logger: .disabled)
        await server.appendRoute("*") { await answer($0) }
        let running = Task { try await server.run() }
        defer { unlink(path) }
        try await withTaskCancellationHandler {
            try await server.waitUntilListening()
            chmod(path, 0o600)
            ready()
            try await running.value
        } onCancel: {
            running.cancel()
        }
    }

    private func answer(_ request: HTTPRequest) async -> HTTPResponse {
        do {
            return Self.response(try await handle(request))
        } catch let error as ControlError {
            return Self.response(error)
        } catch {
            return Self.response(ControlError(status: 500, "\(error)"))
        }
    }

    private func handle(_ request: HTTPRequest) async throws -> ControlAnswer {
        let fitting = routes.filter { $0.path == request.path }
        guard !fitting.isEmpty else { throw ControlError(status: 404, "there is no \(request.path)") }
        guard let route = fitting.first(where: { $0.method == request.method.rawValue }) else {
            let methods = fitting.map(\.method).joined(separator: " or ")
            throw ControlError(status: 405, "\(request.path) takes \(methods), not \(request.method.rawValue)")
        }
        // Without a length the body could be of any.
        guard request.headers[.transferEncoding] == nil else {
            throw ControlError(status: 411, "the body comes without its length")
        }
        let length = request.headers[.contentLength].flatMap { Int($0) } ?? 0
        guard length <= Self.bodyLimit else { throw ControlError(status: 413, "the body is larger than 1 MiB") }
        let query = Dictionary(request.query.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        return try await route.handler(ControlRequest(query: query, body: try await request.bodyData))
    }

    /// The reason phrase says nothing, but FlyingFox's client takes no status line without one.
    private static func response(_ answer: ControlAnswer) -> HTTPResponse {
        HTTPResponse(
            statusCode: HTTPStatusCode(answer.status, phrase: "Answered"), headers: [.contentType: "application/json"],
            body: answer.body)
    }

    private static func response(_ error: ControlError) -> HTTPResponse {
        let body = try? JSONEncoder.earshot.encode(ControlError.Message(error: error.description))
        return response(ControlAnswer(status: error.status, body: body ?? Data()))
    }
}
