// `earshot status`, `earshot sources` and `earshot route explain`: how the daemon is, and what it knows that no file
// says.

package import Monitoring

extension ControlRoute {
    /// Everything that a running daemon answers.
    package static func all(_ daemon: Daemon) -> [ControlRoute] {
        [.status(daemon), .sources(daemon), .receivers(daemon), .limits(daemon)] + .silences(daemon) + parked(daemon)
    }

    private static func status(_ daemon: Daemon) -> ControlRoute {
        ControlRoute("GET", "/status") { _ in try .json(await daemon.pulse()) }
    }

    /// Of the receivers that have a rate limit, how many alerts each got since when.
    private static func limits(_ daemon: Daemon) -> ControlRoute {
        ControlRoute("GET", "/limits") { _ in try .json(await daemon.allowances()) }
    }

    /// `matching` is a part of a name or an address; `limit` how many to tell of, at most a thousand.
    private static func sources(_ daemon: Daemon) -> ControlRoute {
        ControlRoute("GET", "/sources") { request in
            let limit = request.query["limit"].flatMap { Int($0) } ?? 20
            guard (0...1_000).contains(limit) else { throw ControlError(status: 400, "`limit` is at most 1000") }
            return try .json(await daemon.sources(matching: request.query["matching"] ?? "", limit: limit))
        }
    }
}
