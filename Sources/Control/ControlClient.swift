// A command's side of the local interface: one request to the daemon that runs on a state folder.

import FlyingFox
import FlyingSocks
import FoundationEssentials
import Model

/// Asks a running daemon.
package struct ControlClient: Sendable {
    private let path: String

    /// - Parameter path: the socket's, as `ControlSocket.path` gives it.
    package init(path: String) {
        self.path = path
    }

    /// What the daemon shows at `path`.
    ///
    /// - Throws: a `ControlError`: the daemon's own, or 503 when none is running there.
    package func get<Value: Decodable>(
        _ type: Value.Type, _ path: String, query: [String: String] = [:]
    ) async throws -> Value {
        try await send(type, .GET, path, query: query, body: Data())
    }

    /// Has the daemon do something.
    package func post<Value: Decodable>(
        _ type: Value.Type, _ path: String, query: [String: String] = [:], body: some Encodable
    ) async throws -> Value {
        try await send(type, .POST, path, query: query, body: try JSONEncoder.earshot.encode(body))
    }

    private func send<Value: Decodable>(
        _ type: Value.Type, _ method: HTTPMethod, _ route: String, query: [String: String], body: Data
    ) async throws -> Value {
        let items = query.sorted { $0.key < $1.key }.map { HTTPRequest.QueryItem(name: $0.key, value: $0.value) }
        let request = HTTPRequest(
            method: method, version: .http11, path: route, query: items, headers: [.host: "earshot"], body: body)
        let (status, data) = try await exchange(request)
        guard (200..<300).contains(status) else {
            let message = try? JSONDecoder.earshot.decode(ControlError.Message.self, from: data)
            throw ControlError(status: status, message?.error ?? "the daemon answered \(status)")
        }
        return try JSONDecoder.earshot.decode(type, from: data)
    }

    private func exchange(_ request: HTTPRequest) async throws -> (status: Int, body: Data) {
        try ControlSocket.check(path)
        do {
            var client = HTTPClient()
            let response = try await client.sendHTTPRequest(request, to: .unix(path: path))
            return (response.statusCode.code, try await response.bodyData)
        } catch {
            throw ControlError(
                status: 503, "no Earshot answers at \(path): is it running, and may you enter its folder?")
        }
    }
}
