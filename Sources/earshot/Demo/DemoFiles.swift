// The demo's configuration: a real file, read like any other.

import Foundation

struct DemoFiles {
    private let folder: URL
    let text: String

    var configuration: String { folder.appendingPathComponent("earshot.yaml").path }

    init(sites: [DemoWeb.Served], webhook: String, secret: String) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("earshot-demo-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        text = Self.configuration(folder: folder.path, sites: sites, webhook: webhook)
        try Data(text.utf8).write(to: folder.appendingPathComponent("earshot.yaml"))
        try Data(secret.utf8).write(to: folder.appendingPathComponent("webhook.secret"))
    }

    func remove() {
        try? FileManager.default.removeItem(at: folder)
    }

    private static func configuration(folder: String, sites: [DemoWeb.Served], webhook: String) -> String {
        let sources = sites.map { site in
            """
              - url: \(site.url)
                name: \(site.name)
                lookback: 1h
            """
        }.joined(separator: "\n")
        return """
            state: \(folder)
            polling: { interval: 2s, floor: 1s, allow_private_addresses: true }
            watches:
              - name: zeebank
                query: 'zeebank OR @zeebank OR "zee bank"'
              - name: zeebank-trouble
                query: 'zeebank AND (storing OR klacht* OR outage OR locked OR "werkt niet")'
                labels: { team: webcare }
            sources:
            \(sources)
            receivers:
              - name: webcare
                webhook: { url: "\(webhook)", secret_file: webhook.secret, allow_private_addresses: true }
            route: { receiver: webcare }

            """
    }
}
