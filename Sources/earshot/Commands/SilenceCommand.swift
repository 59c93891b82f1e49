// `earshot silence`: hold alerts back for a while, see what is held back, end it early.

import ArgumentParser
import Configuration
import Control
import Foundation
import Model

struct SilenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "silence", abstract: "Hold alerts back for a while; mentions are journaled all the same.",
        subcommands: [Add.self, List.self, Expire.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tell nobody of mentions that match.",
            discussion: """
                MATCHER is what a route's matchers are, such as watch="acme", source=~"Forum.*" or rating>=4; all \
                must hold. What waits in a group or digest already is told.
                """)

        @OptionGroup var daemon: RunningDaemon

        @Option(name: .customLong("for"), help: "How long, such as 2h or 1d12h.")
        var duration: String

        @Option(help: "Why; whoever lists the silences sees it.")
        var reason: String

        @Option(help: "Who; default: the user who types this.")
        var author = NSUserName()

        @Option(help: "When it begins, such as 2026-03-02T08:00:00Z; default: now.")
        var starts: String?

        @Argument(help: "What to hold back.")
        var matchers: [String]

        func run() async throws {
            guard let seconds = DurationText.parse(duration), seconds > .zero else {
                throw ValidationError("--for: \(duration) is not a duration; write 90s, 15m, 1h30m or 7d")
            }
            let starts = try starts.map { text in
                guard let date = try? Date(text, strategy: .iso8601) else {
                    throw ValidationError("--starts: \(text) is not a time; write 2026-03-02T08:00:00Z")
                }
                return date
            }
            let order = SilenceOrder(
                matchers: matchers, duration: seconds / .seconds(1), starts: starts, reason: reason, author: author)
            let silence = try await daemon.ask { try await $0.post(Silence.self, "/silences", body: order) }
            print(SilenceText.line(silence))
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the silences that last or are still to come.")

        @OptionGroup var daemon: RunningDaemon

        @Flag(help: "Those that ended in the last month, too.")
        var past = false

        @Flag(help: "As JSON.")
        var json = false

        func run() async throws {
            let query = past ? ["past": "true"] : [:]
            let silences = try await daemon.ask { try await $0.get([Silence].self, "/silences", query: query) }
            if json {
                print(String(decoding: try JSONEncoder.earshot.encode(silences), as: UTF8.self))
            } else {
                for silence in silences { print(SilenceText.line(silence)) }
            }
        }
    }

    struct Expire: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End a silence now.")

        @OptionGroup var daemon: RunningDaemon

        @Argument(help: "The silence's id, as `list` shows it.")
        var id: String

        func run() async throws {
            let silence = try await daemon.ask {
                try await $0.post(Silence.self, "/silences/expire", query: ["id": id], body: [String]())
            }
            print(SilenceText.line(silence))
        }
    }
}
