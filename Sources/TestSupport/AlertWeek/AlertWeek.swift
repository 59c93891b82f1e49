// A week of mentions on a manual clock: what is found, and what the receivers get, for a judge who knows neither routes
// nor groups. The dispatcher, the courier, the store and the journal are the real ones; only the time and the web are
// scripted.

import Alerting
import Configuration
import Fetching
package import Foundation
package import Journaling
import Logging
package import Model
import Monitoring
import Runtime
import Simulation
import Storage

/// Twenty watches, eight kinds of route, and receivers of every temper.
package final class AlertWeek: Sendable {
    /// A mention as it was found.
    package struct Found: Sendable, Codable {
        package var mention: Mention
        package var watch: Int
        package var time: Date
        package var isCrisis: Bool
        /// The text that it is a copy of.
        package var copyOf: String?
    }

    /// An alert that a receiver took.
    package struct Taken: Sendable {
        package var alert: Alert
        package var time: Date
    }

    package let begin: Date
    package let clock: ManualClock
    private let folder: String
    private let count: Int
    private let log: WeekLog
    /// The last few that were found, and how many there were.
    private let found = Shared<(last: [Found], count: Int)>(([], 0))
    /// Attempts that hang until the clock says that they took too long.
    private let hanging = Shared(0)

    /// The receiver `down` answers 503 in these hours of the week.
    package static let outage = 30.0...78.0
    /// `w14` is silenced in these.
    package static let silence = 50.0...56.0
    /// Everything found in these is about `w13`, and it is much.
    package static let storm = 108.0...108.6
    /// How long an attempt may take, in seconds.
    private static let timeout: TimeInterval = 15

    /// - Parameters:
    ///   - folder: for the store and the journal; on a disk that forgets, a simulated fsync costs nothing.
    ///   - mentions: in the whole week.
    package init(folder: String, mentions: Int) throws {
        self.folder = folder
        count = mentions
        log = try WeekLog(folder: folder)
        // Monday at midnight in Amsterdam.
        begin = Date(timeIntervalSince1970: 1_772_406_000)
        clock = ManualClock(begin)
    }

    package func mentions() throws -> [Found] { try log.found() }
    package func alerts() throws -> [Taken] { try log.taken() }

    package func journal() throws -> [JournalEvent] {
        try String(contentsOfFile: folder + "/journal.jsonl", encoding: .utf8).split(separator: "\n").map {
            try JSONDecoder.earshot.decode(JournalEvent.self, from: Data($0.utf8))
        }
    }

    package static let configuration = """
        watches: [\((0..<20).map { "{ name: w\($0), query: zeebank }" }.joined(separator: ", "))]
        sources: [{ url: "https://forum.example/feed" }]
        signals: [{ name: crisis, query: datalek, priority: high }]
        receivers:
        \(["all", "duty", "office", "drop", "daily", "down", "hang"].map(receiver).joined(separator: "\n"))
        \(receiver("slow", ", pace: 1/s"))
        \(receiver("limited", ", rate_limit: 5/h"))
        \(receiver("counts"))
        time_intervals:
          - name: office
            time_intervals:
              - weekdays: ["monday:friday"]
                times: [{ start_time: "09:00", end_time: "17:00" }]
                location: Europe/Amsterdam
        route:
          receiver: all
          group_by: [watch]
          group_wait: 1m
          group_interval: 5m
          routes:
            - { matchers: [signal=crisis], receiver: duty, continue: true }
            - { matchers: [watch=w13], receiver: counts, continue: true, spike: { alone: true } }
            - { matchers: ['watch=~"w(0|1|2)"'], receiver: office, active_time_intervals: [office] }
            - { matchers: ['watch=~"w(3|4)"'], receiver: drop, active_time_intervals: [office], on_inactive: drop }
            - matchers: ['watch=~"w(5|6|7)"']
              receiver: daily
              group_by: []
              digest: { at: "09:00", location: Europe/Amsterdam, empty: true }
            - { matchers: ['watch=~"w(8|9)"'], receiver: down, group_wait: 30s }
            - { matchers: [watch=w10], receiver: hang }
            - { matchers: [watch=w11], receiver: slow, group_wait: 0s, group_interval: 0s }
            - { matchers: [watch=w12], receiver: limited, group_wait: 0s, group_interval: 0s }
        """

    private static func receiver(_ name: String) -> String { receiver(name, "") }

    private static func receiver(_ name: String, _ manners: String) -> String {
        "  - { name: \(name), webhook: { url: \"https://hooks.example/\(name)\" }\(manners) }"
    }

    // MARK: The week

    /// Lives through the week, a process for each day, and until everything is quiet.
    ///
    /// - Parameter day: called after each, with its number.
    package func live(_ day: (Int) -> Void = { _ in }) async throws {
        let path = folder + "/earshot.yaml"
        try Data("state: \(folder)\n\(Self.configuration)".utf8).write(to: URL(fileURLWithPath: path))
        let settings = try Settings.load(path, environment: ["HOME": folder])
        var dice = Dice(seed: 7)
        let times = (0..<count).map { _ in arrival(&dice) }.sorted()
        var next = times[...]
        for number in 0..<8 {
            let process = try await Process(self, settings)
            if number == 2 { try await process.silence(Self.silence, from: begin) }
            try await run(process, until: begin + Double(number + 1) * 86_400, &next, &dice)
            await process.stop()
            day(number)
        }
    }

    /// Busier by day; the fifth day's noon brings a storm about `w13`.
    private func arrival(_ dice: inout Dice) -> Date {
        if dice.roll(20) == 0 { return begin + Self.storm.lowerBound * 3_600 + Double(dice.roll(1_800)) }
        let day = Double(dice.roll(7)) * 86_400
        let hour = Double(dice.roll(3) == 0 ? dice.roll(86_400) : 28_800 + dice.roll(50_400))
        return begin + day + hour
    }

    /// From alarm to alarm and from mention to mention, so that nothing happens later than it must.
    private func run(_ process: Process, until end: Date, _ next: inout ArraySlice<Date>, _ dice: inout Dice)
        async throws
    {
        // A process that has just begun may not have set its alarms yet, and the clock would pass them by.
        await process.settle(besides: { self.hanging.withLock { $0 } })
        while clock.now < end {
            // Polls bring what came in a quarter of a minute together.
            let poll = next.first.map { $0 + 15 } ?? .distantFuture
            let time = min(end, poll, clock.nextDeadline ?? .distantFuture)
            clock.advance(by: max(0, time.timeIntervalSince(clock.now)))
            let due = next.prefix { $0 <= clock.now }
            next = next.dropFirst(due.count)
            if !due.isEmpty { try await process.find(due.map { _ in invent(&dice) }, at: clock.now) }
            await process.settle(besides: { self.hanging.withLock { $0 } })
        }
    }

    // MARK: Mentions

    private func invent(_ dice: inout Dice) -> Mention {
        let now = clock.now
        return found.withLock { found in
            let number = found.count
            found.count += 1
            let hours = now.timeIntervalSince(begin) / 3_600
            let isStorm = Self.storm.contains(hours)
            var watch = isStorm ? 13 : dice.roll(20)
            let isCrisis = dice.roll(100) == 0
            var text = (0..<40).map { _ in "woord\(dice.roll(50_000))" }.joined(separator: " ")
            var copyOf: String?
            // One in ten is a copy, with a line of its own, of what was found lately.
            if dice.roll(10) == 0, let original = found.last.first(where: { $0.copyOf == nil && !$0.isCrisis }) {
                (watch, copyOf) = (original.watch, original.mention.id)
                text = original.mention.entry.text + " bron \(number)"
            }
            var mention = Mention.example(number, text: text)
            mention.id = Identifiers.group(.mentions, route: "week", receiver: "\(number)", labels: [:])
            mention.watch = "w\(watch)"
            mention.found = now
            mention.entry.title = "Bericht \(number)"
            if isCrisis, copyOf == nil { mention.signals = [Mention.Signal(name: "crisis", words: ["datalek"])] }
            let entry = Found(
                mention: mention, watch: watch, time: now, isCrisis: !mention.signals.isEmpty, copyOf: copyOf)
            found.last = found.last.suffix(199) + [entry]
            log.note(entry)
            return mention
        }
    }

    // MARK: Receivers

    fileprivate func answer(_ request: Request) async -> FetchOutcome {
        let name = request.url.split(separator: "/").last ?? ""
        let hours = clock.now.timeIntervalSince(begin) / 3_600
        if name == "hang" {
            await hang()
            return .failed(Task.isCancelled ? .cancelled : .timedOut(.waiting))
        }
        if name == "down", Self.outage.contains(hours) { return .response(Response(status: 503)) }
        log.note(taken: request.body, at: clock.now)
        return .response(Response(status: 204))
    }

    /// Until the clock says that it took too long, or the attempt is called off.
    private func hang() async {
        let waiting = Shared<CheckedContinuation<Void, Never>?>(nil)
        let end: @Sendable () -> Void = {
            let done = waiting.withLock { waiting in
                defer { waiting = nil }
                return waiting
            }
            done?.resume()
        }
        let alarm = clock.alarm(on: DispatchQueue(label: "hang"), end)
        await withTaskCancellationHandler {
            await withCheckedContinuation { done in
                waiting.withLock { $0 = done }
                hanging.withLock { $0 += 1 }
                alarm.set(clock.now + Self.timeout)
                if Task.isCancelled { end() }
            }
        } onCancel: {
            end()
        }
        hanging.withLock { $0 -= 1 }
    }
}

