import Alerting
import Configuration
import Foundation
import Glibc
import Model
import TestSupport
import Testing

/// `receivers` in every kind and format.
@Suite struct ReceiverSettingsTests {
    private let folder: TemporaryFolder
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("a.secret", Self.secret)
        try folder.write("b.secret", "whsec_" + Data(repeating: 7, count: 32).base64EncodedString() + "\n")
        try folder.write("token", "tk_1\n")
        try folder.write("bare.url", "https://ntfy.sh")
        try folder.write("slack.url", "https://hooks.slack.example/services/T/B/x")
    }

    private func load(_ receivers: String, environment: [String: String] = [:]) throws -> Settings {
        let text = """
            state: state
            watches: [{ name: acme, query: acme }]
            sources: [{ url: "https://example.org/" }]
            receivers:
            \(receivers)
            route: { receiver: r }
            """
        return try Settings.load(folder.write("earshot.yaml", text), environment: environment)
    }

    private func target(_ receiver: String, environment: [String: String] = [:]) throws -> Receiver.Target {
        let settings = try load("  - { name: r, \(receiver) }", environment: environment)
        return try #require(settings.receivers.first?.target)
    }

    /// The problems as `line:column: message`.
    private func problems(_ receivers: String, environment: [String: String] = [:]) throws -> [String] {
        do {
            _ = try load(receivers, environment: environment)
            return []
        } catch let error as ConfigurationError {
            return error.problems.map {
                $0.description.replacing(folder.path + "/earshot.yaml:", with: "").replacing(
                    folder.path + "/", with: "")
            }
        }
    }

    @Test(arguments: [
        ("format: slack", Format.slack), ("format: discord", .discord), ("format: teams", .teams),
        ("format: mattermost", .mattermost), ("format: google-chat", .googleChat),
        ("format: alertmanager", .alertmanager),
        ("format: cloudevents", .cloudEvents(CloudEvents())),
        ("format: cloudevents, mode: binary, source: /acme", .cloudEvents(CloudEvents(mode: .binary, source: "/acme"))),
        ("format: ntfy", .ntfy(token: nil)), ("format: ntfy, token_file: token", .ntfy(token: "tk_1")),
        ("format: gotify, token_file: token", .gotify(token: "tk_1")),
        ("format: matrix, room: '!r:s', token_file: token", .matrix(room: "!r:s", token: "tk_1")),
        ("format: telegram, chat: -100123, token_file: token", .telegram(chat: "-100123", token: "tk_1")),
        ("format: pagerduty, key_file: token", .pagerDuty(key: "tk_1")),
        ("format: opsgenie, key_file: token", .opsgenie(key: "tk_1")),
        ("format: zendesk, user: a@b.nl, token_file: token", .zendesk(user: "a@b.nl", token: "tk_1")),
        ("format: freshdesk, requester: a@b.nl, token_file: token", .freshdesk(requester: "a@b.nl", token: "tk_1")),
    ])
    func everyFormatIsRead(_ keys: String, _ format: Format) throws {
        let webhook = Webhook(url: "https://target.example/x", format: format)
        #expect(try target("webhook: { url: 'https://target.example/x', \(keys) }") == .webhook(webhook))
    }

    @Test func aTemplateIsAFormatOfItsOwn() throws {
        let settings = try load(
            """
              - name: r
                webhook:
                  url: https://target.example/x
                  method: PUT
                  content_type: text/plain
                  headers: { X-Key_file: token }
                  template: |
                    {{title}}
                    {{#mentions}}{{watch}}{{/mentions}}
            """)
        let template = try Template(
            "{{title}}\n{{#mentions}}{{watch}}{{/mentions}}\n", method: "PUT", contentType: "text/plain")
        #expect(
            settings.receivers.first?.target
                == .webhook(
                    Webhook(
                        url: "https://target.example/x", format: .template(template), headers: [Header("X-Key", "tk_1")]
                    )))
    }

    @Test func secretsComeFromFilesCredentialsAndSeveralAtOnce() throws {
        let credentials = try TemporaryFolder()
        try credentials.write("c.secret", Self.secret)
        let target = try target(
            "webhook: { url_file: slack.url, secret_files: [a.secret, b.secret, $CREDENTIALS_DIRECTORY/c.secret] }",
            environment: ["CREDENTIALS_DIRECTORY": credentials.path])
        guard case .webhook(let webhook) = target else {
            Issue.record("no webhook")
            return
        }
        #expect(webhook.url == "https://hooks.slack.example/services/T/B/x")
        #expect(webhook.secrets.count == 3 && webhook.secrets.first == webhook.secrets.last)
    }

    @Test func servicesWithOneAddressNeedNone() throws {
        guard case .webhook(let webhook) = try target("webhook: { format: pagerduty, key_file: token }") else {
            Issue.record("no webhook")
            return
        }
        #expect(webhook.url == "https://events.pagerduty.com/v2/enqueue")
    }

    @Test func mailProgramsAndFilesAreRead() throws {
        let email = try target(
            """
            email: { to: [a@b.nl, "Zoë <z@b.nl>"], from: e@b.nl, server: mail.b.nl, security: tls, user: u, \
            password_file: token, html: no, timeout: 1m }
            """)
        #expect(
            email
                == .email(
                    Email(
                        server: Email.Server(
                            host: "mail.b.nl", port: 465, security: .tls, user: "u", password: "tk_1",
                            timeout: .seconds(60)), from: try #require(MailAddress("e@b.nl")),
                        to: [try #require(MailAddress("a@b.nl")), try #require(MailAddress("Zoë <z@b.nl>"))],
                        includesHTML: false)))
        #expect(
            try target("command: { run: [/bin/cat, -n, '$HOME'], timeout: 5s }")
                == .command(Command(program: "/bin/cat", arguments: ["-n", "$HOME"], timeout: .seconds(5))))
        #expect(try target("file: { path: alerts.jsonl }") == .file(LineFile(path: folder.path + "/alerts.jsonl")))
    }

    @Test func aProgramsPathIsAbsoluteHoweverTheConfigurationIsNamed() throws {
        try folder.write("bin/told.sh", "#!/bin/sh\n")
        chmod(folder.path + "/bin/told.sh", 0o755)
        _ = try target("command: { run: [bin/told.sh] }")
        let up = FileManager.default.currentDirectoryPath.split(separator: "/").map { _ in "../" }.joined()
        let settings = try Settings.load(up + folder.path.dropFirst() + "/earshot.yaml", environment: [:])
        guard case .command(let command) = settings.receivers.first?.target else {
            Issue.record("no command")
            return
        }
        #expect(command.program.hasPrefix("/") && access(command.program, X_OK) == 0)
        #expect(settings.state.hasPrefix("/"))
    }

    @Test(arguments: [
        ("{ name: r }", "5:5: a receiver has one of `webhook`, `email`, `command` and `file`"),
        (
            "{ name: r, file: { path: a }, command: { run: [/bin/cat] } }",
            "5:5: a receiver has one of `webhook`, `email`, `command` and `file`"
        ),
        (
            "{ name: r, webhook: { url: 'https://x.example', format: slak } }",
            "5:61: there is no format `slak`; did you mean `slack`?"
        ),
        (
            "{ name: r, webhook: { url: 'https://x.example', format: slack, token_file: token } }",
            "5:80: `token_file` has no meaning for the format slack"
        ),
        (
            "{ name: r, webhook: { url: 'https://x.example', format: telegram, token_file: token } }",
            "5:25: `chat` is missing: the format telegram needs it"
        ),
        ("{ name: r, webhook: { format: slack } }", "5:25: `url` is missing"),
        (
            "{ name: r, webhook: { format: ntfy, url: 'https://ntfy.sh/' } }",
            "5:46: `url` ends with no topic: write https://ntfy.sh/TOPIC"
        ),
        (
            "{ name: r, webhook: { format: ntfy, url_file: bare.url } }",
            "5:51: `url_file` ends with no topic: write https://ntfy.sh/TOPIC"
        ),
        (
            "{ name: r, webhook: { format: slack, url: 'ftp://secret.example' } }",
            "5:47: `url`: not an http or https address"
        ),
        (
            "{ name: r, webhook: { url_file: token, secret_file: a.secret } }",
            "5:37: `url_file`: its line is not an http or https address"
        ),
        (
            "{ name: r, webhook: { url: 'https://x.example', secret_file: $CREDENTIALS_DIRECTORY/x } }",
            "5:66: $CREDENTIALS_DIRECTORY/x is only there when systemd starts Earshot; to run this by hand, set CREDENTIALS_DIRECTORY to a folder that holds such a file"
        ),
        (
            "{ name: r, webhook: { url: 'https://x.example', secret_files: [a.secret, token] } }",
            "5:78: `secret_file` token: a webhook secret begins with whsec_ or whsk_"
        ),
        (
            "{ name: r, webhook: { url: 'https://x.example', template: '{\"a\": \"{{title}}' } }",
            "5:63: `template`: the template cannot be used: its result is no JSON"
        ),
        (
            "{ name: r, webhook: { url: 'https://x.example', template: '{{#mentions}}', method: GET } }",
            "5:88: `method` is POST, PUT or PATCH, not `GET`"
        ),
        (
            "{ name: r, webhook: { url: 'https://x.example', format: cloudevents, mode: binari } }",
            "5:80: `mode` is one of structured, binary, not `binari`; did you mean `binary`?"
        ),
        (
            "{ name: r, webhook: { url: 'https://x.example', format: freshdesk, requester: jan, token_file: token } }",
            "5:83: `requester` is a mail address, not `jan`"
        ),
        (
            "{ name: r, email: { to: jan, from: e@b.nl, server: m } }",
            "5:29: `jan` is not a mail address: write webcare@example.com or Webcare <webcare@example.com>"
        ),
        (
            "{ name: r, email: { to: a@b.nl, from: e@b.nl, server: 'm:25' } }",
            "5:59: `server` is a host's name or address; the port is `port`'s"
        ),
        (
            "{ name: r, email: { to: a@b.nl, from: e@b.nl, server: m, port: 70000 } }",
            "5:68: `port` is a number from 1 to 65535, not `70000`"
        ),
        (
            "{ name: r, email: { to: a@b.nl, from: e@b.nl, server: m, user: u } }",
            "5:23: `user` and `password_file` go together"
        ),
        (
            "{ name: r, email: { to: a@b.nl, from: e@b.nl, server: m, security: startls } }",
            "5:72: `security` is one of tls, starttls, none, not `startls`; did you mean `starttls`?"
        ),
        ("{ name: r, command: { run: [none] } }", "5:32: `run`: none cannot be executed"),
        ("{ name: r, command: { run: [/bin/cat], timeout: 10m } }", "5:53: `timeout` is between 1s and 5m"),
    ])
    func whatIsWrongIsNamedWithItsPlace(_ receiver: String, _ problem: String) throws {
        let found = try problems("  - \(receiver)")
        #expect(found.contains(problem), "\(found)")
    }

    @Test func aReceiverThatIsWrongIsNotMissedAsWell() throws {
        let found = try problems("  - { name: r, command: { program: /bin/cat } }")
        #expect(found == ["5:25: `run` is missing", "5:27: unknown key `program` in `command`"])
    }

    @Test func aSecretNeverStandsInAProblem() throws {
        try folder.write("bad.url", "hxxps://hooks.example/T0P-SECRET")
        let found = try problems("  - { name: r, webhook: { url_file: bad.url } }")
        #expect(!found.isEmpty && !found.joined().contains("T0P-SECRET"))
    }
}
