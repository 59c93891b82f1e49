// An engine's file, `phpbb.yaml`, as a value. The format is described in Config/engines/README.md.

import FoundationEssentials
import Model
package import Pages
import Yams

struct EngineReader {
    let file: YAMLFile

    private static let keys = ["name", "kind", "recognise", "ways", "pages", "json", "advice", "example"]

    /// - Parameter text: the file's.
    func read(_ text: String, id: String) -> (engine: Engine, examples: [EngineExample])? {
        guard let root = file.root(of: text, what: "an engine", knowing: Self.keys) else { return nil }
        let recognition = recognition(root)
        let (name, kind) = (root.requiredText("name"), kind(root))
        var engine = Engine(id: id, name: name ?? id, kind: kind ?? .page, recognition: recognition)
        engine.advice = root.text("advice")
        let layouts = LayoutReader(file: file)
        for (number, node) in root.list("pages").enumerated() {
            let keys = ["name"] + LayoutReader.keys
            guard let section = Section(node, in: file, what: "a page", knowing: keys),
                let layout = layouts.layout(section, name: section.text("name") ?? "\(number + 1)")
            else { continue }
            engine.layouts.append(layout)
        }
        for (number, node) in root.list("json").enumerated() {
            let keys = ["name"] + LayoutReader.jsonKeys
            guard let section = Section(node, in: file, what: "a JSON document", knowing: keys),
                let layout = layouts.document(section, name: section.text("name") ?? "\(number + 1)")
            else { continue }
            engine.documents.append(layout)
        }
        engine.ways = root.list("ways").compactMap(way)
        // One of them, or a list.
        let examples = root.node("example").map { $0.sequence.map(Array.init) ?? [$0] } ?? []
        return (engine, examples.compactMap { EngineExample($0, in: file) })
    }

    private func kind(_ root: Section) -> Entry.Kind? {
        guard let text = root.requiredText("kind"), let node = root.node("kind") else { return nil }
        if let kind = Entry.Kind(rawValue: text) { return kind }
        let known = Entry.Kind.allCases.map(\.rawValue)
        let suggestion = Suggestion.text(for: text, among: known)
        file.problem("`kind` is one of \(known.joined(separator: ", "))\(suggestion)", at: node)
        return nil
    }

    private func recognition(_ root: Section) -> [[Pages.Mark]] {
        root.list("recognise").compactMap { node in
            guard let text = file.text(node, of: "recognise") else { return nil }
            let words = text.split(separator: " ").map(String.init)
            let marks = words.compactMap { Pages.Mark($0) }
            if marks.count < words.count {
                file.problem(
                    "`\(text)` is not made of #id, .class, [attribute], generator:Name and host:example.com", at: node)
            }
            return marks.isEmpty ? nil : marks
        }
    }

    private func way(_ node: Node) -> EngineWay? {
        let keys = ["feed", "json", "on", "gives", "loses"]
        guard let section = Section(node, in: file, what: "a way", knowing: keys) else { return nil }
        let forms = EngineWay.Form.allCases.filter { section.node($0.rawValue) != nil }
        guard let form = forms.first, forms.count == 1, let url = section.text(form.rawValue) else {
            file.problem("a way has one of `feed` and `json`", at: node)
            return nil
        }
        guard let gives = section.requiredText("gives") else { return nil }
        return EngineWay(form: form, pattern: section.text("on"), url: url, gives: gives, loses: section.text("loses"))
    }
}

/// The engines that come with Earshot, and those of the user.
package enum Engines {
    /// Those that come with Earshot, read once. A test holds every file to the format, so none is ever missing.
    package static let builtIn: [Engine] = embedded.compactMap { id, bytes in
        EngineReader(file: YAMLFile(path: "\(id).yaml")).read(String(decoding: bytes, as: UTF8.self), id: id)?.engine
    }

    /// What is wrong with the files that come with Earshot; nothing, unless they were edited.
    package static func problems() -> [Problem] {
        embedded.flatMap { id, bytes in
            let file = YAMLFile(path: "\(id).yaml")
            _ = EngineReader(file: file).read(String(decoding: bytes, as: UTF8.self), id: id)
            return file.problems
        }
    }

    /// The names of the files that come with Earshot, without their extension.
    package static var names: [String] { embedded.map(\.id) }
}
