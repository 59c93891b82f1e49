// `earshot parked`: what a person does with deliveries that are not tried again by themselves.

import Alerting
import FoundationEssentials
import Model
import Monitoring
package import Storage

/// The deliveries that are shown, and how many there are.
package struct ParkedListing: Sendable, Codable {
    package var parked: [ParkedDelivery]
    package var matching: Int
}

/// How many deliveries a command was about.
package struct ParkedCount: Sendable, Codable {
    package var count: Int
}

extension ControlRoute {
    /// A list is for a person to read; more are counted.
    private static let longestList = 10_000

    static func parked(_ daemon: Daemon) -> [ControlRoute] {
        [
            ControlRoute("GET", "/parked") { request in
                let filter = try ParkedFilter(request.query)
                return try .json(
                    ParkedListing(
                        parked: await daemon.parked.list(filter, limit: longestList),
                        matching: await daemon.parked.count(filter)))
            },
            ControlRoute("GET", "/parked/alert") { request in
                let id = request.query["id"] ?? ""
                guard let alert = try await daemon.parked.alert(id) else {
                    throw ControlError(status: 404, "no alert \(id) is parked")
                }
                return try .json(Payload(alert))
            },
            ControlRoute("POST", "/parked/redeliver") { request in
                let filter = try request.decode(ParkedFilter.self)
                let receiver = request.query["to"]
                do {
                    return try .json(ParkedCount(count: await daemon.parked.redeliver(filter, to: receiver)))
                } catch let error as UnknownReceiver {
                    let refusal = "the running daemon has no receiver \(error.name)"
                    guard receiver == nil else { throw ControlError(status: 404, refusal) }
                    throw ControlError(status: 409, "\(refusal); `--to` names another for what is parked for it")
                }
            },
            ControlRoute("POST", "/parked/drop") { request in
                let filter = try request.decode(ParkedFilter.self)
                return try .json(ParkedCount(count: await daemon.parked.drop(filter)))
            },
        ]
    }

    static func receivers(_ daemon: Daemon) -> ControlRoute {
        ControlRoute("POST", "/receivers/test") { request in
            let name = try request.decode(String.self)
            guard let test = try await daemon.test(receiver: name) else {
                throw ControlError(status: 404, "the running daemon has no receiver \(name)")
            }
            return try .json(test)
        }
    }
}

extension ParkedFilter {
    fileprivate init(_ query: [String: String]) throws(ControlError) {
        self.init(receiver: query["receiver"])
        guard let text = query["since"] else { return }
        guard let since = try? Date(text, strategy: .iso8601) else {
            throw ControlError(status: 400, "since is a time such as 2026-03-02T08:00:00Z, not \(text)")
        }
        self.since = since
    }
}
