// Judges a log of requests, knowing the web and the rules and nothing of the schedule that made it.

/// Finds breaches of good manners, request by request.
package struct Judge: Sendable {
    /// One request, in seconds since the day began.
    package struct Request: Sendable {
        package var source: Int
        package var start: Int
        package var end: Int
        package var manner: SimulatedWeb.Manner
        /// How long the server asked to be left alone, for a throttle.
        package var rest: Int
        /// The site that is asked, where a redirect led to it; the source's own otherwise.
        package var target: Int?

        package init(
            source: Int, start: Int, end: Int, manner: SimulatedWeb.Manner, rest: Int, target: Int? = nil
        ) {
            self.source = source
            self.start = start
            self.end = end
            self.manner = manner
            self.rest = rest
            self.target = target
        }
    }

    private let web: SimulatedWeb
    private let interval: Int
    private var siteFree: [Int32]
    private var machineFree: [Int32]
    private var lastStart: [Int32]
    private var polls: [UInt16]
    private var siteRest: [Int32]
    private var gone: Set<Int> = []
    /// The first breaches, in words, and how many there were.
    package private(set) var breaches: [String] = []
    package private(set) var breachCount = 0
    package private(set) var requestCount = 0
    package private(set) var perMinute: [Int]

    /// - Parameter interval: in seconds, what each source is configured with.
    package init(_ web: SimulatedWeb, interval: Int, day: Int) {
        self.web = web
        self.interval = interval
        siteFree = Array(repeating: 0, count: web.hostCount + 20)
        siteRest = siteFree
        machineFree = Array(repeating: 0, count: web.hostCount * 2)
        lastStart = Array(repeating: -1, count: web.count)
        polls = Array(repeating: 0, count: web.count)
        perMinute = Array(repeating: 0, count: day / 60 + 1)
    }

    /// Takes the requests in the order in which they began. A request holds its site and, from the source's second poll
    /// on, since the first one finds it out, its machine, until a second after it is over.
    package mutating func take(_ request: Request) {
        let (source, start) = (request.source, request.start)
        let (site, machine) = (request.target ?? web.site(of: source), web.machine(of: source))
        // The first poll finds the machine out; what a redirect leads to is part of its poll.
        let knowsMachine = polls[source] > (request.target == nil ? 0 : 1)
        requestCount += 1
        perMinute[min(start / 60, perMinute.count - 1)] += 1
        if Int(siteFree[site]) > start { tell("site \(site) was asked too soon or twice at once", request) }
        if Int(siteRest[site]) > start { tell("site \(site) was asked while it rests", request) }
        if knowsMachine, Int(machineFree[machine]) > start {
            tell("machine \(machine) was asked too soon", request)
        }
        if gone.contains(source) { tell("source \(source) is gone", request) }
        if request.target == nil, lastStart[source] >= 0, start - Int(lastStart[source]) < interval * 95 / 100 {
            tell("source \(source) was asked after \(start - Int(lastStart[source])) s", request)
        }
        siteFree[site] = Int32(request.end + 1)
        if knowsMachine { machineFree[machine] = Int32(request.end + 1) }
        if request.target == nil {
            lastStart[source] = Int32(start)
            polls[source] += 1
        }
        if request.manner == .isGone { gone.insert(source) }
        if request.manner == .throttles { siteRest[site] = max(siteRest[site], Int32(request.end + request.rest)) }
    }

    /// Sources in good health that were polled fewer than `least` times, on sites that nothing held up.
    package func neglected(least: Int) -> Int {
        (0..<web.count).count { source in
            guard case .unchanged = web.manner(of: source, poll: 0), web.site(of: source) >= 20 else { return false }
            return siteRest[web.site(of: source)] == 0 && polls[source] < least
        }
    }

    private mutating func tell(_ text: String, _ request: Request) {
        breachCount += 1
        if breaches.count < 20 { breaches.append("\(request.start) s: \(text)") }
    }
}
