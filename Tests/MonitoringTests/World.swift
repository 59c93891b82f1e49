// A daemon of a test's own: real configuration file, real store, real journal; only the web and the time are scripted.

import Alerting
import Configuration
import Feeds
import Fetching
import Foundation
import Journaling
import Logging
import Model
import Monitoring
import Runtime
import TestSupport

/// One feed, one watch for "zeebank", one receiver, and a clock that stands still.
final class World: Sendable {
    let folder: TemporaryFolder
    let clock = ManualClock()
    let web: ScriptedTransport
    /// What the feed shows, newest first; the status it answers with; the receiver's status.
    let feed = Shared<[Item]>([])
    let feedStatus = Shared(200)
    let receiverStatus = Shared(204)
    /// What a test has the web answer instead; where it answers `nil`, the feed does.
    let answer = Shared<@Sendable (Request) -> FetchOutcome?>({ _ in nil })

    struct Item: Sendable {
        var id: String
        var text: String
        var published: Date?
    }

    init() throws {
        folder = try TemporaryFolder()
        let (feed, feedStatus, receiverStatus, answer) = (feed, feedStatus, receiverStatus, answer)
        web = ScriptedTransport { request, _ in
            if request.url.hasPrefix("https://hooks.example/") {
                return .response(Response(status: receiverStatus.withLock { $0 }))
            }
            if let outcome = answer.current(request) { return outcome }
            let status = feedStatus.withLock { $0 }
            let body = status == 200 ? Array(Self.rss(feed.withLock { $0 }).utf8) : []
            return .response(Response(status: status, body: body, address: request.url))
        }
        try folder.write("webcare.secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    }

    /// Runs a daemon on this world's state while `body` runs, and stops it then.
    ///
    /// - Parameter endsScript: whether a script ends with it. It mostly knows its world, which would keep itself alive,
    ///   and its folder.
    func run(
        sources: String = "  - { url: 'https://forum.example/feed', interval: 15m }",
        watches: String = "  - { name: zeebank, query: zeebank }", polling: String = World.quick,
        alerting: String = World.alerting, endsScript: Bool = true, _ body: (Daemon, Settings) async throws -> Void
    ) async throws {
        let settings = try settings(sources: sources, watches: watches, polling: polling, alerting: alerting)
        let daemon = try await Daemon(
            settings: settings, queues: Daemon.Queues(), clock: clock, transport: web,
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, dice: { 0 })
        defer { if endsScript { answer.withLock { $0 = { _ in nil } } } }
        try await daemon.start(settings)
        await daemon.settle()
        try await body(daemon, settings)
        await daemon.stop(grace: 0)
    }

    /// One receiver that gets everything at once.
    static let alerting = """
        receivers:
          - { name: webcare, webhook: { url: "https://hooks.example/x", secret_file: webcare.secret } }
        route: { receiver: webcare }
        """

    static let quick = "{ interval: 1h, floor: 1m }"

    func settings(
        sources: String, watches: String, polling: String = quick, alerting: String = World.alerting
    ) throws -> Settings {
        let path = try folder.write(
            "earshot.yaml",
            """
            state: state
            polling: \(polling)
            watches:
            \(watches)
            sources:
            \(sources)
            \(alerting)
            """)
        return try Settings.load(path, environment: [:])
    }

    /// Makes it later, and waits until everything that fell due has been done.
    func pass(_ seconds: TimeInterval, _ daemon: Daemon) async {
        clock.advance(by: seconds)
        await daemon.settle()
    }

    /// Puts a new entry on top of the feed.
    func publish(_ id: String, _ text: String, published: Date? = nil) {
        feed.withLock { $0.insert(Item(id: id, text: text, published: published), at: 0) }
    }

    /// Makes it later, in steps small enough for each poll to be made when it falls due.
    func pass(_ seconds: TimeInterval, inStepsOf step: TimeInterval, _ daemon: Daemon) async {
        for _ in 0..<Int(seconds / step) { await pass(step, daemon) }
    }

    /// What the feed would answer, with other headers or another status.
    func feedResponse(_ status: Int = 200, _ headers: [Header] = [], showing items: [Item]? = nil) -> FetchOutcome {
        let body = status == 200 ? Array(Self.rss(items ?? feed.withLock { $0 }).utf8) : []
        return .response(Response(status: status, headers: headers, body: body, address: "https://forum.example/feed"))
    }

    /// The entries that the feed shows.
    func readFeed() throws -> [Entry] {
        let body = Array(Self.rss(feed.withLock { $0 }).utf8)
        return try FeedReader().read(body, address: nil, headers: [], now: clock.now).entries
    }

    /// Has the web answer by `script` from now on.
    func script(_ script: @escaping @Sendable (Request) -> FetchOutcome?) {
        answer.withLock { $0 = script }
    }

    /// What the journal says of sources.
    func troubles() throws -> [SourceTrouble.State] {
        try journal().compactMap { if case .source(let report) = $0.happening { report.state } else { nil } }
    }

    /// Requests to the forum, not to the receiver.
    var polls: Int { web.requests.count { $0.method == "GET" } }

    /// Every message the receiver was sent, refused ones included.
    func messages() throws -> [Payload] {
        try web.requests.filter { $0.method == "POST" }.map {
            try JSONDecoder.earshot.decode(Payload.self, from: Data($0.body))
        }
    }

    func mentionedEntries() throws -> [String?] {
        try messages().flatMap(\.data.mentions).map(\.entry.id)
    }

    func journal() throws -> [JournalEvent] {
        try folder.read("state/journal.jsonl").split(separator: "\n").map {
            try JSONDecoder.earshot.decode(JournalEvent.self, from: Data($0.utf8))
        }
    }

    func journaledMentions() throws -> [Mention] {
        try journal().compactMap {
            if case .mention(let mention) = $0.happening { mention } else { nil }
        }
    }

    private static func rss(_ items: [Item]) -> String {
        let items = items.map { item in
            let date = item.published.map { "<pubDate>\($0.formatted(.iso8601))</pubDate>" } ?? ""
            return """
                <item><guid>\(item.id)</guid><title>Post \(item.id)</title><description>\(item.text)</description>\
                <link>https://forum.example/\(item.id)</link>\(date)</item>
                """
        }
        return "<rss version=\"2.0\"><channel><title>Forum</title>\(items.joined())</channel></rss>"
    }
}
