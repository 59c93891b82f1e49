// Which configuration a command works with, and how a wrong one is answered.

import ArgumentParser
import Configuration
import Foundation

struct ConfigurationOption: ParsableArguments {
    @Option(name: [.long, .short], help: "The configuration file.", completion: .file(extensions: ["yaml"]))
    var config = "/etc/earshot/earshot.yaml"

    /// The settings; a wrong configuration is told whole on standard error and ends the command with 78 (EX_CONFIG).
    func load() throws -> Settings {
        try telling { () throws(ConfigurationError) in try reload() }
    }

    /// The same for as much of it as sources need: secrets are for the service, and need not be at hand.
    func loadSources() throws -> SourceSettings {
        try telling { () throws(ConfigurationError) in
            try SourceSettings.load(config, environment: ProcessInfo.processInfo.environment)
        }
    }

    /// The state folder, whatever else is wrong: the running daemon is asked there, also when an edit was refused, and
    /// by those who may not read the secrets.
    func state() throws -> String {
        try telling { () throws(ConfigurationError) in
            try Settings.state(of: config, environment: ProcessInfo.processInfo.environment)
        }
    }

    /// The same for the journal's path.
    func journal() throws -> String {
        try telling { () throws(ConfigurationError) in
            try Settings.journal(of: config, environment: ProcessInfo.processInfo.environment)
        }
    }

    func reload() throws(ConfigurationError) -> Settings {
        try Settings.load(config, environment: ProcessInfo.processInfo.environment)
    }

    private func telling<Value>(_ read: () throws(ConfigurationError) -> Value) throws -> Value {
        do {
            return try read()
        } catch {
            StandardError.write("\(error)")
            throw ExitCode.wrongConfiguration
        }
    }
}

extension ExitCode {
    static let wrongConfiguration = ExitCode(78)
}
