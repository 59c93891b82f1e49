// Reads the journal from behind and follows it, rotations included. It only ever takes whole lines.

import Foundation
import Glibc

struct JournalReader {
    private let path: String
    private var file: FileHandle
    private var rest = Data()

    private static let newline = UInt8(ascii: "\n")
    /// How much is read at once.
    private static let chunk = 1 << 20

    init?(path: String) {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        self.path = path
        self.file = file
    }

    /// The last whole lines, after which `next` goes on.
    mutating func last(_ count: Int) -> [Data] {
        let end = (try? file.seekToEnd()) ?? 0
        var start = end
        var tail = Data()
        while start > 0, tail.count(where: { $0 == Self.newline }) <= count {
            let size = min(start, UInt64(Self.chunk))
            start -= size
            try? file.seek(toOffset: start)
            tail = ((try? file.read(upToCount: Int(size))) ?? Data()) + tail
        }
        try? file.seek(toOffset: end)
        var lines = tail.split(separator: Self.newline, omittingEmptySubsequences: true)
        if let last = tail.last, last != Self.newline { rest = Data(lines.removeLast()) }
        return lines.suffix(count).map { Data($0) }
    }

    /// The whole lines that came since.
    mutating func next() -> [Data] {
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
