// `earshot run --once`: what happened, line by line, and whether everything went well.

import ArgumentParser
import Configuration
import Model
import Monitoring
import Storage
import Synchronization

struct OneRound {
    let settings: Settings
    private let style = Style(descriptor: 2)

    init(settings: Settings) {
        self.settings = settings
    }

    func run(_ daemon: Daemon) async throws {
        let tally = Tally(sources: settings.sources.count)
        let parkedBefore = try await daemon.backlog().reduce(0) { $0 + $1.parked }
        try await daemon.runOnce(settings) { [style] source, outcome in
            let line = "\(tally.count(outcome)) \(source.name): \(outcome)"
            if outcome.isFailure { StandardError.write(line, style: style.bad) } else { StandardError.write(line) }
        }
        let backlog = try await daemon.backlog()
        await daemon.stop(grace: RunCommand.grace)
        for waiting in backlog where waiting.queued + waiting.parked > 0 {
            let rest = "\(waiting.queued) deliveries stay queued, \(waiting.parked) parked"
            StandardError.write("\(waiting.receiver): \(rest)")
        }
        StandardError.write(tally.summary)
        let parked = backlog.reduce(0) { $0 + $1.parked } - parkedBefore
        if tally.failed > 0 || parked > 0 || backlog.contains(where: { $0.queued > 0 }) { throw ExitCode.failure }
    }
}

/// Counts polls as they end.
private final class Tally: Sendable {
    private struct Counts {
        var done = 0
        var failed = 0
        var entries = 0
        var new = 0
        var mentions = 0
    }

    private let sources: Int
    private let counts = Mutex(Counts())

    init(sources: Int) {
        self.sources = sources
    }

    var failed: Int { counts.withLock { $0.failed } }

    var summary: String {
        counts.withLock { counts in
            """
            \(sources) sources polled, \(counts.failed) failed; \(counts.entries) entries read, \(counts.new) new; \
            \(counts.mentions) mentions
            """
        }
    }

    /// Counts one, and says which it was.
    func count(_ outcome: PollOutcome) -> String {
        counts.withLock { counts in
            counts.done += 1
            switch outcome {
            case .unchanged, .postponed: break
            case .failed: counts.failed += 1
            case .read(let read):
                counts.entries += read.entries
                counts.new += read.new
                counts.mentions += read.mentions
            }
            return "[\(counts.done)/\(sources)]"
        }
    }
}
