// How long a server wants to be left alone.

package import FoundationEssentials

extension Response {
    /// The seconds that Retry-After asks for, stated as seconds or as a date (RFC 9110 §10.2.3), in 0 to a day: seen in
    /// the wild are −1, 1e12 and the year 9999. `nil` without the header or when it is neither.
    package func retryAfter(now: Date) -> TimeInterval? {
        guard let text = header("Retry-After") else { return nil }
        if let seconds = TimeInterval(text) { return seconds.isNaN ? nil : clamped(seconds) }
        return HTTPDate.parse(text).map { clamped($0.timeIntervalSince(now)) }
    }

    private func clamped(_ seconds: TimeInterval) -> TimeInterval {
        min(max(seconds, 0), 86_400)
    }
}
