// One accepted connection of a `ScriptedBytesServer`, as its script sees it. Every call blocks the connection's thread.

import Foundation

/// The server's end of a connection.
package struct ScriptedConnection {
    let descriptor: Int32

    /// Reads up to the empty line after a request's headers.
    ///
    /// - Returns: the request line and headers, or `nil` once the client has gone.
    @discardableResult
    package func readRequest() -> String? {
        var bytes: [UInt8] = []
        var next: UInt8 = 0
        while !bytes.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            guard recv(descriptor, &next, 1, 0) == 1 else { return nil }
            bytes.append(next)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Sends everything; `false` once the client has gone.
    @discardableResult
    package func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    @discardableResult
    package func send(_ text: String) -> Bool {
        send(Array(text.utf8))
    }

    /// Sends `text` again and again until the client has gone.
    package func sendForever(_ text: String) {
        let bytes = Array(String(repeating: text, count: max(1, 65_536 / text.utf8.count)).utf8)
        while send(bytes) {}
    }

    /// Sends one byte at a time, each in a packet of its own, as far as the kernel lets us.
    package func sendByteByByte(_ bytes: [UInt8]) {
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        for byte in bytes { send([byte]) }
    }

    /// Sends a byte of `text` every `pause` milliseconds until the client has gone or the text is out.
    package func sendSlowly(_ text: String, pause: Int32) {
        for byte in text.utf8 {
            guard send([byte]), !isClosed(within: pause) else { return }
        }
    }

    /// Says nothing until the client has gone.
    package func waitForClose() {
        while !isClosed(within: -1) {}
    }

    /// Ends the connection with a reset instead of a close.
    package func reset() {
        var hard = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &hard, socklen_t(MemoryLayout<linger>.size))
    }

    /// Waits for the client to go, `milliseconds` long at most (-1 for ever).
    private func isClosed(within milliseconds: Int32) -> Bool {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&watched, 1, milliseconds) > 0 else { return false }
        var sink = [UInt8](repeating: 0, count: 4_096)
        return recv(descriptor, &sink, sink.count, 0) <= 0
    }
}
