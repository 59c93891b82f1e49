// What a person should be told of a source after a poll, beyond what it brought: that it keeps failing, may have lost
// entries, has gone silent or moved. Each is said once, and again only when it had been over.

import Alerting
import FoundationEssentials
import Model

/// A source before and after a poll.
struct Coverage {
    let source: Source
    let before: SourceState
    /// Its outcome is counted in it.
    let after: SourceState
    let outcome: PollOutcome
    let now: Date
    /// Failed polls in a row after which a person is told.
    let telling: Int

    /// Failing for this long, in seconds, is told once more: nobody has seen to it.
    static let long: TimeInterval = 3 * 86_400
    /// What is missed again within this time, in seconds, is the same trouble still.
    static let episode: TimeInterval = 3 * 86_400
    /// A source is silent when as many entries would have been expected since its last, and at least two days have
    /// passed: feeds publish in bursts, so that five in a row fail to come without a reason.
    static let expected: Float = 12
    static let leastSilence: TimeInterval = 2 * 86_400

    /// Whether nothing comes from a source any more, for longer than its rhythm explains.
    static func isSilent(_ state: SourceState, at now: Date) -> Bool {
        let latest = state.changed ?? now
        return now.timeIntervalSince(latest) >= leastSilence && state.rhythm.expectedSinceLatest(at: now) >= expected
    }

    var reports: [SourceTrouble] {
        switch outcome {
        case .failed(.refused(410, _)): before.reason == .gone ? [] : [report(.gone, "\(outcome)")]
        case .failed: failing
        case .postponed: []
        case .unchanged, .read: recovered + missed + silence + move
        }
    }

    private var failing: [SourceTrouble] {
        if before.failures < telling, after.failures >= telling { return [report(.failing, "\(outcome)")] }
        guard let since = after.failingSince, let polled = before.polled, now.timeIntervalSince(since) >= Self.long,
            polled.timeIntervalSince(since) < Self.long, after.failures > telling
        else { return [] }
        return [report(.lost, "for three days now: \(outcome)")]
    }

    private var recovered: [SourceTrouble] {
        before.failures >= telling ? [report(.recovered)] : []
    }

    private var missed: [SourceTrouble] {
        let entries = begins(\.entriesMissed) ? [report(.gap, "no entry of the last poll is left")] : []
        guard begins(\.pagesMissed) else { return entries }
        return entries + [report(.gap, "pages of entries could not be had: these were matched on what the feed says")]
    }

    /// Whether something is missed that was not for long.
    private func begins(_ missed: KeyPath<Reading, Date?>) -> Bool {
        guard let latest = after.reading?[keyPath: missed] else { return false }
        guard let earlier = before.reading?[keyPath: missed] else { return true }
        return latest.timeIntervalSince(earlier) >= Self.episode
    }

    private var silence: [SourceTrouble] {
        if after.isSilent, !before.isSilent {
            return [report(.silent, "nothing since \((after.changed ?? now).formatted(.iso8601))")]
        }
        return before.isSilent && !after.isSilent ? [report(.speaking)] : []
    }

    private var move: [SourceTrouble] {
        guard let address = after.address, address != before.address else { return [] }
        return [report(.moved, "to \(Address.shown(address)), which is asked from now on")]
    }

    private func report(
        _ state: SourceTrouble.State, _ reason: String? = nil
    ) -> SourceTrouble {
        SourceTrouble(name: source.name, url: Address.shown(source.url), state: state, reason: reason)
    }
}
