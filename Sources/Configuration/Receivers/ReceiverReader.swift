// The `receivers` of a configuration, with their secrets read from their files.

import Alerting
import Yams

struct ReceiverReader {
    let file: YAMLFile

    private static let kinds = ["webhook"]

    func read(_ nodes: [Node]) -> [Receiver] {
        var names: Set<String> = []
        return nodes.compactMap { node in
            let keys = ["name"] + Self.kinds + Section.mannersKeys
            guard let section = Section(node, in: file, what: "a receiver", knowing: keys) else { return nil }
            let name = section.name(besides: &names, of: "receivers")
            let manners = section.manners()
            guard let target = target(section), let name else { return nil }
            return Receiver(name: name, target: target, manners: manners)
        }
    }

    private func target(_ section: Section) -> Receiver.Target? {
        guard section.node("webhook") != nil else {
            file.problem("a receiver has a `webhook`", at: section.node)
            return nil
        }
        return section.section("webhook", knowing: WebhookReader.keys).flatMap(WebhookReader.read)
    }
}

extension Section {
    /// An attempt takes as long as Standard Webhooks advises, 15 to 30 s; more than five minutes would only hold up the
    /// receiver's other alerts.
    func timeout(otherwise usual: Duration) -> Duration {
        let timeout = duration("timeout") ?? usual
        if !(.seconds(1)...(.seconds(300))).contains(timeout), let node = node("timeout") {
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
