// Whether a site lets its pages be read: its robots.txt, asked for once a day. Feeds and a site's own JSON are made for
// programs and need no leave; pages are made for people.

import Fetching
import FoundationEssentials
import Model

/// Remembers what sites allow.
actor RobotsGate {
    private struct Kept {
        var robots: Robots
        var size: Int
        var until: Date
    }

    private let userAgent: String
    private let allowsPrivateAddresses: Bool
    private var kept: [String: Kept] = [:]
    /// Of all that are kept, in bytes.
    private(set) var size = 0

    /// A daemon watches some thousand sites' pages, whose rules take some kB; beyond this many bytes, those go first
    /// that end first. Strangers' links choose whose rules are asked for, and those sites how many they have.
    static let most = 32 << 20

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
        if let known = known(origin, at: now) { return known }
        let limits = FetchLimits(bodyBytes: Robots.bytesRead, overflow: .cuts)
        let request = Request(
            url: origin + "/robots.txt", headers: [Header("User-Agent", userAgent)], limits: limits,
            allowsPrivateAddresses: allowsPrivateAddresses)
        // Of all who wait to ask the same, the first one asks.
        let isUnknown: @Sendable () async -> Bool = { await self.known(origin, at: now) == nil }
        guard let fetched = try await fetcher.visit(request, at: now, ifStill: isUnknown)
        else { return known(origin, at: now) ?? .closed }
        let robots = Robots(fetched.outcome, agent: Product.robotsName)
        // A site that cannot say is asked again soon.
        let lifetime = robots == .closed ? 600 : Robots.lifetime
        keep(Kept(robots: robots, size: robots.size + origin.utf8.count, until: now + lifetime), of: origin)
        return robots
    }

    private func known(_ origin: String, at now: Date) -> Robots? {
        kept[origin].flatMap { $0.until > now ? $0.robots : nil }
    }

    private func keep(_ new: Kept, of origin: String) {
        size += new.size - (kept.updateValue(new, forKey: origin)?.size ?? 0)
        guard size > Self.most else { return }
        // Down to half of it at once, so that it takes a sort now and then.
        for (origin, old) in kept.sorted(by: { $0.value.until < $1.value.until }) where size > Self.most / 2 {
            kept[origin] = nil
            size -= old.size
        }
    }
}
