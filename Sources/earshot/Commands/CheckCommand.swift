// `earshot check`: is the configuration right, and do the queries find what their examples say?

import ArgumentParser
import Configuration
import Model

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check the configuration, and every watch against its examples.",
        discussion: "Names every problem with its file, line and column, all of them at once. Nothing is fetched.")

    @OptionGroup var file: ConfigurationOption

    @Flag(name: [.long, .short], help: "Say nothing when everything is in order.")
    var quiet = false

    func run() throws {
        let settings = try file.load()
        for warning in settings.warnings { StandardError.write("warning: \(warning.illustrated)") }
        for problem in settings.unmet { StandardError.write("\(problem)") }
        guard settings.unmet.isEmpty else { throw ExitCode.wrongConfiguration }
        guard !quiet else { return }
        let examples = settings.watches.reduce(0) { $0 + $1.examples.match.count + $1.examples.ignore.count }
        print(
            """
            \(file.config): in order. \(settings.watches.count) watches, \(examples) examples held; \
            \(settings.sources.count) sources; \(settings.receivers.count) receivers.
            """)
    }
}
