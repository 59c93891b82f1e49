// Bytes cut into lines, and into blocks of whole lines that several cores can share.

import Glibc

enum Lines {
    static let end = UInt8(ascii: "\n")

    /// Calls `body` with each line, without the line feed; one that ends the bytes starts no other line.
    static func forEach(in bytes: ArraySlice<UInt8>, _ body: (ArraySlice<UInt8>) -> Void) {
        var start = bytes.startIndex
        while start < bytes.endIndex {
            let end = lineEnd(in: bytes, from: start) ?? bytes.endIndex
            body(bytes[start..<end])
            start = end + 1
        }
    }

    /// Blocks of at least `size` bytes, the last one aside, that end where lines end.
    static func blocks(of bytes: ArraySlice<UInt8>, size: Int) -> [ArraySlice<UInt8>] {
        var blocks: [ArraySlice<UInt8>] = []
        var start = bytes.startIndex
        while start < bytes.endIndex {
            let least = min(start + size, bytes.endIndex)
            let end = lineEnd(in: bytes, from: least).map { $0 + 1 } ?? bytes.endIndex
            blocks.append(bytes[start..<end])
            start = end
        }
        return blocks
    }

    /// The index of the first line feed from `start` on.
    private static func lineEnd(in bytes: ArraySlice<UInt8>, from start: Int) -> Int? {
        bytes[start...].withUnsafeBytes { rest in
            guard let base = rest.baseAddress, let found = memchr(base, Int32(end), rest.count) else { return nil }
            return start + (UnsafeRawPointer(found) - base)
        }
    }
}
