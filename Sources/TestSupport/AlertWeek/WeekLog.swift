// What a simulated week found and what its receivers took, in two files: in memory it would be larger than the daemon,
// whose memory is what is measured.

import Alerting
import Foundation
import Model

/// The log that the judge reads.
final class WeekLog: Sendable {
    private let folder: String
    private let files: Shared<(found: FileHandle, taken: FileHandle)>

    init(folder: String) throws {
        self.folder = folder
        func create(_ name: String) throws -> FileHandle {
            let url = URL(fileURLWithPath: folder + name)
            try Data().write(to: url)
            return try FileHandle(forWritingTo: url)
        }
        files = Shared((try create("/found.jsonl"), try create("/taken.jsonl")))
    }

    func note(_ found: AlertWeek.Found) {
        files.withLock { files in
            // One that is not written is missed by the judge: it was not found, though it was told.
            guard let line = try? JSONEncoder().encode(found) else { return }
            try? files.found.write(contentsOf: line + [UInt8(ascii: "\n")])
        }
    }

    /// - Parameter body: Earshot's own payload, which is one line.
    func note(taken body: [UInt8], at time: Date) {
        let line = Data("\(time.timeIntervalSince1970) ".utf8) + body + [UInt8(ascii: "\n")]
        files.withLock { try? $0.taken.write(contentsOf: line) }
    }

    func found() throws -> [AlertWeek.Found] {
        try lines("/found.jsonl").map { try JSONDecoder().decode(AlertWeek.Found.self, from: $0) }
    }

    func taken() throws -> [AlertWeek.Taken] {
        try lines("/taken.jsonl").map { line in
            let time = TimeInterval(String(decoding: line.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)) ?? 0
            let body = line.drop { $0 != UInt8(ascii: " ") }.dropFirst()
            let alert = try JSONDecoder.earshot.decode(Payload.self, from: body).alert
            return AlertWeek.Taken(alert: alert, time: Date(timeIntervalSince1970: time))
        }
    }

    private func lines(_ name: String) throws -> [Data] {
        try Data(contentsOf: URL(fileURLWithPath: folder + name)).split(separator: UInt8(ascii: "\n"))
    }
}
