// The `receivers` of a configuration, with their secrets read from their files.

import Alerting
import Glibc
import Yams

struct ReceiverReader {
    let file: YAMLFile

    private static let kinds = ["webhook", "email", "command", "file"]

    /// The receivers, and the names of all that were meant: what is wrong with one is said once, and not again at each
    /// route that names it.
    func read(_ nodes: [Node]) -> (receivers: [Receiver], names: [String]) {
        var names: Set<String> = []
        let receivers = nodes.compactMap { node -> Receiver? in
            let keys = ["name"] + Self.kinds + Section.mannersKeys
            guard let section = Section(node, in: file, what: "a receiver", knowing: keys) else { return nil }
            let name = section.name(besides: &names, of: "receivers")
            let manners = section.manners()
            guard let target = target(section), let name else { return nil }
            return Receiver(name: name, target: target, manners: manners)
        }
        return (receivers, names.sorted())
    }

    private func target(_ section: Section) -> Receiver.Target? {
        let kinds = Self.kinds.filter { section.node($0) != nil }
        guard let kind = kinds.first, kinds.count == 1 else {
            file.problem("a receiver has one of `webhook`, `email`, `command` and `file`", at: section.node)
            return nil
        }
        switch kind {
        case "webhook": return section.section(kind, knowing: WebhookReader.keys).flatMap(WebhookReader.read)
        case "email": return section.section(kind, knowing: EmailReader.keys).flatMap(EmailReader.read)
        case "command": return section.section(kind, knowing: ["run", "timeout"]).flatMap(command)
        default: return section.section(kind, knowing: ["path"]).flatMap(lineFile)
        }
    }

    private func command(_ section: Section) -> Receiver.Target? {
        let timeout = section.timeout(otherwise: .seconds(15))
        if section.node("run") == nil { file.problem("`run` is missing", at: section.node) }
        let words = section.list("run").compactMap { file.text($0, of: "run") }
        guard let first = words.first, let node = section.node("run") else { return nil }
        let program = file.resolve(first)
        if access(program, X_OK) != 0 { file.problem("`run`: \(program) cannot be executed", at: node) }
        return .command(Command(program: program, arguments: Array(words.dropFirst()), timeout: timeout))
    }

    private func lineFile(_ section: Section) -> Receiver.Target? {
        section.requiredText("path").map { .file(LineFile(path: file.resolve($0))) }
    }
}

extension Section {
    /// Standard Webhooks advises 15 to 30 s.
    func timeout(otherwise usual: Duration) -> Duration {
        let timeout = duration("timeout") ?? usual
        if !(.seconds(1)...Receiver.longestTimeout).contains(timeout), let node = node("timeout") {
            file.problem("`timeout` is between 1s and 5m", at: node)
        }
        return timeout
    }

    /// A secret, from the file that `key` names.
    func secret(_ key: String) -> String? {
        guard let path = text(key), let node = node(key) else { return nil }
        return file.secret(at: path, node: node)
    }
}
