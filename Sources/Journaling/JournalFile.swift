// The system calls behind the journal: open, find the last whole line, write, sync, truncate. Blocking; store queue.

import FoundationEssentials
import Glibc

/// An open journal file; closed when released.
final class JournalFile {
    private let path: String
    private let descriptor: Int32

    /// Tells a file from another one under the same name.
    struct Identity: Equatable {
        let device: dev_t
        let node: ino_t
    }

    /// Opens the file for appending, creating it for its owner, and its group to read, as far as the umask allows.
    init(path: String) throws(JournalError) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw JournalError(path, "opened") }
        try Self.syncDirectory(of: path)
    }

    /// Opens a file only to look into it.
    init(reading path: String) throws(JournalError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw JournalError(path, "opened") }
    }

    deinit { close(descriptor) }

    func size() throws(JournalError) -> Int {
        Int(try status().st_size)
    }

    func identity() throws(JournalError) -> Identity {
        let status = try status()
        return Identity(device: status.st_dev, node: status.st_ino)
    }

    private func status() throws(JournalError) -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw JournalError(path, "examined") }
        return status
    }

    /// Writes all bytes and returns once they are durable.
    func write(_ bytes: [UInt8]) throws(JournalError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw JournalError(path, "written") }
            rest = rest.dropFirst(count)
        }
        guard fdatasync(descriptor) == 0 else { throw JournalError(path, "synced") }
    }

    func truncate(to size: Int) throws(JournalError) {
        guard ftruncate(descriptor, off_t(size)) == 0 else { throw JournalError(path, "truncated") }
    }

    // MARK: Recovery

    /// The number of the last whole line and the offset behind it; `nil` when there is none.
    ///
    /// Read backwards in growing windows: the tail is normally whole, and after a power cut it may be blocks of zeros.
    func lastWholeLine() throws(JournalError) -> (sequence: Int64, offset: Int)? {
        let size = try size()
        var window = 1 << 20
        while true {
            let start = max(0, size - window)
            let bytes = try read(from: start, count: size - start)
            // Unless the window begins the file, its first line is cut.
            if let found = Self.lastWholeLine(in: bytes, firstIsCut: start > 0) {
                return (found.sequence, start + found.offset)
            }
            guard start > 0 else { return nil }
            window *= 8
        }
    }

    /// Moves what follows `offset` to the end of `….torn` and cuts it off; returns how many bytes that were.
    func moveAside(from offset: Int) throws(JournalError) -> Int {
        let torn = try read(from: offset, count: try size() - offset)
        guard !torn.isEmpty else { return 0 }
        try JournalFile(path: path + ".torn").write(torn + [UInt8(ascii: "\n")])
        try truncate(to: offset)
        guard fdatasync(descriptor) == 0 else { throw JournalError(path, "synced") }
        return torn.count
    }

    /// The highest last number in the files that `path` was rotated to. Compressed ones, and what cannot be read, are
    /// passed over.
    static func lastSequence(rotatedFrom path: String) -> Int64? {
        let folder = parent(of: path)
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        var last: Int64?
        for sibling in names where sibling.hasPrefix(name) && sibling != name && !isPacked(sibling) {
            let file = try? JournalFile(reading: folder + "/" + sibling)
            guard let end = try? file?.lastWholeLine() else { continue }
            last = max(last ?? 0, end.sequence)
        }
        return last
    }

    private static func isPacked(_ name: String) -> Bool {
        [".torn", ".gz", ".xz", ".zst", ".bz2"].contains { name.hasSuffix($0) }
    }

    private struct Numbered: Decodable {
        var seq: Int64
    }

    private static func lastWholeLine(in bytes: [UInt8], firstIsCut: Bool) -> (sequence: Int64, offset: Int)? {
        let newline = UInt8(ascii: "\n")
        var end = bytes.lastIndex(of: newline)
        while let lineEnd = end {
            let previous = bytes[..<lineEnd].lastIndex(of: newline)
            if previous == nil, firstIsCut { return nil }
            let line = Data(bytes[((previous ?? -1) + 1)..<lineEnd])
            if let numbered = try? JSONDecoder().decode(Numbered.self, from: line) {
                return (numbered.seq, lineEnd + 1)
            }
            end = previous
        }
        return nil
    }

    private func read(from offset: Int, count: Int) throws(JournalError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: max(0, count))
        var done = 0
        while done < count {
            let got = bytes.withUnsafeMutableBytes { buffer in
                pread(descriptor, buffer.baseAddress.map { $0 + done }, count - done, off_t(offset + done))
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw JournalError(path, "read") }
            guard got > 0 else { break }
            done += got
        }
        return Array(bytes.prefix(done))
    }

    /// A new name in a directory survives a power cut only once the directory is synced.
    private static func syncDirectory(of path: String) throws(JournalError) {
        let directory = open(parent(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw JournalError(path, "opened") }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw JournalError(path, "synced") }
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
