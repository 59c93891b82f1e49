// What becomes of one mention at one route: told now, gathered until later, or withheld; and why.

package import FoundationEssentials
package import Model

/// The way of a mention at a route, with the reason for it that `earshot route explain` and the journal show.
package enum Course: Sendable, Equatable {
    /// In the transaction that finds it.
    case now
    /// With others, when the group falls due.
    case gathered(until: Date, Reason)
    /// Not at all; the journal has it.
    case withheld(Reason)

    package enum Reason: String, Sendable, Codable {
        /// The route waits for others of the group.
        case group
        /// The route is outside its hours.
        case hours
        /// The route tells digests.
        case digest
        /// The receiver has a rate limit.
        case limit
        /// A silence lasts.
        case silence
        /// The same text was told before.
        case copy
        /// The route only watches for spikes.
        case spike
        /// The route that it waited for went with a reload, and others of its routes have told of it, or will.
        case reload
    }
}

extension Route {
    /// What becomes of a mention here, as far as the route and the time decide.
    ///
    /// - Parameter hasLimit: whether the receiver has a rate limit, so that alerts must be counted one by one.
    package func course(priority: Alert.Priority, at now: Date, hasLimit: Bool = false) -> Course {
        if spike?.isAlone == true { return .withheld(.spike) }
        if priority == .high { return hasLimit ? .gathered(until: now, .limit) : .now }
        if !hours.isOpen(at: now), hours.drops { return .withheld(.hours) }
        if let digest { return .gathered(until: digest.next(after: now), .digest) }
        if !hours.isOpen(at: now) { return .gathered(until: opening(after: now), .hours) }
        if !tellsAtOnce { return .gathered(until: now + groupWait, .group) }
        return hasLimit ? .gathered(until: now, .limit) : .now
    }

    /// When what is held is looked at again. A route that stays closed for longer than a year is asked once a day, as
    /// the configuration may change.
    package func opening(after now: Date) -> Date {
        hours.opening(from: now) ?? now + 86_400
    }

    package func priority(of mention: Mention, urgent signals: Set<String>) -> Alert.Priority {
        priority == .high || mention.signals.contains { signals.contains($0.name) } ? .high : .normal
    }
}
