// Whether a host may be asked now; if not, why, and until when. A value: it is told the time and sends nothing.

package import FoundationEssentials

/// One request at a time for each host, and a pause after it.
package struct HostBudget: Sendable {
    /// Between the end of one request to a host and the start of the next, in seconds: the lower end of the one to two
    /// seconds that sites' owners call polite.
    package static let pause: TimeInterval = 1

    package enum Permission: Sendable, Equatable {
        case granted
        /// The source was put in line; `finished` will name it.
        case busy
        case pausing(until: Date)
    }

    private struct Host {
        var isBusy = false
        var free: Date = .distantPast
        var line: [Int64] = []
    }

    private var hosts: [String: Host] = [:]

    package init() {}

    /// Asks to send a request for `source` to `host` now. A granted one ends with `finished`.
    package mutating func ask(_ host: String, for source: Int64, at now: Date) -> Permission {
        var state = hosts[host, default: Host()]
        defer { hosts[host] = state }
        if state.isBusy {
            state.line.append(source)
            return .busy
        }
        // A pause that ends later than a pause can was begun by a clock that ran ahead.
        guard state.free <= now || state.free > now + Self.pause else { return .pausing(until: state.free) }
        state.isBusy = true
        return .granted
    }

    /// The request to `host` is over. Returns who is next in line, and when it may ask.
    package mutating func finished(_ host: String, at now: Date) -> (source: Int64, due: Date)? {
        guard var state = hosts[host] else { return nil }
        state.isBusy = false
        state.free = now + Self.pause
        let next = state.line.isEmpty ? nil : state.line.removeFirst()
        hosts[host] = state
        return next.map { ($0, state.free) }
    }

    /// Nobody is in line any more: everybody will ask again.
    package mutating func clearLines() {
        for host in hosts.keys { hosts[host]?.line = [] }
    }

    /// Forgets the hosts that nothing waits for.
    package mutating func forgetIdle(at now: Date) {
        hosts = hosts.filter { $0.value.isBusy || !$0.value.line.isEmpty || $0.value.free > now }
    }
}
