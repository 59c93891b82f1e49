// The journal's file: whole lines, numbered, durable when `append` returns. It is used on the store queue alone.
// A line is never written twice: the number of the last whole line says where to go on.

import Glibc

/// The append-only JSON Lines file.
package final class Journal {
    package let path: String
    /// The number of the last line that is durably in the journal, rotated files included; 0 at first.
    package private(set) var lastSequence: Int64
    /// How many bytes of a torn line were moved aside when the journal was opened.
    package let tornBytes: Int
    /// `nil` after a failed write or a rotation, until the next append opens the file again.
    private var file: JournalFile?
    private var durableSize: Int
    /// Which file that was, whatever it is called by now.
    private var identity: JournalFile.Identity

    /// Opens the journal, creating it if it is not there, and moves a torn tail into a file beside it (`….torn`).
    package init(path: String) throws(JournalError) {
        self.path = path
        let file = try JournalFile(path: path)
        let end = try file.lastWholeLine()
        tornBytes = try file.moveAside(from: end?.offset ?? 0)
        if let end {
            lastSequence = end.sequence
        } else {
            lastSequence = JournalFile.lastSequence(rotatedFrom: path) ?? 0
        }
        durableSize = end?.offset ?? 0
        identity = try file.identity()
        self.file = file
    }

    /// Appends lines and makes them durable with one fdatasync.
    ///
    /// - Parameter lines: events without their number, numbered upwards from above `lastSequence`.
    /// - Throws: `JournalError` when the disk is full or broken. Nothing counts as written then. The next call opens
    ///   the file anew and starts again behind the last durable line: after a failed fsync a descriptor says nothing
    ///   about what later ones through it cover.
    package func append(_ lines: [(sequence: Int64, event: [UInt8])]) throws(JournalError) {
        guard let last = lines.last?.sequence else { return }
        let file = try trustedFile()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(lines.reduce(0) { $0 + $1.event.count + 32 })
        for line in lines { Self.append(line.sequence, line.event, to: &bytes) }
        do {
            try file.write(bytes)
        } catch {
            // Whoever reads along should not see half a line until then; if even that fails, the next opening mends it.
            try? file.truncate(to: durableSize)
            self.file = nil
            throw error
        }
        self.file = file
        durableSize += bytes.count
        lastSequence = last
    }

    /// Looks anew, at the next append, which file the path names: the old one may have been renamed.
    package func rotate() {
        file = nil
    }

    private func trustedFile() throws(JournalError) -> JournalFile {
        if let file { return file }
        let file = try JournalFile(path: path)
        if try file.identity() == identity {
            // The same file: what stands behind the durable end is of an append that failed. It is smaller if somebody
            // copied it and cut it off.
            durableSize = min(durableSize, try file.size())
            try file.truncate(to: durableSize)
        } else {
            durableSize = try file.lastWholeLine()?.offset ?? 0
            _ = try file.moveAside(from: durableSize)
            identity = try file.identity()
        }
        return file
    }

    /// `{"seq":7,` and the rest of the event's object.
    private static func append(_ sequence: Int64, _ event: [UInt8], to bytes: inout [UInt8]) {
        bytes += "{\"seq\":".utf8
        bytes += String(sequence).utf8
        bytes.append(UInt8(ascii: ","))
        bytes += event.dropFirst()
        bytes.append(UInt8(ascii: "\n"))
    }
}

/// Why the journal could not be opened or written.
package struct JournalError: Error, Sendable, CustomStringConvertible {
    package var description: String

    init(_ path: String, _ action: String) {
        description = "\(path): cannot be \(action): \(String(cString: strerror(errno)))"
    }
}
