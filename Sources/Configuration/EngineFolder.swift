// The user's own engines: the YAML files of a folder, `engines.d` beside the configuration unless it says otherwise.

import FoundationEssentials
import Pages
import Yams

struct EngineFolder {
    let file: YAMLFile

    /// The engines of the folder; one that is not there has none, unless the configuration names it.
    func read(_ root: Section) -> [Engine] {
        let folder = file.resolve(root.text("engines") ?? "engines.d")
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            if let node = root.node("engines") { file.problem("\(folder): cannot be read as a folder", at: node) }
            return []
        }
        return names.sorted().filter { $0.hasSuffix(".yaml") }.compactMap { name in
            let engine = YAMLFile(path: "\(folder)/\(name)")
            defer { for problem in engine.problems { file.add(problem) } }
            guard let text = engine.contents() else { return nil }
            return EngineReader(file: engine).read(text, id: String(name.dropLast(".yaml".count)))
        }
    }
}

/// Files of sources beside the configuration, such as `earshot add` writes: `sources.d/*.yaml`.
package struct SourceFolder {
    let file: YAMLFile

    /// The folder's name, beside the configuration.
    package static let name = "sources.d"

    /// Each file with the sources in it, in the order of the files' names.
    func read() -> [(file: YAMLFile, nodes: [Node])] {
        let folder = file.resolve(Self.name)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().filter { $0.hasSuffix(".yaml") }.map { name in
            let part = YAMLFile(path: "\(folder)/\(name)")
            return (part, part.root(knowing: ["sources"])?.list("sources") ?? [])
        }
    }
}
