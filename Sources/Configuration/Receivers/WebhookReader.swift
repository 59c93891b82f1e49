// A receiver's `webhook`: the keys that every format has, and those of its own.

import Alerting
import FoundationEssentials
import Model

enum WebhookReader {
    /// What a format wants beyond `url`, `headers`, `timeout` and `allow_private_addresses`.
    private struct Wants {
        var needed: [String] = []
        var possible: [String] = []
        /// Where the service is, unless `url` says otherwise.
        var url: String?
    }

    private static let signing = ["secret_file", "secret_files", "signature"]

    private static let formats: [String: Wants] = [
        "standard": Wants(possible: signing),
        "cloudevents": Wants(possible: signing + ["mode", "source"]),
        "alertmanager": Wants(possible: signing),
        "slack": Wants(),
        "discord": Wants(),
        "teams": Wants(),
        "mattermost": Wants(),
        "google-chat": Wants(),
        "ntfy": Wants(possible: ["token_file"]),
        "gotify": Wants(needed: ["token_file"]),
        "matrix": Wants(needed: ["room", "token_file"]),
        "telegram": Wants(needed: ["chat", "token_file"], url: "https://api.telegram.org"),
        "pagerduty": Wants(needed: ["key_file"], url: "https://events.pagerduty.com/v2/enqueue"),
        "opsgenie": Wants(needed: ["key_file"], url: "https://api.opsgenie.com"),
        "zendesk": Wants(needed: ["user", "token_file"]),
        "freshdesk": Wants(needed: ["requester", "token_file"]),
        "template": Wants(needed: ["template"], possible: signing + ["method", "content_type"]),
    ]

    private static let common = ["format", "url", "url_file", "headers", "timeout", "allow_private_addresses"]
    static let keys = common + Set(formats.values.flatMap { $0.needed + $0.possible }).sorted()

    static func read(_ section: Section) -> Receiver.Target? {
        let name = section.text("format") ?? (section.node("template") == nil ? "standard" : "template")
        guard let wants = formats[name] else {
            let suggestion = Suggestion.text(for: name, among: formats.keys.sorted())
            section.problem("there is no format `\(name)`\(suggestion)", at: "format")
            return nil
        }
        check(section, name, wants)
        let url = url(section, wants)
        if name == "ntfy", let url { checkTopic(section, url) }
        let format = format(name, section)
        let scheme = section.choice("signature", of: SignatureScheme.self) ?? .standard
        let secrets = secrets(section, scheme, isUsual: name == "standard")
        let headers = section.headers()
        let timeout = section.timeout(otherwise: .seconds(15))
        guard let url, let format else { return nil }
        return .webhook(
            Webhook(
                url: url, format: format, headers: headers, secrets: secrets, scheme: scheme, timeout: timeout,
                allowsPrivateAddresses: section.bool("allow_private_addresses") ?? false))
    }

    /// What is missing, and what belongs to another format.
    private static func check(_ section: Section, _ name: String, _ wants: Wants) {
        for key in wants.needed where section.node(key) == nil {
            section.file.problem("`\(key)` is missing: the format \(name) needs it", at: section.node)
        }
        let fitting = common + wants.needed + wants.possible
        for key in keys where !fitting.contains(key) && section.node(key) != nil {
            section.problem("`\(key)` has no meaning for the format \(name)", at: key)
        }
    }

    private static func url(_ section: Section, _ wants: Wants) -> String? {
        switch (section.node("url") != nil, section.node("url_file") != nil) {
        case (true, true):
            section.problem("`url` and `url_file` say the same thing twice", at: "url_file")
            return nil
        case (true, false): return section.address("url", isSecret: true)
        case (false, true):
            guard let url = section.secret("url_file") else { return nil }
            guard Address.parse(url) != nil else {
                section.problem("`url_file`: its line is not an http or https address", at: "url_file")
                return nil
            }
            return url
        case (false, false):
            if wants.url == nil { section.file.problem("`url` is missing", at: section.node) }
            return wants.url
        }
    }

