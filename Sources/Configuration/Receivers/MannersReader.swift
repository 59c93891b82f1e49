// What a receiver of any kind says of how it wants to be treated.

import Alerting

extension Section {
    static let mannersKeys = ["rate_limit", "pace", "concurrency"]

    func manners() -> Manners {
        var manners = Manners()
        manners.limit = rateLimit("rate_limit")
        manners.pace = rateLimit("pace")
        manners.concurrency = number("concurrency", in: 1...32).map { Int($0) } ?? manners.concurrency
        return manners
    }

    /// A number in a time, as `20/h`.
    private func rateLimit(_ key: String) -> RateLimit? {
        guard let node = node(key), let text = text(key) else { return nil }
        guard let limit = RateLimit(text) else {
            file.problem("`\(key)`: `\(text)` is not a rate; write 20/h, 1/s or 100/d", at: node)
            return nil
        }
        return limit
    }
}

extension RateLimit {
    private static let periods: [Substring: Double] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]

    /// Reads 20/h, 1/s, 100/d; `nil` when the text is anything else.
    fileprivate init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = Int(parts[0]), 1...100_000 ~= count, let period = Self.periods[parts[1]]
        else { return nil }
        self.init(count, per: period)
    }
}
