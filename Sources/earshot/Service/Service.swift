// The daemon's life as a service: ready, alive, reloading, stopping.

import Configuration
import Control
import Glibc
import Logging
import Monitoring

struct Service {
    let daemon: Daemon
    let file: ConfigurationOption
    let log: Logger
    private let manager = ServiceManager()

    init(daemon: Daemon, file: ConfigurationOption, log: Logger) {
        self.daemon = daemon
        self.file = file
        self.log = log
    }

    /// Runs until SIGTERM or SIGINT; a second one ends the process at once, and loses nothing either.
    ///
    /// - Parameter signals: those two and SIGHUP, which loads the configuration again.
    func run(_ settings: Settings, _ signals: AsyncStream<Int32>) async throws {
        try await daemon.start(settings)
        let control = await answeringCommands(settings)
        let status = await daemon.pulse()
        manager.ready("\(status)")
        log.info("listening: \(status)")
        let heartbeat = Task { await beat() }
        for await signal in signals {
            guard signal == SIGHUP else { break }
            await reload(begun: settings)
        }
        manager.stopping()
        log.info("stopping")
        let impatience = Task {
            for await signal in signals where signal != SIGHUP { _exit(1) }
        }
        // Nothing looks into the store any more when that is closed.
        control.cancel()
        heartbeat.cancel()
        await control.value
        await heartbeat.value
        await daemon.stop(grace: RunCommand.grace)
        impatience.cancel()
    }

    /// Begins to answer `earshot status` and the like. Without its socket the daemon still does everything else.
    private func answeringCommands(_ settings: Settings) async -> Task<Void, Never> {
        let server = ControlServer(path: ControlSocket.path(state: settings.state), routes: ControlRoute.all(daemon))
        let (begun, begin) = AsyncStream<Void>.makeStream()
        let running = Task {
            do {
                try await server.run { begin.finish() }
            } catch {
                if !Task.isCancelled { log.error("commands cannot be answered: \(error)") }
                begin.finish()
            }
        }
        for await _ in begun {}
        return running
    }

    /// - Parameter first: by which the store and the journal were opened.
    private func reload(begun first: Settings) async {
        manager.reloading()
        // Whatever the configuration says: a rotation announces itself by the same signal.
        await daemon.rotateJournal()
        do {
            let settings = try file.reload()
            try await daemon.start(settings)
            for problem in settings.warnings + settings.unmet { log.warning("\(problem)") }
            for (key, old, new) in [
                ("state", first.state, settings.state), ("journal", first.journal, settings.journal),
            ] where old != new {
                log.warning("`\(key)` changes with a restart; until then it stays \(old)")
            }
            log.info("the configuration was loaded again")
            manager.ready("\(await daemon.pulse())")
        } catch let error as ConfigurationError {
            for problem in error.problems { log.error("\(problem)") }
            log.error("the configuration is wrong and was not taken over; the old one keeps running")
            manager.ready("the new configuration was refused (\(error.problems.count) problems); the old one runs")
        } catch {
            log.error("the configuration could not be taken over: \(error)")
            manager.ready("the new configuration could not be taken over: \(error)")
        }
    }

    /// Each beat has passed through the queues that do the work: when one of them hangs, systemd notices.
    private func beat() async {
        let pause = manager.heartbeat ?? .seconds(60)
        while (try? await Task.sleep(for: pause)) != nil {
            manager.alive("\(await daemon.pulse())")
        }
    }
}