/// One life of the daemon's sending half.
private struct Process {
    private let store: SQLiteStore
    private let dispatcher: Dispatcher
    private let courier: Courier

    init(_ week: AlertWeek, _ settings: Settings) async throws {
        let log = Logger(label: "week") { _ in SwiftLogNoOpLogHandler() }
        let (network, storing) = (QueueExecutor(label: "week.network"), QueueExecutor(label: "week.store"))
        store = try SQLiteStore(path: settings.state + "/earshot.sqlite", executor: storing)
        let recorder = Recorder(
            executor: storing, store: store, journal: try Journal(path: settings.journal), log: log)
        await recorder.bringJournalUpToDate()
        let web = ScriptedTransport(remembering: false) { request, _ in await week.answer(request) }
        courier = Courier(
            executor: network, clock: week.clock, transport: web, store: store, recorder: recorder, log: log,
            dice: { 0 })
        dispatcher = Dispatcher(
            executor: storing, clock: week.clock, store: store, recorder: recorder, courier: courier, log: log)
        try await dispatcher.restore()
        await courier.use(settings)
        await dispatcher.use(settings)
    }

    func find(_ mentions: [Mention], at now: Date) async throws {
        var change = Change()
        change.mentions = mentions.map { Change.MentionKey(id: $0.id, found: now) }
        try await dispatcher.commit(change, mentions, [], at: now)
    }

    /// Makes the week's silence.
    func silence(_ hours: ClosedRange<Double>, from begin: Date) async throws {
        try await dispatcher.add(
            Silence(
                id: "q_week", matchers: ["watch=w14"], reason: "Onderhoud", author: "jan",
                starts: begin + hours.lowerBound * 3_600, ends: begin + hours.upperBound * 3_600))
    }

    /// Waits until nothing is under way but attempts that hang.
    func settle(besides hanging: () -> Int) async {
        await dispatcher.settle()
        while await courier.pending > hanging() { await Task.yield() }
    }

    func stop() async {
        await dispatcher.stop()
        await courier.stop(grace: 0)
        await store.close()
    }
}
