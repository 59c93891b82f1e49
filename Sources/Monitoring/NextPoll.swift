// When a source is asked again, and why then. A decision: everything it goes by is an argument.

package import FoundationEssentials
package import Model

package struct NextPoll: Sendable, Equatable {
    package var due: Date
    package var reason: DueReason

    /// - Parameters:
    ///   - state: the source's, this poll's outcome already counted in it.
    ///   - eagerness: the gain, see `Gain`.
    ///   - dice: in -1...1.
    package init(
        after outcome: PollOutcome, _ advice: Advice, state: SourceState, cadence: Cadence, eagerness: Double,
        at now: Date, dice: Double
    ) {
        // One that has not answered yet may well have validators.
        let isBare = state.answered != nil && !state.hasWorkingValidators
        let floor = (isBare ? cadence.bareFloor : cadence.floor) / .seconds(1)
        switch outcome {
        case .failed(let failure):
            let (wait, reason) = Backoff.wait(after: failure, failures: state.failures, interval: floor, dice: dice)
            self.init(due: now + wait, reason: reason)
        case .postponed(let pause, let reason):
            self.init(due: now + max(pause, floor) * (1 + Backoff.spread * abs(dice)), reason: reason)
        case .unchanged, .read:
            var next = Self.healthy(state, cadence, floor: floor, isBare: isBare, eagerness: eagerness, at: now)
            next.heed(advice, isFree: cadence.interval == nil, at: now)
            // Later only where the server or the user said when at the earliest.
            let wait = next.due.timeIntervalSince(now)
            let mayBeSooner = next.reason == .rhythm && wait * (1 - Backoff.spread) >= floor
            next.due = now + wait * (1 + Backoff.spread * (mayBeSooner || next.reason == .interval ? dice : abs(dice)))
            self = next
        }
    }

    private init(due: Date, reason: DueReason) {
        self.due = due
        self.reason = reason
    }

    private static func healthy(
        _ state: SourceState, _ cadence: Cadence, floor: TimeInterval, isBare: Bool, eagerness: Double, at now: Date
    ) -> NextPoll {
        if let interval = cadence.interval { return NextPoll(due: now + interval / .seconds(1), reason: .interval) }
        let ceiling = max(floor, cadence.ceiling / .seconds(1))
        let wait = state.rhythm.wait(eagerness: eagerness, floor: floor, ceiling: ceiling, at: now)
        let isBareFloor = isBare && wait <= floor && cadence.bareFloor > cadence.floor
        return NextPoll(due: now + wait, reason: isBareFloor ? .bare : .rhythm)
    }

    /// Never sooner for what the server says, only later; what the feed says counts where the user gave no interval.
    private mutating func heed(_ advice: Advice, isFree: Bool, at now: Date) {
        func later(_ wait: TimeInterval?, _ reason: DueReason) {
            guard let wait, now + wait > due else { return }
            (due, self.reason) = (now + wait, reason)
        }
        later(advice.freshness, .fresh)
        guard isFree else { return }
        later(advice.pace.interval, .advice)
        let awake = advice.pace.awake(from: due)
        if awake > due { (due, reason) = (awake, .quiet) }
    }
}

extension Rhythm {
    /// How long until the next poll, in seconds: until the eagerness, times the root of the rate as it goes up and down
    /// over the hours to come, adds up to one poll.
    package func wait(eagerness: Double, floor: TimeInterval, ceiling: TimeInterval, at now: Date) -> TimeInterval {
        let frequency = eagerness * Double(rate(at: now)).squareRoot()
        guard frequency > 0 else { return ceiling }
        var missing = 1.0
        var wait = 0.0
        while wait < ceiling {
            let seconds = Int(now.timeIntervalSince1970 + wait)
            let here = frequency * Double(shape(at: seconds)).squareRoot()
            let rest = Double(3_600 - seconds % 3_600)
            if here * rest >= missing { return min(max(wait + missing / here, floor), ceiling) }
            missing -= here * rest
            wait += rest
        }
        return ceiling
    }
}
