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

    /// A feed's OPML entry runs to some 300 bytes; this is room for well over a hundred thousand.
    private static let largest = 64 << 20

    /// The outlines with an xmlUrl, under their own titles.
    func opml() -> [(url: String, name: String?)] {
        guard let bytes = bytes() else { return [] }
        do throws(OPMLError) {
            return try OPML.read(bytes).compactMap { outline in
                guard Address.parse(outline.url) != nil else {
                    file.add(
                        Problem(
                            file: path,
                            message: "outline \(outline.number): not an http or https address: "
                                + Address.shown(outline.url)))
                    return nil
                }
                return (outline.url, outline.title)
            }
        } catch {
            file.add(Problem(file: path, message: "\(error)"))
            return []
        }
    }

    /// The addresses of a text file; empty lines and lines that begin with # are passed over.
    func lines() -> [(url: String, name: String?)] {
        guard let bytes = bytes() else { return [] }
        var sources: [(String, String?)] = []
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() {
            let text = String(decoding: line, as: UTF8.self).filter { !$0.isWhitespace }
            guard !text.isEmpty, !text.hasPrefix("#") else { continue }
            if Address.parse(text) != nil {
                sources.append((text, nil))
            } else {
                let message = "not an http or https address: \(Address.shown(text))"
                file.add(Problem(file: path, line: number + 1, column: 1, message: message))
            }
        }
        return sources
    }

    private func bytes() -> [UInt8]? {
        guard let data = FileManager.default.contents(atPath: path) else {
            file.problem("\(path): cannot be read", at: node)
            return nil
        }
        guard data.count <= Self.largest else {
            file.problem("\(path): is larger than 64 MiB", at: node)
            return nil
        }
        return [UInt8](data)
    }
}
