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
            lookback: section.duration("lookback") ?? .zero, headers: section.headers(), labels: section.labels())
    }
}
