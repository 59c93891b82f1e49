// `earshot status`: how the daemon is.

package import Monitoring

extension ControlRoute {
    /// Everything that a running daemon answers.
    package static func all(_ daemon: Daemon) -> [ControlRoute] {
        [.status(daemon)] + .silences(daemon)
    }

    private static func status(_ daemon: Daemon) -> ControlRoute {
        ControlRoute("GET", "/status") { _ in try .json(await daemon.pulse()) }
    }
}
