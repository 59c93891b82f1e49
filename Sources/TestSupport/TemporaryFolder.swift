// A folder for one test.

import Foundation

/// A folder that is removed, with all that is in it, when the test lets go of it.
package final class TemporaryFolder: Sendable {
    package let path: String

    /// - Parameter inMemory: on a file system without a disk where there is one, so that an fsync costs nothing.
    package init(inMemory: Bool = false) throws {
        let memory = URL(fileURLWithPath: "/dev/shm")
        let isThere = inMemory && FileManager.default.isWritableFile(atPath: memory.path)
        let folder = isThere ? memory : FileManager.default.temporaryDirectory
        path = folder.appendingPathComponent("earshot-test-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file, and the folders that its name goes through; returns its path.
    @discardableResult
    package func write(_ name: String, _ text: String) throws -> String {
        let path = self.path + "/" + name
        let file = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        return path
    }

    package func read(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)), as: UTF8.self)
    }
}
