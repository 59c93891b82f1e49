// Whether a site lets its pages be read: its robots.txt, asked for once a day. Feeds and a site's own JSON are made for
// programs and need no leave; pages are made for people.

import Fetching
import FoundationEssentials
import Model

/// Remembers what sites allow.
actor RobotsGate {
    /// A site's rules, or why they cannot be had.
    private typealias Rules = Result<Robots, PollOutcome.Failure>

    private struct Kept {
        var rules: Rules
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
    /// A server that cannot say is asked again soon, and one that is out of reach as soon as anybody asks it again: in
    /// between, in seconds, not every source and entry that leads there waits for its silence.
    private static let (unsaidLifetime, unreachedLifetime): (TimeInterval, TimeInterval) = (600, 60)

    init(userAgent: String, allowsPrivateAddresses: Bool) {
        self.userAgent = userAgent
        self.allowsPrivateAddresses = allowsPrivateAddresses
    }

    /// What a site says of an address.
    struct Answer {
        enum Leave: Equatable {
            case yes, no
            /// The site cannot say, for this reason: a no for now, and no refusal.
            case unknown(PollOutcome.Failure)
        }

        /// Whether it may be read as a page.
        var leave: Leave
        /// The least time that the site wants between two requests, where it says so.
        var pause: Duration?

        /// What it means for a poll; `nil` where the page may be read.
        var failure: PollOutcome.Failure? {
            switch leave {
            case .yes: nil
            case .no: .disallowed
            case .unknown(let failure): failure
            }
        }
    }

    func answer(for address: String, _ fetcher: PoliteFetcher, at now: Date) async throws(NoTurn) -> Answer {
        guard let origin = Address.origin(address) else { return Answer(leave: .no) }
        switch try await rules(of: origin, fetcher, at: now) {
        case .success(let robots):
            return Answer(leave: robots.allows(address) ? .yes : .no, pause: robots.crawlDelay)
        case .failure(let failure): return Answer(leave: .unknown(failure))
        }
    }

    private func rules(of origin: String, _ fetcher: PoliteFetcher, at now: Date) async throws(NoTurn) -> Rules {
        if let known = known(origin, at: now) { return known }
        let limits = FetchLimits(bodyBytes: Robots.bytesRead, overflow: .cuts)
        let request = Request(
            url: origin + "/robots.txt", headers: [Header("User-Agent", userAgent)], limits: limits,
            allowsPrivateAddresses: allowsPrivateAddresses)
        // Of all who wait to ask the same, the first one asks.
        let isUnknown: @Sendable () async -> Bool = { await self.known(origin, at: now) == nil }
        guard let fetched = try await fetcher.visit(request, at: now, ifStill: isUnknown) else {
            // What was known a moment ago may have had to make room.
            guard let known = known(origin, at: now) else { throw NoTurn(until: now) }
            return known
        }
        let robots = Robots(fetched.outcome, agent: Product.robotsName)
        let rules = robots == .closed ? .failure(Self.failure(fetched.outcome)) : Rules.success(robots)
        let size = robots.size + origin.utf8.count
        keep(Kept(rules: rules, size: size, until: now + Self.lifetime(of: rules)), of: origin)
        return rules
    }

    /// Who is not reached for its robots.txt would not have been for its page either.
    private static func failure(_ outcome: FetchOutcome) -> PollOutcome.Failure {
        switch outcome {
        case .response(let response): .withoutRobots("the server answered \(response.status)")
        case .failed(.privateAddress(let address)): .unreachable(.privateAddress(address))
        case .failed(let failure): failure.isOfTheWay ? .unreachable(failure) : .withoutRobots("\(failure)")
        }
    }

    private static func lifetime(of rules: Rules) -> TimeInterval {
        switch rules {
        case .success: Robots.lifetime
        case .failure(.unreachable): unreachedLifetime
        case .failure: unsaidLifetime
        }
    }

    private func known(_ origin: String, at now: Date) -> Rules? {
        kept[origin].flatMap { $0.until > now ? $0.rules : nil }
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
