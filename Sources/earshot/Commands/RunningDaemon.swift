// How a command reaches the daemon: by the socket in the state folder that the configuration names.

import ArgumentParser
import Configuration
import Control

struct RunningDaemon: ParsableArguments {
    @OptionGroup var file: ConfigurationOption

    @Option(help: "The daemon's socket, instead of the one in the configuration's state folder.", completion: .file())
    var socket: String?

    func client() throws -> ControlClient {
        ControlClient(path: try socket ?? ControlSocket.path(state: file.state()))
    }

    /// Has `body` ask; an error is told on standard error and ends the command with 1.
    func ask<Value>(_ body: (ControlClient) async throws -> Value) async throws -> Value {
        let client = try client()
        do {
            return try await body(client)
        } catch let error as ControlError {
            StandardError.write("\(error)")
            throw ExitCode.failure
        }
    }
}
