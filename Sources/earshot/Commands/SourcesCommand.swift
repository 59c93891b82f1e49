// `earshot sources`: what the running daemon knows of its sources.

import ArgumentParser
import Control
import Foundation
import Model
import Monitoring

struct SourcesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sources",
        abstract: "Ask the running daemon about its sources: the last poll, the next, and why then.")

    @Argument(help: "A part of a name or an address; without it, any.")
    var text = ""

    @Option(name: [.customShort("n"), .long], help: "How many sources to show, at most 1000.")
    var limit = 20

    @Flag(help: "As JSON.")
    var json = false

    @OptionGroup var daemon: RunningDaemon

    func validate() throws {
        guard (0...1_000).contains(limit) else { throw ValidationError("-n takes 0 to 1000.") }
    }

    func run() async throws {
        let query = ["matching": text, "limit": String(limit)]
        let listing = try await daemon.ask { try await $0.get(SourceListing.self, "/sources", query: query) }
        if json { return print(String(decoding: try JSONEncoder.earshot.encode(listing), as: UTF8.self)) }
        let texts = SourceText(style: Style())
        for source in listing.sources { print(texts.text(of: source)) }
        let rest = listing.matching - listing.sources.count
        if rest > 0 { StandardError.write("and \(rest) more; -n shows up to 1000, a part of a name or address fewer") }
        guard listing.matching > 0 else {
            StandardError.write(
                text.isEmpty ? "there are no sources" : "no source's name or address contains “\(text)”")
            throw ExitCode.failure
        }
    }
}
