// Which configuration a command works with, and how a wrong one is answered.

import ArgumentParser
import Configuration
import Foundation

struct ConfigurationOption: ParsableArguments {
    @Option(name: [.long, .short], help: "The configuration file.", completion: .file(extensions: ["yaml"]))
    var config = "/etc/earshot/earshot.yaml"

    /// The settings; a wrong configuration is told whole on standard error and ends the command with 78 (EX_CONFIG).
    func load() throws -> Settings {
        do {
            return try reload()
        } catch {
            StandardError.write("\(error)")
            throw ExitCode.wrongConfiguration
        }
    }

    func reload() throws(ConfigurationError) -> Settings {
        try Settings.load(config, environment: ProcessInfo.processInfo.environment)
    }
}

extension ExitCode {
    static let wrongConfiguration = ExitCode(78)
}
