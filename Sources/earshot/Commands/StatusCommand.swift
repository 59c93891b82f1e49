// `earshot status`: how the running daemon is.

import ArgumentParser
import Control
import Foundation
import Model
import Monitoring

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Ask the running daemon how it is.")

    @OptionGroup var daemon: RunningDaemon

    @Flag(help: "As JSON.")
    var json = false

    func run() async throws {
        let status = try await daemon.ask { try await $0.get(Status.self, "/status") }
        print(json ? String(decoding: try JSONEncoder.earshot.encode(status), as: UTF8.self) : "\(status)")
    }
}
