// What is watched.

/// One address that is polled for entries.
package struct Source: Sendable, Equatable {
    /// What an address gives.
    package enum Kind: String, Sendable, Codable {
        /// Whatever it turns out to be.
        case auto
        case feed, page, json
    }

    /// The address as configured; it may hold credentials, so it is shown only as `Address.shown`.
    package var url: String
    package var name: String
    package var kind: Kind
    package var cadence: Cadence
    /// How old an entry of the very first poll may be and still alert; zero means: nothing published before it.
    package var lookback: Duration
    /// Extra request headers, secrets already read from their files.
    package var headers: [Header]
    package var labels: [String: String]
    /// Which of the configuration's page settings apply; `nil` for none.
    package var pageIndex: Int?

    package init(
        url: String, name: String, kind: Kind = .feed, cadence: Cadence = .polite, lookback: Duration = .zero,
        headers: [Header] = [], labels: [String: String] = [:]
    ) {
        self.url = url
        self.name = name
        self.kind = kind
        self.cadence = cadence
        self.lookback = lookback
        self.headers = headers
        self.labels = labels
    }
}

/// One HTTP header field.
package struct Header: Sendable, Hashable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension Source {
    /// What the store and ids know the source by: its address without userinfo, so that a new password makes neither
    /// a new source nor new mentions.
    package var key: String { Address.divided(url).bare }

    /// What a source without a name goes by: its address without scheme and credentials.
    package static func name(ofAddress url: String) -> String {
        let shown = Address.shown(url)
        return shown.firstRange(of: "://").map { String(shown[$0.upperBound...]) } ?? shown
    }
}
