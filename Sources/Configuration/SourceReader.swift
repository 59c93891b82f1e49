// The `sources` of a configuration: single ones, and those that an OPML file or a list names.

import Foundation
import Model
import Pages
import Yams

struct SourceReader {
    let polling: Polling
    /// The ids that `engine:` may say.
    let engines: [String]

    /// The same address once, whatever its credentials: a second one in the file itself is a problem, in a list it is
    /// passed over.
    func read(_ lists: [(file: YAMLFile, nodes: [Node])]) -> (sources: Sources, pages: [PageSettings]) {
        var index = SourceIndex()
        var sources = Sources()
        var pages: [PageSettings] = []
        for (file, node) in lists.flatMap({ list in list.nodes.map { (list.file, $0) } }) {
            guard let section = Section(node, in: file, what: "a source", knowing: Self.keys) else { continue }
            var common = common(section)
            let reading = PageSettingsReader(engines: engines).read(section)
            common.kind = reading.kind
            if let settings = reading.settings {
                common.pageIndex = pages.count
                pages.append(settings)
            }
            read(section) { url, name, outline in
                guard !sources.isFull else { return }
                var common = common
                if let outline {
                    common.kind = outline.kind
                    common.pageIndex = pages.count
                    pages.append(outline.settings)
                }
                sources.append(url: url, name: name, like: common)
                guard index.insert(sources.count - 1, of: sources) != nil else { return }
                sources.removeLast()
                if section.node("url") != nil {
                    file.problem("\(Address.shown(url)) stands twice among the sources", at: node)
                }
            }
        }
        if sources.isFull, let (file, nodes) = lists.last, let last = nodes.last {
            file.problem("the sources' addresses are over 3 GB", at: last)
        }
        return (sources, pages)
    }

    private static let keys =
        ["url", "opml", "list", "name", "interval", "floor", "ceiling", "lookback", "headers", "labels"]
        + PageSettingsReader.keys

    /// Calls `add` with each address of a section, and its name if it has one.
    private func read(_ section: Section, _ add: SourceList.Add) {
        let ways = ["url", "opml", "list"].filter { section.node($0) != nil }
        guard let way = ways.first, ways.count == 1 else {
            section.file.problem("a source has one of `url`, `opml` and `list`", at: section.node)
            return
        }
        if way == "url" {
            if let url = section.address("url") { add(url, section.text("name"), nil) }
            return
        }
        if let name = section.node("name") { section.file.problem("`name` goes with `url`", at: name) }
        guard let path = section.text(way), let node = section.node(way) else { return }
        let list = SourceList(path: section.file.resolve(path), file: section.file, node: node)
        if way == "opml" { list.opml(add) } else { list.lines(add) }
    }

    /// What all sources of a section share.
    private func common(_ section: Section) -> Source {
        Source(
            url: "", name: "", cadence: CadenceReader(file: section.file, polling: polling).cadence(section),
            lookback: section.duration("lookback") ?? .zero, headers: section.headers(), labels: section.labels())
    }
}
