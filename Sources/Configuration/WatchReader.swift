// The `watches` of a configuration, each with its query parsed.

import Matching
import Model
import Yams

struct WatchReader {
    let file: YAMLFile

    func read(_ nodes: [Node]) -> [(watch: Watch, query: Query)] {
        var names: Set<String> = []
        return nodes.compactMap { node in
            guard let section = Section(node, in: file, what: "a watch", knowing: Self.keys) else { return nil }
            let name = section.name(besides: &names, of: "watches")
            let query = query(section)
            let examples = examples(section, of: query?.parsed)
            let labels = section.labels()
            guard let name, let query else { return nil }
            return (Watch(name: name, query: query.text, labels: labels, examples: examples), query.parsed)
        }
    }

    private static let keys = ["name", "query", "labels", "examples"]

    /// The `query` of a watch or a signal.
    func query(_ section: Section) -> (text: String, parsed: Query)? {
        guard let text = section.requiredText("query"), let node = section.node("query") else { return nil }
        do throws(QueryError) {
            let query = try Query(text)
            for warning in query.warnings {
                file.warning(Self.message(warning.column, warning.message), at: node, picture: warning.picture)
            }
            return (text, query)
        } catch {
            file.problem(Self.message(error.column, error.message), at: node, picture: error.picture)
            return nil
        }
    }

    private static func message(_ column: Int, _ message: String) -> String {
        "`query`, column \(column): \(message)"
    }

    /// Reads the examples, and holds the query to them as the body of an entry each.
    private func examples(_ section: Section, of query: Query?) -> Watch.Examples {
        guard let examples = section.section("examples", knowing: ["match", "ignore"]) else { return Watch.Examples() }
        let set = query.map { WatchSet([$0]) }
        func texts(_ key: String, shouldMatch: Bool) -> [String] {
            examples.list(key).compactMap { node in
                guard let text = file.text(node, of: key) else { return nil }
                if let set, set.matches(in: Document(body: text)).isEmpty == shouldMatch {
                    file.unmet("the query \(shouldMatch ? "does not match" : "matches") this example", at: node)
                }
                return text
            }
        }
        return Watch.Examples(
            match: texts("match", shouldMatch: true), ignore: texts("ignore", shouldMatch: false))
    }
}
