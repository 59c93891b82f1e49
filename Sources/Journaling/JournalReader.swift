// Reads the journal from behind and follows it, rotations included. It only ever takes whole lines.

package import Foundation
import Glibc

/// A reader beside the daemon that writes.
package struct JournalReader {
    private let path: String
    private var file: FileHandle
    private var rest = Data()

    private static let newline = UInt8(ascii: "\n")
    /// How much is read at once.
    private static let chunk = 1 << 20

    /// - Returns: `nil` when there is no such file, or it may not be read.
    package init?(path: String) {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        self.path = path
        self.file = file
    }

    /// The last whole lines, after which `next` goes on.
    package mutating func last(_ count: Int) -> [Data] {
        last(count) { $0 }
    }

    /// What is found in the last whole lines that have it, after which `next` goes on.
    ///
    /// - Parameter find: what is wanted of a line; `nil` passes it over.
    package mutating func last<Found>(_ count: Int, _ find: (Data) -> Found?) -> [Found] {
        let end = (try? file.seekToEnd()) ?? 0
        var start = end
        var found: [Found] = []
        // The end of a line that begins further ahead.
        var begun = Data()
        var isAtEnd = true
        while start > 0, isAtEnd || found.count < count {
            let size = min(start, UInt64(Self.chunk))
            start -= size
            try? file.seek(toOffset: start)
            let part = ((try? file.read(upToCount: Int(size))) ?? Data()) + begun
            var lines = part.split(separator: Self.newline, omittingEmptySubsequences: false).map { Data($0) }
            begun = start > 0 ? lines.removeFirst() : Data()
            if isAtEnd, !lines.isEmpty {
                rest = lines.removeLast()
                isAtEnd = false
            }
            found += lines.lazy.reversed().filter { !$0.isEmpty }.compactMap(find).prefix(count - found.count)
        }
        try? file.seek(toOffset: end)
        return found.reversed()
    }

    /// The whole lines that came since.
    package mutating func next() -> [Data] {
        var lines = take()
        if wasRotated, let new = FileHandle(forReadingAtPath: path) {
            // What was appended between the last look and the rename.
            lines += take()
            file = new
            rest = Data()
            lines += take()
        }
        return lines
    }

    private mutating func take() -> [Data] {
        var lines: [Data] = []
        while let new = try? file.read(upToCount: Self.chunk), !new.isEmpty {
            rest += new
            guard let end = rest.lastIndex(of: Self.newline) else { continue }
            lines += rest[..<end].split(separator: Self.newline).map { Data($0) }
            rest = Data(rest[rest.index(after: end)...])
        }
        return lines
    }

    private var wasRotated: Bool {
        var open = stat()
        var named = stat()
        guard fstat(file.fileDescriptor, &open) == 0, stat(path, &named) == 0 else { return false }
        return open.st_ino != named.st_ino || open.st_dev != named.st_dev
    }
}
