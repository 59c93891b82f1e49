// A name server on a port of loopback that answers what a test tells it to, or nothing at all. One blocking socket, one
// thread, real packets (RFC 1035 §4).

import Foundation
import Glibc

/// A DNS server over UDP that lives as long as the closure it is given to.
package final class ScriptedNameServer: Sendable {
    /// What a question is answered with.
    package enum Answer: Sendable {
        /// IPv4 addresses as text, with their TTL in seconds; none for a name that has no address of that family.
        case addresses([String], ttl: UInt32 = 300)
        case noSuchName
        case failure
        case silence
    }

    package enum Family: UInt16, Sendable {
        case v4 = 1
        case v6 = 28
    }

    package typealias Script = @Sendable (_ name: String, _ family: Family) -> Answer

    package let port: UInt16
    private let descriptor: Int32
    private let log = Shared<[String]>([])
    private let asked = AsyncStream<String>.makeStream()

    /// The names that were asked for, IPv4's questions only, in their order.
    package var names: [String] { log.withLock { $0 } }

    /// Answers by `script` while `body` runs.
    ///
    /// - Parameters:
    ///   - address: one of loopback's, so that several can share a port.
    ///   - port: 0 for a free one.
    package static func serving<Result>(
        address: String = "127.0.0.1", port: UInt16 = 0, _ script: @escaping Script,
        _ body: (ScriptedNameServer) async throws -> Result
    ) async throws -> Result {
        let server = try ScriptedNameServer(address, port)
        Thread.detachNewThread { server.run(script) }
        defer { shutdown(server.descriptor, Int32(SHUT_RDWR)) }
        return try await body(server)
    }

    /// Returns once `name` has been asked for.
    package func wait(for name: String) async {
        for await asked in asked.stream where asked == name { return }
    }

    private init(_ address: String, _ port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        guard let port = bindToLoopback(descriptor, address, port) else { throw POSIXError(.EADDRNOTAVAIL) }
        self.port = port
    }

    private func run(_ script: Script) {
        defer { close(descriptor) }
        var packet = [UInt8](repeating: 0, count: 1_500)
        while true {
            var peer = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let count = withUnsafeMutableBytes(of: &peer) { raw in
                recvfrom(
                    descriptor, &packet, packet.count, 0, raw.assumingMemoryBound(to: sockaddr.self).baseAddress,
                    &length)
            }
            // A socket that was shut down reads nothing, for ever.
            guard count > 0 else { return }
            guard let reply = reply(to: Array(packet[..<count]), script) else { continue }
            withUnsafeBytes(of: &peer) { raw in
                _ = sendto(
                    descriptor, reply, reply.count, 0, raw.assumingMemoryBound(to: sockaddr.self).baseAddress, length)
            }
        }
    }

    /// - Returns: the packet to send, if any.
    private func reply(to packet: [UInt8], _ script: Script) -> [UInt8]? {
        guard let question = Question(packet) else { return nil }
        if question.family == .v4 {
            log.withLock { $0.append(question.name) }
            asked.continuation.yield(question.name)
        }
        switch script(question.name, question.family) {
        case .silence: return nil
        case .failure: return question.header(code: 2, answers: 0) + question.bytes
        case .noSuchName: return question.header(code: 3, answers: 0) + question.bytes
        case .addresses(let addresses, let ttl):
            let records = addresses.compactMap { question.record($0, ttl) }
            return question.header(code: 0, answers: UInt16(records.count)) + question.bytes + records.joined()
        }
    }
}

/// The one question of a packet.
private struct Question {
    let id: [UInt8]
    var name = ""
    let family: ScriptedNameServer.Family
    /// As it stood in the packet.
    let bytes: [UInt8]

    init?(_ packet: [UInt8]) {
        var index = 12
        while index < packet.count, packet[index] != 0 {
            let label = packet[(index + 1)...].prefix(Int(packet[index]))
            name += (name.isEmpty ? "" : ".") + String(decoding: label, as: UTF8.self)
            index += 1 + label.count
        }
        guard index + 5 <= packet.count else { return nil }
        let type = UInt16(packet[index + 1]) << 8 | UInt16(packet[index + 2])
        guard let family = ScriptedNameServer.Family(rawValue: type) else { return nil }
        self.family = family
        id = Array(packet[..<2])
        bytes = Array(packet[12..<index + 5])
    }

    func header(code: UInt8, answers: UInt16) -> [UInt8] {
        id + [0x81, 0x80 | code, 0, 1, UInt8(answers >> 8), UInt8(answers & 0xFF), 0, 0, 0, 0]
    }

    /// One address of the name in the question, which is pointed at.
    func record(_ address: String, _ ttl: UInt32) -> [UInt8]? {
        var raw = [UInt8](repeating: 0, count: family == .v4 ? 4 : 16)
        guard inet_pton(family == .v4 ? AF_INET : AF_INET6, address, &raw) == 1 else { return nil }
        let seconds = (0..<4).map { UInt8(truncatingIfNeeded: ttl >> (24 - 8 * $0)) }
        return [0xC0, 12, 0, UInt8(family.rawValue), 0, 1] + seconds + [0, UInt8(raw.count)] + raw
    }
}
