// Attempts at a file: one line for each alert, durable before it counts. The file is opened anew each time, so that a
// rotation needs no word to us.

import Alerting
import Glibc
import Model

/// Appends an alert to a receiver's file.
struct LineAppender {
    let file: LineFile

    /// Blocks for as long as the disk takes, and while another program has locked the file.
    ///
    /// - Parameter deadline: until when it is waited for a lock; it is asked for once in any case.
    func append(_ delivery: Delivery, waitingUntil deadline: ContinuousClock.Instant) -> Answer {
        let descriptor = open(file.path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { return failure("opened") }
        defer { close(descriptor) }
        // Whoever else writes with a lock, such as `earshot receivers test`, and we do not cut each other's lines.
        guard Self.lock(descriptor, until: deadline) else {
            return errno == EWOULDBLOCK
                ? .busy(reason: "\(file.path): is locked by another program") : failure("locked")
        }
        guard let size = Self.size(of: descriptor) else { return .refused(reason: "\(file.path): is no regular file") }
        let start = Self.endsInsideLine(descriptor, size) ? "\n" : ""
        guard Self.write(Array(start.utf8) + delivery.body + [UInt8(ascii: "\n")], to: descriptor) else {
            let answer = failure("written")
            // Half a line helps nobody; if it stays, the next one starts on a line of its own.
            ftruncate(descriptor, size)
            return answer
        }
        guard fdatasync(descriptor) == 0, size > 0 || syncFolder() else { return failure("synced") }
        return .accepted()
    }

    private func failure(_ action: String) -> Answer {
        .busy(reason: "\(file.path): cannot be \(action): \(String(cString: strerror(errno)))")
    }

    /// flock(2) knows no time limit, and would keep us from ending for as long as somebody else likes.
    private static func lock(_ descriptor: Int32, until deadline: ContinuousClock.Instant) -> Bool {
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let code = errno
            guard [EWOULDBLOCK, EINTR].contains(code), ContinuousClock.now < deadline else {
                errno = code
                return false
            }
            usleep(20_000)
        }
        return true
    }

    /// `nil` for a device or a pipe, which keeps nothing.
    private static func size(of descriptor: Int32) -> off_t? {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? status.st_size : nil
    }

    /// Whether a crash, ours or another's, left half a line.
    private static func endsInsideLine(_ descriptor: Int32, _ size: off_t) -> Bool {
        var last: UInt8 = 0
        return size > 0 && pread(descriptor, &last, 1, size - 1) == 1 && last != UInt8(ascii: "\n")
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// A new name survives a power cut only once its folder is synced.
    private func syncFolder() -> Bool {
        let slash = file.path.lastIndex(of: "/") ?? file.path.startIndex
        let folder = open(slash == file.path.startIndex ? "/" : String(file.path[..<slash]), O_RDONLY | O_CLOEXEC)
        guard folder >= 0 else { return false }
        defer { close(folder) }
        return fsync(folder) == 0
    }
}
