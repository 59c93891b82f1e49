// Whether a site lets its pages be read: its robots.txt, asked for once a day. Feeds and a site's own JSON are made for
// programs and need no leave; pages are made for people.

import Fetching
import FoundationEssentials
import Model

/// Remembers what sites allow.
actor RobotsGate {
    private struct Kept {
        var robots: Robots
        var until: Date
    }

    private let userAgent: String
    private let allowsPrivateAddresses: Bool
    private var kept: [String: Kept] = [:]

    /// A daemon watches some thousand sites' pages; beyond these the oldest answers go first.
    private static let most = 10_000

    init(userAgent: String, allowsPrivateAddresses: Bool) {
        self.userAgent = userAgent
        self.allowsPrivateAddresses = allowsPrivateAddresses
    }

    /// What a site says of an address.
    struct Answer {
        enum Leave {
            case yes, no
            /// The site cannot say, which is a no for now.
            case unknown
        }

        /// Whether it may be read as a page.
        var leave: Leave
        /// The least time that the site wants between two requests, where it says so.
        var pause: Duration?
    }

    func answer(for address: String, _ fetcher: PoliteFetcher, at now: Date) async throws(NoTurn) -> Answer {
        guard let origin = Address.origin(address) else { return Answer(leave: .no) }
        let robots = try await robots(of: origin, fetcher, at: now)
        return Answer(
            leave: robots == .closed ? .unknown : robots.allows(address) ? .yes : .no, pause: robots.crawlDelay)
    }

    private func robots(of origin: String, _ fetcher: PoliteFetcher, at now: Date) async throws(NoTurn) -> Robots {
        if let known = kept[origin], known.until > now { return known.robots }
        let limits = FetchLimits(bodyBytes: Robots.bytesRead, overflow: .cuts)
        let request = Request(
            url: origin + "/robots.txt", headers: [Header("User-Agent", userAgent)], limits: limits,
            allowsPrivateAddresses: allowsPrivateAddresses)
        let robots = Robots(try await fetcher.visit(request, at: now).outcome, agent: Product.robotsName)
        if kept.count >= Self.most, let oldest = kept.min(by: { $0.value.until < $1.value.until })?.key {
            kept[oldest] = nil
        }
        // A site that cannot say is asked again soon.
        let lifetime = robots == .closed ? 600 : Robots.lifetime
        kept[origin] = Kept(robots: robots, until: now.addingTimeInterval(lifetime))
        return robots
    }
}
