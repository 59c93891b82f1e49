// A server on 127.0.0.1 that writes exactly the bytes a test tells it to, valid HTTP or not: endless, slow, cut off,
// silent. Blocking POSIX sockets, one thread per connection, so that a script reads top to bottom.

import Foundation

/// A TCP server that lives as long as the closure it is given to.
package final class ScriptedBytesServer: Sendable {
    /// What happens on one connection, on a thread of its own; the connection is closed when it returns.
    package typealias Script = @Sendable (ScriptedConnection) -> Void

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    package let base: String
    /// The port alone, for other spellings of the same address.
    package let port: UInt16
    private let listener: Int32
    private let state = Shared(State())
    private let arrivals = AsyncStream<Void>.makeStream()

    private struct State {
        var accepted = 0
        var isStopped = false
        var open: Set<Int32> = []
    }

    /// How many connections have been accepted.
    package var connectionCount: Int { state.withLock { $0.accepted } }

    /// Returns once `count` connections have been accepted.
    package func waitForConnections(_ count: Int) async {
        guard connectionCount < count else { return }
        for await _ in arrivals.stream where connectionCount >= count { return }
    }

    /// Runs `script` on every connection while `body` runs; then every connection is shut.
    package static func serving<Result>(
        _ script: @escaping Script, _ body: (ScriptedBytesServer) async throws -> Result
    ) async throws -> Result {
        let server = try ScriptedBytesServer()
        Thread.detachNewThread { server.accept(script) }
        defer { server.stop() }
        return try await body(server)
    }

    private init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard let port = bindToLoopback(listener), listen(listener, 1_024) == 0 else {
            throw POSIXError(.EADDRNOTAVAIL)
        }
        self.listener = listener
        self.port = port
        base = "http://127.0.0.1:\(port)"
    }

    private func accept(_ script: @escaping Script) {
        while true {
            let descriptor = Glibc.accept(listener, nil, nil)
            guard descriptor >= 0 else { break }
            let isWelcome = state.withLock { state in
                guard !state.isStopped else { return false }
                state.accepted += 1
                return state.open.insert(descriptor).inserted
            }
            guard isWelcome else {
                close(descriptor)
                break
            }
            arrivals.continuation.yield()
            Thread.detachNewThread { self.run(script, on: descriptor) }
        }
        close(listener)
    }

    private func run(_ script: Script, on descriptor: Int32) {
        script(ScriptedConnection(descriptor: descriptor))
        // Forgotten before it is closed: the number may be someone else's the moment after.
        state.withLock { _ = $0.open.remove(descriptor) }
        close(descriptor)
    }

    /// Wakes every thread that is blocked in a call on one of our sockets.
    private func stop() {
        state.withLock { state in
            state.isStopped = true
            for descriptor in state.open { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
        shutdown(listener, Int32(SHUT_RDWR))
    }
}

/// Binds `descriptor` to a port of loopback, a free one if it is 0.
///
/// - Returns: the port, or `nil` if there is none.
func bindToLoopback(_ descriptor: Int32, _ host: String = "127.0.0.1", _ port: UInt16 = 0) -> UInt16? {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    guard inet_pton(AF_INET, host, &address.sin_addr) == 1 else { return nil }
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutableBytes(of: &address) { bytes in
        guard let raw = bytes.assumingMemoryBound(to: sockaddr.self).baseAddress else { return false }
        return bind(descriptor, raw, length) == 0 && getsockname(descriptor, raw, &length) == 0
    }
    return isBound ? UInt16(bigEndian: address.sin_port) : nil
}
