// The program. Each command is thin: what it does lives in the modules.

import ArgumentParser
import Dispatch
import Glibc
import Model

@main
struct Earshot: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "earshot",
        abstract: "Listens for a brand on the web.",
        discussion: """
            Earshot polls feeds, recognises mentions by the queries of your watches, and alerts the right people \
            through webhooks and a local journal. It is configured by one file: start with `earshot check`, \
            then `earshot run`.

            Exit codes: 0 done, 1 something failed, 64 wrong usage, 78 wrong configuration.
            """,
        version: Product.version,
        subcommands: [
            RunCommand.self, CheckCommand.self, StatusCommand.self, SourcesCommand.self, SilenceCommand.self,
            RouteCommand.self, ReceiversCommand.self, ParkedCommand.self, TailCommand.self, MatchCommand.self,
            ExplainCommand.self, ParseCommand.self, InspectCommand.self, AddCommand.self, OPMLCommand.self,
            DemoCommand.self,
        ])

    static func main() async {
        // A closed pipe is an error of one write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            exit(withError: error)
        }
    }
}
