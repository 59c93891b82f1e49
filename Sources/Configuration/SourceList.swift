// Sources from files of others: OPML as every reader exports it, and lists of one address a line.

import Feeds
import FoundationEssentials
import Model
import Yams

struct SourceList {
    let path: String
    let file: YAMLFile
    /// Where the file is named.
    let node: Node

    typealias Add = (_ url: String, _ name: String?, _ reading: OutlineReading?) -> Void

    /// A feed's OPML entry runs to some 300 bytes, a line of a list to 60: this is room for several million.
    private static let largest = 512 << 20
    /// Each of this many bad lines is named; of the rest, how many they are.
    private static let mostProblems = 100

    /// The outlines with an xmlUrl, under their own titles.
    func opml(_ add: Add) {
        guard let data = data() else { return }
        var bad = BadLines()
        do throws(OPMLError) {
            for outline in try OPML.read([UInt8](data)) {
                if Self.isAddress(outline.url) {
                    add(outline.url, outline.title, OutlineReading(outline.reading, reportingTo: file, at: path))
                } else {
                    report(outline.url, place: "outline \(outline.number): ", line: 0, &bad)
                }
            }
        } catch {
            file.add(Problem(file: path, message: "\(error)"))
        }
        tell(of: bad, "outlines")
    }

    /// The addresses of a text file; empty lines and lines that begin with # are passed over.
    func lines(_ add: Add) {
        guard let data = data() else { return }
        var bad = BadLines()
        data.withUnsafeBytes { bytes in
            var (number, rest) = (0, bytes[...])
            while !rest.isEmpty {
                let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
                let line = Self.trimmed(rest[..<end])
                rest = rest[end...].dropFirst()
                number += 1
                guard let first = line.first, first != UInt8(ascii: "#") else { continue }
                let text = String(decoding: line, as: UTF8.self)
                if Self.isAddress(text) { add(text, nil, nil) } else { report(text, place: "", line: number, &bad) }
            }
        }
        tell(of: bad, "lines")
    }

    private struct BadLines {
        var count = 0
        /// The first that is not named any more.
        var firstUnnamed = 0
    }

    private func report(_ text: String, place: String, line: Int, _ bad: inout BadLines) {
        bad.count += 1
        if bad.count == Self.mostProblems + 1 { bad.firstUnnamed = line }
        guard bad.count <= Self.mostProblems else { return }
        let message = "\(place)not an http or https address: \(Address.shown(String(text.prefix(200))))"
        file.add(Problem(file: path, line: line, column: line > 0 ? 1 : 0, message: message))
    }

    private func tell(of bad: BadLines, _ what: String) {
        let rest = bad.count - Self.mostProblems
        guard rest > 0 else { return }
        let line = bad.firstUnnamed
        file.add(Problem(file: path, line: line, column: line > 0 ? 1 : 0, message: "… \(rest) \(what) like these"))
    }

    private static func isAddress(_ text: String) -> Bool {
        PlainAddress(text) != nil || Address.parse(text) != nil
    }

    /// Without white space around it and a byte order mark before it.
    private static func trimmed(_ line: Slice<UnsafeRawBufferPointer>) -> Slice<UnsafeRawBufferPointer> {
        var line = line.starts(with: [0xEF, 0xBB, 0xBF]) ? line.dropFirst(3) : line
        line = line.drop { $0 <= 0x20 }
        while let last = line.last, last <= 0x20 { line.removeLast() }
        return line
    }

    private func data() -> Data? {
        guard let data = FileManager.default.contents(atPath: path) else {
            file.problem("\(path): cannot be read", at: node)
            return nil
        }
        guard data.count <= Self.largest else {
            file.problem("\(path): is larger than 512 MiB", at: node)
            return nil
        }
        return data
    }
}
