// `earshot parked`: deliveries that are not tried again by themselves, and what becomes of them.

import Alerting
import ArgumentParser
import Configuration
import Control
import Foundation
import Model
import Storage

struct ParkedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parked",
        abstract: "List, show, send again or drop deliveries that are not tried again by themselves.",
        subcommands: [List.self, Show.self, Redeliver.self, Drop.self])

    /// Which of them.
    struct Selection: ParsableArguments {
        @Option(help: "Only those for this receiver.")
        var receiver: String?

        @Option(help: "Only those that were parked since then: 2d for two days ago, or 2026-03-02T08:00:00Z.")
        var since: String?

        func filter() throws -> ParkedFilter {
            ParkedFilter(receiver: receiver, since: try since.map(Self.time))
        }

        private static func time(_ text: String) throws -> Date {
            if let duration = DurationText.parse(text) { return Date() - duration / .seconds(1) }
            if let date = try? Date(text, strategy: .iso8601) { return date }
            let known = "a duration such as 2d or a time such as 2026-03-02T08:00:00Z"
            throw ValidationError("--since takes \(known), not \(text)")
        }
    }

    /// Which of them, when something happens to them.
    struct Choice: ParsableArguments {
        @OptionGroup var selection: Selection

        @Flag(help: "All that are parked.")
        var all = false

        @Argument(help: "The alerts' ids, as `list` shows them.")
        var ids: [String] = []

        func filter() throws -> ParkedFilter {
            var filter = try selection.filter()
            guard all || !ids.isEmpty || filter != ParkedFilter() else {
                throw ValidationError("Say which: ids, --receiver, --since, or --all.")
            }
            if !ids.isEmpty { filter.ids = ids }
            return filter
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List parked deliveries, the longest parked first.")

        @OptionGroup var daemon: RunningDaemon
        @OptionGroup var selection: Selection

        @Flag(help: "As JSON.")
        var json = false

        func run() async throws {
            let filter = try selection.filter()
            var query: [String: String] = [:]
            query["receiver"] = filter.receiver
            query["since"] = filter.since?.formatted(.iso8601)
            let listing = try await daemon.ask { [query] client in
                try await client.get(ParkedListing.self, "/parked", query: query)
            }
            if json {
                print(String(decoding: try JSONEncoder.earshot.encode(listing.parked), as: UTF8.self))
            } else {
                for delivery in listing.parked { print(Self.line(delivery)) }
            }
            let rest = listing.matching - listing.parked.count
            if rest > 0 { StandardError.write("and \(rest) more; --receiver and --since show fewer") }
        }

        private static func line(_ delivery: ParkedDelivery) -> String {
            let tries = delivery.attempts == 1 ? "1 attempt" : "\(delivery.attempts) attempts"
            let when = delivery.parked.formatted(.iso8601)
            let receiver = Visible.text(delivery.receiver)
            return "\(delivery.id)  \(when)  to \(receiver), \(tries): \(Visible.text(delivery.reason))"
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show the alert of a parked delivery.")

        @OptionGroup var daemon: RunningDaemon

        @Flag(help: "As JSON.")
        var json = false

        @Argument(help: "The alert's id, as `list` shows it.")
        var id: String

        func run() async throws {
            let payload = try await daemon.ask {
                try await $0.get(Payload.self, "/parked/alert", query: ["id": id])
            }
            guard !json else {
                print(String(decoding: try payload.encoded(), as: UTF8.self))
                return
            }
            for line in payload.alert.inWords.split(separator: "\n", omittingEmptySubsequences: false) {
                print(Visible.text(String(line)))
            }
        }
    }

    struct Redeliver: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Queue parked deliveries again, each with all its attempts before it.")

        @OptionGroup var daemon: RunningDaemon
        @OptionGroup var choice: Choice

        @Option(help: "Who gets them instead, such as the receiver's new name.")
        var to: String?

        func run() async throws {
            let filter = try choice.filter()
            var query: [String: String] = [:]
            query["to"] = to
            let done = try await daemon.ask { [query] client in
                try await client.post(ParkedCount.self, "/parked/redeliver", query: query, body: filter)
            }
            print("\(done.count) queued again")
        }
    }

    struct Drop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Forget parked deliveries. The journal keeps what they told of.")

        @OptionGroup var daemon: RunningDaemon
        @OptionGroup var choice: Choice

        func run() async throws {
            let filter = try choice.filter()
            let done = try await daemon.ask { try await $0.post(ParkedCount.self, "/parked/drop", body: filter) }
            print("\(done.count) dropped")
        }
    }
}
