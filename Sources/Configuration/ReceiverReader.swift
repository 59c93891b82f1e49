// The `receivers` of a configuration, with their secrets read from their files.

import Alerting
import Yams

struct ReceiverReader {
    let file: YAMLFile

    /// An attempt takes as long as Standard Webhooks advises, 15 to 30 s; more than five minutes would only hold up
    /// the receiver's other alerts.
    private static let timeout: Duration = .seconds(15)
    private static let longestTimeout: Duration = .seconds(300)

    func read(_ nodes: [Node]) -> [Receiver] {
        var names: Set<String> = []
        return nodes.compactMap { node in
            guard let section = Section(node, in: file, what: "a receiver", knowing: ["name", "webhook"]) else {
                return nil
            }
            let name = section.name(besides: &names, of: "receivers")
            guard section.node("webhook") != nil else {
                file.problem("a receiver has a `webhook`", at: node)
                return nil
            }
            guard let webhook = section.section("webhook", knowing: Self.webhookKeys).flatMap(webhook), let name else {
                return nil
            }
            return Receiver(name: name, webhook: webhook)
        }
    }

    private static let webhookKeys = ["url", "secret_file", "timeout", "allow_private_addresses"]

    private func webhook(_ section: Section) -> Webhook? {
        if section.node("url") == nil { file.problem("`url` is missing", at: section.node) }
        let secret = secret(section)
        let timeout = section.duration("timeout") ?? Self.timeout
        if !(.seconds(1)...Self.longestTimeout).contains(timeout), let node = section.node("timeout") {
            file.problem("`timeout` is between 1s and 5m", at: node)
        }
        guard let url = section.address("url", isSecret: true) else { return nil }
        return Webhook(
            url: url, secret: secret, timeout: timeout,
            allowsPrivateAddresses: section.bool("allow_private_addresses") ?? false)
    }

    private func secret(_ section: Section) -> WebhookSecret? {
        guard let path = section.text("secret_file"), let node = section.node("secret_file") else {
            if section.node("secret_file") == nil {
                file.warning("without a `secret_file` our messages are not signed", at: section.node)
            }
            return nil
        }
        guard let text = file.secret(at: path, node: node) else { return nil }
        do throws(WebhookSecretError) {
            return try WebhookSecret(text)
        } catch {
            file.problem("`secret_file` \(path): \(error)", at: node)
            return nil
        }
    }
}
