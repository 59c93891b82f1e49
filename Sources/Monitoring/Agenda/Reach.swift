// Whether it is us who cannot reach anybody. A value: it hears of each poll, and sends nothing.

package import Fetching
package import FoundationEssentials
package import Model

/// Tells a network of our own that is down from sources that are.
///
/// When sources that were well until now fail to be reached, one after the other, on several sites, and nobody answers
/// in between, then it is not their doing: their failures are not counted, and they are asked again soon after.
package struct Reach: Sendable {
    /// So many polls in a row, of so many sites: two big hosters may well be down at once.
    private static let (leastPolls, leastSites) = (5, 3)

    private var polls = 0
    private var sites: Set<HostBudget.Lane> = []
    /// When a site that is no private one answered last, with whatever.
    private var answered: Date?

    package init() {}

    package var isLost: Bool { polls >= Self.leastPolls && sites.count >= Self.leastSites }

    /// - Parameters:
    ///   - isPrivate: whether the site is one that no name server is needed for.
    ///   - wasWell: whether the source's poll before this one was good.
    package mutating func note(
        _ outcome: PollOutcome, of site: HostBudget.Lane, isPrivate: Bool, wasWell: Bool, at now: Date
    ) {
        switch outcome {
        case .failed(.unreachable(let failure)) where failure.isOfTheWay:
            guard wasWell else { return }
            polls += 1
            if sites.count < Self.leastSites { sites.insert(site) }
        case .failed(.unsaved), .failed(.offline), .postponed: break
        default:
            (polls, sites) = (0, [])
            if !isPrivate { answered = now }
        }
    }

    /// Whether a failure says nothing of the host: everybody is out of reach, or our name server is.
    ///
    /// That a name cannot be looked up may be the fault of our name server or of the name's own. It is believed to be
    /// ours until somebody else answers between two polls that find it so.
    ///
    /// - Parameter before: the source's, as the poll before left it.
    package func isToBlame(for failure: FetchFailure, of before: SourceState) -> Bool {
        guard failure.isOfTheWay else { return false }
        guard !isLost else { return true }
        guard case .nameServer = failure else { return false }
        let wasWell = before.failures == 0 && before.reason != .offline
        guard !wasWell, let polled = before.polled, let answered else { return true }
        return answered <= polled
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
}
