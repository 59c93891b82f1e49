// The `signals` of a configuration, each with its query parsed.

import Matching
import Model
import Yams

struct SignalReader {
    let file: YAMLFile

    func read(_ nodes: [Node]) -> [(signal: Signal, query: Query)] {
        var names: Set<String> = []
        return nodes.compactMap { node in
            guard
                let section = Section(node, in: file, what: "a signal", knowing: ["name", "query", "priority"])
            else { return nil }
            let name = section.name(besides: &names, of: "signals")
            let query = WatchReader(file: file).query(section)
            let priority = section.priority() ?? .normal
            guard let name, let query else { return nil }
            return (Signal(name: name, query: query.text, priority: priority), query.parsed)
        }
    }
}
