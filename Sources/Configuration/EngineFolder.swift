// The user's own engines: the YAML files of a folder, `engines.d` beside the configuration unless it says otherwise.

import FoundationEssentials
package import Pages
import Yams

struct EngineFolder {
    let file: YAMLFile

    /// The engines of the folder; one that is not there has none, unless the configuration names it.
    func read(_ root: Section) -> [Engine] {
        let folder = file.resolve(root.text("engines") ?? "engines.d")
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            if let node = root.node("engines") {
                file.problem("\(folder): cannot be read as a folder", at: node)
            } else {
                file.refuse(hiddenFolder: folder)
            }
            return []
        }
        let read = names.sorted().filter { $0.hasSuffix(".yaml") }.compactMap { name in
            let part = YAMLFile(path: "\(folder)/\(name)")
            let id = String(name.dropLast(".yaml".count))
            let found = part.contents().flatMap { EngineReader(file: part).read($0, id: id) }
            if found == nil { file.takeOver(part) }
            return found.map { (part, $0.engine, $0.examples) }
        }
        hold(read)
        for (part, _, _) in read { file.takeOver(part) }
        return read.map(\.1)
    }

    /// Holds every engine to its examples, once all of them are known.
    private func hold(_ read: [(file: YAMLFile, engine: Engine, examples: [EngineExample])]) {
        guard read.contains(where: { !$0.examples.isEmpty }) else { return }
        let catalog = EngineCatalog(Engines.builtIn + read.map(\.engine))
        for (file, engine, examples) in read {
            for example in examples { example.check(engine, in: catalog, reportingTo: file) }
        }
    }
}

extension YAMLFile {
    /// A folder beside the configuration may be missing; one that is there and cannot be read would be missed.
    fileprivate func refuse(hiddenFolder path: String) {
        guard FileManager.default.fileExists(atPath: path) else { return }
        add(Problem(file: path, message: "cannot be read as a folder"))
    }
}

/// Files of sources beside the configuration, such as `earshot add` writes: `sources.d/*.yaml`.
package struct SourceFolder {
    let file: YAMLFile

    /// The folder's name, beside the configuration.
    package static let name = "sources.d"

    private static let keys = ["sources"]

    /// What would be wrong with a file that had this text.
    ///
    /// - Parameter engines: the user's own.
    package static func problems(in text: String, at path: String, engines: [Engine]) -> [Problem] {
        let part = YAMLFile(path: path)
        let nodes = part.root(of: text, what: "a configuration", knowing: keys)?.list("sources") ?? []
        _ = SourceReader(polling: Polling(), engines: Engines.names + engines.map(\.id)).read([(part, nodes)])
        return part.problems.sorted()
    }

    /// Each file with the sources in it, in the order of the files' names.
    func read() -> [(file: YAMLFile, nodes: [Node])] {
        let folder = file.resolve(Self.name)
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            file.refuse(hiddenFolder: folder)
            return []
        }
        return names.sorted().filter { $0.hasSuffix(".yaml") }.map { name in
            let part = YAMLFile(path: "\(folder)/\(name)")
            return (part, part.root(knowing: Self.keys)?.list("sources") ?? [])
        }
    }
}
