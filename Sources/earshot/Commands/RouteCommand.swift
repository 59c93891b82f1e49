// `earshot route explain`: which routes a mention takes, to whom, when and why.

import Alerting
import ArgumentParser
import Configuration
import Control
import Foundation
import Journaling
import Model
import Monitoring
import Storage

struct RouteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "route", abstract: "Show where mentions go.", subcommands: [Explain.self])

    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say which routes mentions take: which receiver, when and why.",
            discussion: """
                Without --text and --title the last mentions of the journal are explained, by the configuration as it \
                is now. With one of them a sample is: the watches and signals that hit it are found as in a feed. \
                Silences, and how much of a rate limit is used, are asked of the running daemon; without one they are \
                left out.

                Exit codes: 0 explained, 1 no watch hits the sample or the journal has no mention, 78 the \
                configuration is wrong.
                """)

        @OptionGroup var file: ConfigurationOption

        @Option(help: "The daemon's socket, instead of the one in the state folder.", completion: .file())
        var socket: String?

        @Option(name: [.customShort("n"), .long], help: "How many of the journal's last mentions.")
        var last = 1

        @Option(help: "The sample's text.")
        var text: String?

        @Option(help: "The sample's title.")
        var title: String?

        @Option(help: "The sample's author.")
        var author: String?

        @Option(help: "The sample's language, such as nl.")
        var language: String?

        @Option(help: "The sample's rating.")
        var rating: Double?

        @Option(help: "The name of one of the configuration's sources, whose labels the sample gets.")
        var source: String?

        @Option(help: "When it is found, such as 2026-03-02T08:00:00Z; default: now.")
        var at: String?

        func validate() throws {
            guard last >= 1 else { throw ValidationError("-n takes 1 or more.") }
            let isDescribed = author != nil || language != nil || rating != nil || source != nil
            guard isSample || !isDescribed else {
                throw ValidationError("--author and the like belong to a sample: give its --text or --title, too.")
            }
        }

        private var isSample: Bool { text != nil || title != nil }

        func run() async throws {
            let settings = try file.load()
            let now = try at.map(date) ?? Date()
            let mentions = isSample ? try sample(settings, now) : try journaled(settings.journal)
            guard !mentions.isEmpty else {
                let reason = isSample ? "no watch finds this text" : "\(settings.journal): no mention is in it yet"
                StandardError.write(reason)
                throw ExitCode.failure
            }
            let explanation = RouteText(settings, moment: await moment(state: settings.state), now: now)
            print(mentions.map(explanation.text).joined(separator: "\n\n"))
        }

        /// What only the daemon knows.
        private func moment(state: String) async -> RouteText.Moment {
            let client = ControlClient(path: socket ?? ControlSocket.path(state: state))
            do {
                return RouteText.Moment(
                    silences: try await client.get([Silence].self, "/silences").compactMap { try? SilenceRule($0) },
                    allowances: try await client.get([Allowance].self, "/limits"))
            } catch {
                StandardError.write("silences and rate limits are left out: \(error)")
                return RouteText.Moment()
            }
        }

        private func date(_ text: String) throws -> Date {
            guard let date = try? Date(text, strategy: .iso8601) else {
                throw ValidationError("--at: \(text) is not a time; write 2026-03-02T08:00:00Z")
            }
            return date
        }

        /// What would be found if a source showed this text.
        private func sample(_ settings: Settings, _ now: Date) throws -> [Mention] {
            var entry = Entry(identity: "sample")
            entry.title = RichText(title ?? "", form: .plain)
            entry.contents = [RichText(text ?? "", form: .plain)]
            entry.authors = author.map { [Person(name: $0)] } ?? []
            entry.language = language
            entry.rating = rating
            let source = try source.map { try self.source(named: $0, settings) } ?? Self.nowhere
            return Recogniser(settings).mentions(in: entry, of: source, found: now, edited: false)
        }

        private static let nowhere = Source(url: "https://sample.invalid/", name: "sample")

        private func source(named name: String, _ settings: Settings) throws -> Source {
            guard let source = settings.sources.first(where: { $0.name == name }) else {
                throw ValidationError("--source: there is no source named \(name)")
            }
            return source
        }

        private func journaled(_ path: String) throws -> [Mention] {
            guard var reader = JournalReader(path: path) else {
                StandardError.write("\(path): cannot be read; has the daemon run yet?")
                throw ExitCode.failure
            }
            // Deliveries and alerts stand between mentions, as many as there are receivers.
            return reader.last(last, Self.mention)
        }

        private static let mark = Data(#""event":"mention""#.utf8)

        private static func mention(_ line: Data) -> Mention? {
            guard line.firstRange(of: mark) != nil,
                let event = try? JSONDecoder.earshot.decode(JournalEvent.self, from: line),
                case .mention(let mention) = event.happening
            else { return nil }
            return mention
        }
    }
}
