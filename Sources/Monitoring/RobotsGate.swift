// Whether a site lets its pages be read: its robots.txt, asked for once a day. Feeds and a site's own JSON are made for
// programs and need no leave; pages are made for people.

package import Fetching
package import FoundationEssentials
import Model

/// Remembers what sites allow.
package actor RobotsGate {
    private struct Kept {
        var robots: Robots
        var until: Date
    }

    private let fetcher: Fetcher
    private let userAgent: String
    private let allowsPrivateAddresses: Bool
    private var kept: [String: Kept] = [:]

    /// A daemon watches some thousand sites' pages; beyond these the oldest answers go first.
    private static let most = 10_000

    package init(fetcher: Fetcher, userAgent: String, allowsPrivateAddresses: Bool) {
        self.fetcher = fetcher
        self.userAgent = userAgent
        self.allowsPrivateAddresses = allowsPrivateAddresses
    }

    /// What a site says of an address.
    enum Answer {
        case yes, no
        /// The site cannot say, which is a no for now.
        case unknown
    }

    /// Whether an address may be read as a page.
    package func allows(_ address: String, at now: Date) async -> Bool {
        await answer(for: address, at: now) == .yes
    }

    func answer(for address: String, at now: Date) async -> Answer {
        guard let origin = Address.origin(address) else { return .no }
        let robots = await robots(of: origin, at: now)
        return robots == .closed ? .unknown : robots.allows(address) ? .yes : .no
    }

    private func robots(of origin: String, at now: Date) async -> Robots {
        if let known = kept[origin], known.until > now { return known.robots }
        let limits = FetchLimits(bodyBytes: Robots.bytesRead, overflow: .cuts)
        let request = Request(
            url: origin + "/robots.txt", headers: [Header("User-Agent", userAgent)], limits: limits,
            allowsPrivateAddresses: allowsPrivateAddresses)
        let robots = Robots(await fetcher.fetch(request).outcome, agent: Product.robotsName)
        if kept.count >= Self.most, let oldest = kept.min(by: { $0.value.until < $1.value.until })?.key {
            kept[oldest] = nil
        }
        // A site that cannot say is asked again soon.
        let lifetime = robots == .closed ? 600 : Robots.lifetime
        kept[origin] = Kept(robots: robots, until: now.addingTimeInterval(lifetime))
        return robots
    }
}
