// A day of polls on a simulated clock and web, through the very value that decides in the daemon.

import Fetching
package import FoundationEssentials
import Model
package import Monitoring
package import Storage

/// Runs an agenda through a day, second by second.
package struct SimulatedDay {
    package static let start = Date(timeIntervalSince1970: 1_772_438_400)
    private static let interval = 3_600
    /// How long a throttling server asks for, in seconds.
    private static let rest = 5_400

    private let web: SimulatedWeb
    private let seconds: Int
    package private(set) var agenda = Agenda()
    package private(set) var judge: Judge
    /// Polls that end in each second to come; no answer takes longer than this many seconds.
    private var ends = [[Flight]](repeating: [], count: 64)
    /// Polls that wait for their turn at a redirect's target.
    private var waiting: [Int64: Flight] = [:]
    private var polls: [UInt16]
    private var failures: [UInt8]
    private var dice: Dice

    private struct Flight {
        var id: Int64
        var source: Int
        var manner: SimulatedWeb.Manner
        /// Whether what it asks now is a redirect's target.
        var isLed = false
    }

    /// - Parameter outlines: the sources as the store gives them; made here where there is none.
    package init(_ web: SimulatedWeb, seconds: Int, seed: UInt64, outlines: [SourceOutline]? = nil) {
        self.web = web
        self.seconds = seconds
        judge = Judge(web, interval: Self.interval, day: seconds)
        polls = Array(repeating: 0, count: web.count)
        failures = Array(repeating: 0, count: web.count)
        dice = Dice(seed: seed)
        let outlines = outlines ?? (0..<web.count).map { SourceOutline(id: Int64($0 + 1), due: Self.start) }
        agenda.use(web.sources, outlines, budget: nil, at: Self.start)
    }

    package mutating func run() {
        for second in 0..<seconds {
            let now = Self.start + Double(second)
            let over = ends[second % ends.count]
            ends[second % ends.count].removeAll(keepingCapacity: true)
            for flight in over { end(flight, at: now) }
            while let beginning = agenda.begin(at: now) {
                switch beginning {
                case .poll(let id, let source): begin(id, source, at: second)
                case .turn(let id): goOn(id, at: second)
                case .noTurn(let id, let until):
                    if let flight = waiting.removeValue(forKey: id) { postpone(flight, until: until, at: now) }
                }
            }
        }
    }

    private mutating func begin(_ id: Int64, _ source: Int, at second: Int) {
        let poll = Int(polls[source])
        let manner = web.manner(of: source, poll: poll)
        let duration = web.duration(of: source, poll: poll)
        polls[source] += 1
        judge.take(
            Judge.Request(source: source, start: second, end: second + duration, manner: manner, rest: Self.rest))
        ends[(second + duration) % ends.count].append(Flight(id: id, source: source, manner: manner))
    }

    /// A poll that waited asks the redirect's target.
    private mutating func goOn(_ id: Int64, at second: Int) {
        guard var flight = waiting.removeValue(forKey: id) else { return }
        flight.isLed = true
        judge.take(
            Judge.Request(
                source: flight.source, start: second, end: second + 1, manner: flight.manner, rest: 0,
                target: web.target(of: flight.source).site))
        ends[(second + 1) % ends.count].append(flight)
    }

    /// A request is over, and its poll with it, unless it leads on.
    private mutating func end(_ flight: Flight, at now: Date) {
        guard flight.manner == .leads, !flight.isLed else { return finish(flight, at: now) }
        waiting[flight.id] = flight
        guard let until = agenda.goOn(flight.id, to: web.target(of: flight.source).address, at: now) else { return }
        waiting[flight.id] = nil
        postpone(flight, until: until, at: now)
    }

    private mutating func postpone(_ flight: Flight, until: Date, at now: Date) {
        finish(flight, .postponed(until.timeIntervalSince(now), .crowded), Landing(), at: now)
    }

    private mutating func finish(_ flight: Flight, at now: Date) {
        let source = flight.source
        var outcome = PollOutcome.unchanged
        var landing = Landing()
        landing.peer = "\(web.machine(of: source))"
        switch flight.manner {
        case .unchanged, .leads: break
        case .fails: outcome = .failed(.refused(status: 503, retryAfter: nil))
        case .isGone: outcome = .failed(.refused(status: 410, retryAfter: nil))
        case .hangs: outcome = .failed(.unreachable(.timedOut(.waiting)))
        case .throttles:
            outcome = .failed(.throttled(status: 429, retryAfter: Double(Self.rest)))
            landing.siteRest = now + Double(Self.rest)
        }
        finish(flight, outcome, landing, at: now)
    }

    private mutating func finish(_ flight: Flight, _ outcome: PollOutcome, _ landing: Landing, at now: Date) {
        let source = flight.source
        failures[source] = outcome.isFailure ? min(failures[source] + 1, 100) : 0
        var state = SourceState(id: flight.id, due: now)
        state.polled = now
        state.failures = Int(failures[source])
        state.validators.etag = "\"1\""
        let section = Source(url: "", name: "", cadence: agenda.sources.cadence(at: source))
        agenda.plan(&state, after: outcome, Advice(), of: section, at: now, dice: 2 * dice.share() - 1)
        agenda.finished(flight.id, state, landing, at: now)
    }
}
