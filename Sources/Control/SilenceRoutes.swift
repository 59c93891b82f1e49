// `earshot silence`: what is held back, and for how long.

import Alerting
package import FoundationEssentials
import Model
import Monitoring

/// What `POST /silences` takes.
package struct SilenceOrder: Sendable, Codable {
    package var matchers: [String]
    /// In seconds.
    package var duration: TimeInterval
    /// `nil` for now.
    package var starts: Date?
    package var reason: String
    package var author: String

    package init(matchers: [String], duration: TimeInterval, starts: Date?, reason: String, author: String) {
        self.matchers = matchers
        self.duration = duration
        self.starts = starts
        self.reason = reason
        self.author = author
    }
}

extension [ControlRoute] {
    /// `GET /silences?past=true`, `POST /silences`, `POST /silences/expire?id=…`.
    static func silences(_ daemon: Daemon) -> [ControlRoute] {
        [
            ControlRoute("GET", "/silences") { request in
                try .json(await daemon.silences(past: request.query["past"] == "true"))
            },
            ControlRoute("POST", "/silences") { request in
                let order = try request.decode(SilenceOrder.self)
                do {
                    let silence = try await daemon.addSilence(
                        order.matchers, for: order.duration, from: order.starts, reason: order.reason,
                        author: order.author)
                    return try .json(silence, status: 201)
                } catch let error as MatcherError {
                    throw ControlError(status: 400, error.description)
                }
            },
            ControlRoute("POST", "/silences/expire") { request in
                let id = request.query["id"] ?? ""
                guard let silence = try await daemon.expireSilence(id) else {
                    throw ControlError(status: 404, "no silence \(id) lasts or is still to come")
                }
                return try .json(silence)
            },
        ]
    }
}
