// `earshot tail`: the journal for people.

import ArgumentParser
import Configuration
import Foundation
import Journaling

struct TailCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail", abstract: "Show the journal: mentions, deliveries, and what happened to sources.")

    @OptionGroup var file: ConfigurationOption

    @Option(help: "The journal file, instead of the configuration's.", completion: .file())
    var journal: String?

    @Option(name: [.customShort("n"), .long], help: "How many of the last lines to begin with.")
    var lines = 20

    @Flag(name: .short, help: "Go on with new lines as they come, also in a new file after a rotation.")
    var follow = false

    @Flag(help: "Show the lines as they stand in the journal.")
    var json = false

    func validate() throws {
        guard lines >= 0 else { throw ValidationError("-n takes 0 or more.") }
    }

    func run() async throws {
        let path = try journal ?? file.journal()
        guard var reader = JournalReader(path: path) else {
            StandardError.write("\(path): cannot be read; has the daemon run yet?")
            throw ExitCode.failure
        }
        for line in reader.last(lines) { try show(line) }
        // inotify would save a look at the file's size now and then, which costs nothing worth saving.
        while follow {
            for line in reader.next() { try show(line) }
            try await Task.sleep(for: .milliseconds(250))
        }
    }

    private func show(_ line: Data) throws {
        let text = json ? String(decoding: line, as: UTF8.self) : JournalText(style: Style()).text(of: line)
        do {
            try StandardOutput.write(text)
        } catch {
            // Whoever read along has gone.
            throw ExitCode.success
        }
    }
}
