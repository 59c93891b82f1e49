// Whether it is us who cannot reach anybody. A value: it hears of each poll, and sends nothing.

import Fetching

/// Tells a network of our own that is down from sources that are.
///
/// When sources that were well until now fail to be reached, one after the other, on several sites, and nobody answers
/// in between, then it is not their doing: their failures are not counted, and they are asked again soon after.
package struct Reach: Sendable {
    /// So many polls in a row, of so many sites: two big hosters may well be down at once.
    private static let (leastPolls, leastSites) = (5, 3)

    private var polls = 0
    private var sites: Set<HostBudget.Lane> = []

    package init() {}

    package var isLost: Bool { polls >= Self.leastPolls && sites.count >= Self.leastSites }

    /// - Parameter wasWell: whether the source's poll before this one was good.
    package mutating func note(_ outcome: PollOutcome, of site: HostBudget.Lane, wasWell: Bool) {
        switch outcome {
        case .failed(.unreachable(let failure)) where failure.isOfTheWay:
            guard wasWell else { return }
            polls += 1
            if sites.count < Self.leastSites { sites.insert(site) }
        case .failed(.unsaved), .failed(.offline), .postponed: break
        default: self = Reach()
        }
    }
}

extension FetchFailure {
    /// Whether nobody was reached who could have said anything.
    var isOfTheWay: Bool {
        switch self {
        case .nameNotFound, .nameServer, .connectionFailed, .timedOut(.resolving), .timedOut(.connecting): true
        default: false
        }
    }

    /// Whether the failure is ours whoever else answers: a name server's silence says nothing about a host.
    var isOurs: Bool {
        if case .nameServer = self { true } else { false }
    }
}
