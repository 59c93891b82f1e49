// Telling systemd how the service is (sd_notify(3)): one datagram for each message, so no library is needed.

import Foundation
import Glibc

/// The service manager that started the process, if one did.
struct ServiceManager: Sendable {
    /// How often to send a heartbeat: a third of what systemd waits for, as its documentation asks for half at most.
    let heartbeat: Duration?
    private let socket: String?

    init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        socket = environment["NOTIFY_SOCKET"]
        heartbeat = environment["WATCHDOG_USEC"].flatMap { Int64($0) }.map { .microseconds($0 / 3) }
    }

    func ready(_ status: String) { send("READY=1\nSTATUS=\(line(status))") }
    func alive(_ status: String) { send("WATCHDOG=1\nSTATUS=\(line(status))") }
    func stopping() { send("STOPPING=1\nSTATUS=finishing what is under way") }

    func reloading() {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        send("RELOADING=1\nMONOTONIC_USEC=\(time.tv_sec * 1_000_000 + time.tv_nsec / 1_000)")
    }

    private func line(_ text: String) -> String {
        Visible.text(text)
    }

    private func send(_ message: String) {
        guard let socket, var address = sockaddr_un(path: socket) else { return }
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let bytes = Array(message.utf8)
        let length = socklen_t(MemoryLayout<sa_family_t>.size + socket.utf8.count)
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                _ = sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), pointer, length)
            }
        }
    }
}

extension sockaddr_un {
    /// A path, or an abstract name, which systemd writes with an `@` for its leading NUL.
    fileprivate init?(path: String) {
        self.init()
        sun_family = sa_family_t(AF_UNIX)
        var name = Array(path.utf8)
        guard let first = name.first, name.count < MemoryLayout.size(ofValue: sun_path) else { return nil }
        if first == UInt8(ascii: "@") { name[0] = 0 }
        withUnsafeMutableBytes(of: &sun_path) { $0.copyBytes(from: name) }
    }
}
