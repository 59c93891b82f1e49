// The folder that a daemon's state lives in, and the lock that keeps a second daemon out of it.

import FoundationEssentials
import Glibc

/// A locked state folder; the lock ends with the process, however that ends.
package struct StateFolder: Sendable {
    package let path: String
    private let lock: Int32

    package var database: String { path + "/earshot.sqlite" }

    /// Creates the folder, readable by nobody else, and locks it.
    package init(path: String) throws(StoreError) {
        self.path = path
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            let cause = (error as? CocoaError)?.underlying as? POSIXError
            let reason = cause.map { String(cString: strerror($0.code.rawValue)) } ?? "\(error)"
            throw StoreError("\(path): cannot be created: \(reason)")
        }
        lock = open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw StoreError("\(path): cannot be written: \(String(cString: strerror(errno)))") }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            close(lock)
            throw StoreError("\(path): another Earshot is running on this state folder")
        }
    }

    /// Lets another daemon in.
    package func unlock() {
        close(lock)
    }
}
