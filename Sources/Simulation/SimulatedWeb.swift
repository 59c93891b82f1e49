// A web that is made up, but decides like the real one: sources on hosts, hosts on sites and machines, most of them in
// good health. Which is where follows from the source's number alone, so that a judge can know it without asking us.

package import Model

/// Where each source lives and how its server behaves.
package struct SimulatedWeb: Sendable {
    /// Sources; four fifths as many hosts, of which one in forty is with one of twenty hosters.
    package let count: Int

    package init(count: Int) {
        self.count = count
    }

    package var hostCount: Int { count * 4 / 5 }

    /// The last fifth of the sources are second ones of hosts that have one already.
    package func host(of source: Int) -> Int {
        source < hostCount ? source : (source - hostCount) * 3 % hostCount
    }

    /// The registrable domain: hosts of a hoster share theirs.
    package func site(of source: Int) -> Int {
        let host = host(of: source)
        return host % 40 == 0 ? host / 40 % 20 : host + 20
    }

    /// The machine: a third of the hosts share one with up to nine others.
    package func machine(of source: Int) -> Int {
        let host = host(of: source)
        return host % 3 == 0 ? host / 30 : hostCount + host
    }

    package func address(of source: Int) -> String {
        let host = host(of: source)
        let name = host % 40 == 0 ? "blog\(host).hoster\(host / 40 % 20).com" : "www.host\(host).com"
        return "https://\(name)/feeds/\(source)/all.rss"
    }

    package var sources: Sources {
        var sources = Sources()
        let section = Source(url: "", name: "", cadence: Cadence(every: .seconds(3_600)))
        sources.reserveCapacity(count, textBytes: count * 48)
        for source in 0..<count { sources.append(url: address(of: source), name: nil, like: section) }
        return sources
    }

    /// What a server does.
    package enum Manner: Sendable {
        case unchanged, fails, throttles, isGone, hangs
        /// Redirects to a hoster (`target`), which answers.
        case leads
    }

    /// Where a source leads to: the number of the hoster's site, and the address there.
    package func target(of source: Int) -> (site: Int, address: String) {
        (source % 20, "https://feeds.hoster\(source % 20).com/\(source).rss")
    }

    /// Of a thousand sources one is gone, four are throttled now and then, ten fail, five hang, two lead elsewhere.
    package func manner(of source: Int, poll: Int) -> Manner {
        switch source % 1_000 {
        case 7: .isGone
        case 11, 111, 211, 311: poll % 8 == 3 ? .throttles : .unchanged
        case 20..<30: .fails
        case 40..<45: .hangs
        case 50..<52: .leads
        default: .unchanged
        }
    }

    /// How long an answer takes, in seconds.
    package func duration(of source: Int, poll: Int) -> Int {
        switch manner(of: source, poll: poll) {
        case .hangs: 20
        default: (source &* 31 &+ poll) % 10 == 0 ? 2 : 1
        }
    }
}
