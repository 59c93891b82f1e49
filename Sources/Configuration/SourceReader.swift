// The `sources` of a configuration: single ones, and those that an OPML file or a list names.

import Foundation
import Model
import Yams

struct SourceReader {
    let file: YAMLFile
    let polling: Polling

    /// The same address once, whatever its credentials: a second one in the file itself is a problem, in a list it is
    /// passed over.
    func read(_ nodes: [Node]) -> Sources {
        var index = SourceIndex()
        var sources = Sources()
        for node in nodes {
            guard let section = Section(node, in: file, what: "a source", knowing: Self.keys) else { continue }
            let common = common(section)
            read(section) { url, name in
                guard !sources.isFull else { return }
                sources.append(url: url, name: name, like: common)
                guard index.insert(sources.count - 1, of: sources) != nil else { return }
                sources.removeLast()
                if section.node("url") != nil {
                    file.problem("\(Address.shown(url)) stands twice among the sources", at: node)
                }
            }
        }
        if sources.isFull, let last = nodes.last { file.problem("the sources' addresses are over 3 GB", at: last) }
        return sources
    }

    private static let keys = [
        "url", "opml", "list", "name", "interval", "floor", "ceiling", "lookback", "headers", "labels",
    ]

    /// Calls `add` with each address of a section, and its name if it has one.
    private func read(_ section: Section, _ add: (_ url: String, _ name: String?) -> Void) {
        let ways = ["url", "opml", "list"].filter { section.node($0) != nil }
        guard let way = ways.first, ways.count == 1 else {
            file.problem("a source has one of `url`, `opml` and `list`", at: section.node)
            return
        }
        if way == "url" {
            if let url = section.address("url") { add(url, section.text("name")) }
            return
        }
        if let name = section.node("name") { file.problem("`name` goes with `url`", at: name) }
        guard let path = section.text(way), let node = section.node(way) else { return }
        let list = SourceList(path: file.resolve(path), file: file, node: node)
        if way == "opml" { list.opml(add) } else { list.lines(add) }
    }

    /// What all sources of a section share.
    private func common(_ section: Section) -> Source {
        Source(
            url: "", name: "", cadence: CadenceReader(file: file, polling: polling).cadence(section),
            lookback: section.duration("lookback") ?? .zero, headers: headers(section), labels: section.labels())
    }

    private func headers(_ section: Section) -> [Header] {
        section.texts("headers").compactMap { name, place, value in
            var header = Header(name, value)
            if name.hasSuffix("_file") {
                guard let secret = file.secret(at: value, node: place) else { return nil }
                header = Header(String(name.dropLast(5)), secret)
            }
            guard header.isSafe else {
                file.problem("`\(header.name)` is not a header that can be sent", at: place)
                return nil
            }
            return header
        }
    }
}

extension Header {
    /// A token as a name, and no control characters in the value (RFC 9110, 5.1 and 5.5).
    fileprivate var isSafe: Bool {
        let marks = "!#$%&'*+-.^_`|~"
        return !name.isEmpty && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || marks.contains($0)) }
            && !value.unicodeScalars.contains { $0.value < 0x20 && $0 != "\t" || $0.value == 0x7F }
    }
}

extension YAMLFile {
    /// The one line of a secret's file, at most 64 KiB, without white space around it.
    func secret(at path: String, node: Node) -> String? {
        let path = resolve(path)
        guard let bytes = FileManager.default.contents(atPath: path), bytes.count <= 65_536,
            let text = String(validating: bytes, as: UTF8.self)
        else {
            problem("\(path): cannot be read as a secret's file", at: node)
            return nil
        }
        let lines = text.trimmingCharacters(in: .whitespacesAndNewlines).split(whereSeparator: \.isNewline)
        guard let line = lines.first, lines.count == 1 else {
            problem("\(path): a secret's file holds one line", at: node)
            return nil
        }
        return String(line)
    }
}
