// A receiver's `email`: who gets it, and the server that takes it.

import Alerting
import Yams

enum EmailReader {
    static let keys = ["to", "from", "server", "port", "security", "user", "password_file", "html", "timeout"]

    /// Where mail is submitted by default, by how it is protected (RFC 8314 §3.3, RFC 6409 §3.1).
    private static let ports: [Email.Security: Int] = [.tls: 465, .starttls: 587, .none: 25]
    /// More people belong behind an address of their own.
    private static let mostPeople = 50

    static func read(_ section: Section) -> Receiver.Target? {
        let from = section.requiredText("from").flatMap { address($0, section.node("from"), section) }
        let to = recipients(section)
        let server = server(section)
        let html = section.bool("html") ?? true
        guard let from, let server, !to.isEmpty else { return nil }
        return .email(Email(server: server, from: from, to: to, includesHTML: html))
    }

    /// One address, or a list.
    private static func recipients(_ section: Section) -> [MailAddress] {
        guard let node = section.node("to") else {
            section.file.problem("`to` is missing", at: section.node)
            return []
        }
        let nodes = node.sequence.map(Array.init) ?? [node]
        if nodes.isEmpty || nodes.count > mostPeople {
            section.problem("`to` has between 1 and \(mostPeople) addresses", at: "to")
        }
        return nodes.compactMap { node in
            section.file.text(node, of: "to").flatMap { address($0, node, section) }
        }
    }

    private static func address(_ text: String, _ node: Node?, _ section: Section) -> MailAddress? {
        if let address = MailAddress(text) { return address }
        section.file.problem(
            "`\(text)` is not a mail address: write webcare@example.com or Webcare <webcare@example.com>",
            at: node ?? section.node)
        return nil
    }

    private static func server(_ section: Section) -> Email.Server? {
        let host = section.requiredText("server")
        let security = section.choice("security", of: Email.Security.self) ?? .starttls
        let port = section.number("port", in: 1...65_535) ?? ports[security] ?? 25
        let user = section.text("user")
        let password = section.secret("password_file")
        if (section.node("user") == nil) != (section.node("password_file") == nil) {
            section.file.problem("`user` and `password_file` go together", at: section.node)
        }
        if user != nil, security == .none {
            let message = "with `security: none` the password crosses the network for all to see"
            section.file.warning(message, at: section.node)
        }
        guard let host else { return nil }
        // An IPv6 address has two colons at least; with one, what follows it is a port.
        guard host.utf8.allSatisfy(isHostByte), host.count(where: { $0 == ":" }) != 1 else {
            section.problem("`server` is a host's name or address; the port is `port`'s", at: "server")
            return nil
        }
        return Email.Server(
            host: host, port: port, security: security, user: user, password: password,
            timeout: section.timeout(otherwise: .seconds(30)))
    }

    /// Letters, digits, dots and hyphens; colons in an IPv6 address.
    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: ":"):
            true
        default: false
        }
    }
}