    /// Without one the server would refuse every message.
    private static func checkTopic(_ section: Section, _ url: String) {
        guard Address.parse(url)?.path.contains(where: { $0 != "/" }) != true else { return }
        let key = section.node("url") == nil ? "url_file" : "url"
        section.problem("`\(key)` ends with no topic: write https://ntfy.sh/TOPIC", at: key)
    }

    private static func format(_ name: String, _ section: Section) -> Format? {
        switch name {
        case "cloudevents": cloudEvents(section).map(Format.cloudEvents)
        case "alertmanager": .alertmanager
        case "slack": .slack
        case "discord": .discord
        case "teams": .teams
        case "mattermost": .mattermost
        case "google-chat": .googleChat
        case "ntfy": .ntfy(token: section.secret("token_file"))
        case "gotify": section.secret("token_file").map { .gotify(token: $0) }
        case "matrix": both(section.text("room"), section.secret("token_file")).map { .matrix(room: $0, token: $1) }
        case "telegram": both(section.text("chat"), section.secret("token_file")).map { .telegram(chat: $0, token: $1) }
        case "pagerduty": section.secret("key_file").map { .pagerDuty(key: $0) }
        case "opsgenie": section.secret("key_file").map { .opsgenie(key: $0) }
        case "zendesk": both(section.text("user"), section.secret("token_file")).map { .zendesk(user: $0, token: $1) }
        case "freshdesk":
            both(requester(section), section.secret("token_file")).map { .freshdesk(requester: $0, token: $1) }
        case "template": template(section).map(Format.template)
        default: .standard
        }
    }

    private static func both(_ left: String?, _ right: String?) -> (String, String)? {
        left.flatMap { left in right.map { (left, $0) } }
    }

    private static func cloudEvents(_ section: Section) -> CloudEvents? {
        var events = CloudEvents()
        if let mode = section.choice("mode", of: CloudEvents.Mode.self) { events.mode = mode }
        if let source = section.text("source") { events.source = source }
        return events
    }

    private static func requester(_ section: Section) -> String? {
        guard let text = section.text("requester") else { return nil }
        if MailAddress(text)?.name == nil, let address = MailAddress(text)?.address { return address }
        section.problem("`requester` is a mail address, not `\(text)`", at: "requester")
        return nil
    }

    private static func template(_ section: Section) -> Template? {
        guard let text = section.text("template") else { return nil }
        let method = section.text("method") ?? "POST"
        if !["POST", "PUT", "PATCH"].contains(method) {
            section.problem("`method` is POST, PUT or PATCH, not `\(method)`", at: "method")
        }
        let type = section.text("content_type") ?? "application/json"
        guard Header("Content-Type", type).isSafe else {
            section.problem("`content_type` is not a header that can be sent", at: "content_type")
            return nil
        }
        do {
            let template = try Template(text, method: method, contentType: type)
            try template.check()
            return template
        } catch {
            section.problem("`template`: \(error)", at: "template")
            return nil
        }
    }

    /// - Parameter isUsual: whether whoever has no secret should hear of it.
    private static func secrets(
        _ section: Section, _ scheme: SignatureScheme, isUsual: Bool
    ) -> [WebhookSecret] {
        if section.node("secret_file") != nil, section.node("secret_files") != nil {
            section.problem("`secret_file` and `secret_files` say the same thing twice", at: "secret_files")
        }
        if isUsual, section.node("secret_file") == nil, section.node("secret_files") == nil {
            section.file.warning("without a `secret_file` our messages are not signed", at: section.node)
        }
        let nodes = section.node("secret_file").map { [$0] } ?? section.list("secret_files")
        return nodes.compactMap { node in
            guard let path = section.file.text(node, of: "secret_file"),
                let text = section.file.secret(at: path, node: node)
            else { return nil }
            guard scheme == .standard else { return WebhookSecret(text: text) }
            do throws(WebhookSecretError) {
                return try WebhookSecret(text)
            } catch {
                section.file.problem("`secret_file` \(path): \(error)", at: node)
                return nil
            }
        }
    }
}
