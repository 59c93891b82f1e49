import Dispatch
import Foundation
import Glibc
import TestSupport
import Testing

/// The daemon as systemd sees it.
@Suite struct ServiceTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func readyReloadingAndStoppingAreAnnounced() async throws {
        let manager = try NotifySocket(in: folder)
        let site = Site(step: 1, last: 1)
        try await LoopbackServer.serving {
            await site.answer($0)
        } _: { server in
            let configuration = try Site.configuration(base: server.base, in: folder)
            let program = try Program(
                ["run", "--config", configuration], environment: ["NOTIFY_SOCKET": manager.path])
            #expect(await manager.next().hasPrefix("READY=1\nSTATUS=1 sources"))
            program.send(SIGHUP)
            #expect(await manager.next().hasPrefix("RELOADING=1\nMONOTONIC_USEC="))
            #expect(await manager.next().hasPrefix("READY=1\n"))
            program.send(SIGTERM)
            #expect(await manager.next().hasPrefix("STOPPING=1\n"))
            #expect(await program.ended() == 0)
            #expect(!program.standardError.contains("error"))
        }
    }

    @Test func aRunningDaemonSaysHowItIs() async throws {
        let configuration = try Site.configuration(base: "http://127.0.0.1:1", in: folder)
        let silent = try await Program.run("status", "--config", configuration)
        #expect(silent.code == 1)
        #expect(silent.errors.contains("no Earshot answers at"))
        let manager = try NotifySocket(in: folder)
        let program = try Program(["run", "--config", configuration], environment: ["NOTIFY_SOCKET": manager.path])
        #expect(await manager.next().hasPrefix("READY=1"))
        let asked = try await Program.run("status", "--config", configuration)
        #expect(asked.code == 0)
        #expect(asked.output.hasPrefix("1 sources"))
        let source = try await Program.run("sources", "127.0.0.1", "--config", configuration)
        #expect(source.code == 0)
        #expect(source.output.contains("127.0.0.1:1/feed"))
        #expect(source.output.contains("next poll "))
        let unknown = try await Program.run("sources", "nonsense", "--config", configuration)
        #expect(unknown.code == 1)
        program.send(SIGTERM)
        #expect(await program.ended() == 0)
    }

    @Test func theWatchdogIsFedFromTheQueuesThatDoTheWork() async throws {
        let manager = try NotifySocket(in: folder)
        let configuration = try Site.configuration(base: "http://127.0.0.1:1", in: folder)
        let program = try Program(
            ["run", "--config", configuration],
            environment: ["NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "300000"])
        #expect(await manager.next().hasPrefix("READY=1"))
        #expect(await manager.next().hasPrefix("WATCHDOG=1\nSTATUS="))
        #expect(await manager.next().hasPrefix("WATCHDOG=1\nSTATUS="))
        program.send(SIGTERM)
        #expect(await program.ended() == 0)
    }

    @Test func aWrongConfigurationOnReloadIsRefusedAndTheOldOneKeepsRunning() async throws {
        let site = Site(step: 1, last: 1)
        try await LoopbackServer.serving {
            await site.answer($0)
        } _: { server in
            let configuration = try Site.configuration(base: server.base, in: folder)
            let program = try Program(["run", "--config", configuration])
            #expect(await program.logs("listening"))
            let right = try folder.read("earshot.yaml")
            try folder.write("earshot.yaml", right + "\nnonsense: 1\n")
            program.send(SIGHUP)
            #expect(await program.logs("unknown key `nonsense`"))
            #expect(await program.logs("the old one keeps running"))
            try folder.write("earshot.yaml", right)
            program.send(SIGHUP)
            #expect(await program.logs("loaded again"))
            program.send(SIGTERM)
            #expect(await program.ended() == 0)
        }
    }

    /// An edit that the daemon refused, secrets that only it can read: whoever asks it needs neither put right first.
    @Test func aRunningDaemonAnswersWhateverIsWrongWithTheConfiguration() async throws {
        let site = Site(step: 1, last: 1)
        try await LoopbackServer.serving {
            await site.answer($0)
        } _: { server in
            let configuration = try Site.configuration(base: server.base, in: folder)
            let program = try Program(["run", "--config", configuration])
            #expect(await program.logs("delivered"))
            try folder.write(
                "earshot.yaml",
                try folder.read("earshot.yaml")
                    .replacing("query: zeebank", with: "query: 'zeebank AND ('")
                    .replacing("webcare.secret", with: "$CREDENTIALS_DIRECTORY/webcare.secret") + "\nnonsense: 1\n")
            try FileManager.default.createDirectory(
                atPath: folder.path + "/sources.d", withIntermediateDirectories: true)
            try folder.write("sources.d/bad.yaml", "{")
            for (arguments, answer) in [
                (["status"], "1 sources"), (["sources"], "127.0.0.1"), (["tail"], "zeebank"),
                (["parked", "list", "--json"], "[]"),
                (["silence", "add", "--for", "2h", "--reason", "x", "--author", "jan", "watch=zeebank"], "jan: x"),
                (["receivers", "test", "webcare"], "webcare took a_"),
            ] {
                let result = try await Program.run(arguments + ["--config", configuration])
                #expect(result.code == 0 && result.output.contains(answer), "\(arguments): \(result)")
            }
            program.send(SIGTERM)
            #expect(await program.ended() == 0)
            // Without a daemon the test would be sent from here, and that takes all of it.
            let test = try await Program.run("receivers", "test", "webcare", "--config", configuration)
            #expect(test.code == 78 && test.errors.contains("unknown key `nonsense`"))
        }
    }

    @Test(arguments: [
        ("state: []", ["status", "tail"]), ("journal: /var/log/earshot.jsonl\nstate: state", ["tail"]),
        ("state: {", ["status", "tail"]),
    ])
    func wherePlacesCannotBeReadThatIsSaid(_ text: String, _ commands: [String]) async throws {
        let path = try folder.write("earshot.yaml", text + "\n")
        for command in commands {
            let result = try await Program.run(command, "--config", path)
            #expect(result.code == 78 && result.errors.contains("\(path):"), "\(result)")
        }
    }

    @Test func theDaemonIsAskedThoughItsJournalCannotBeFound() async throws {
        let path = try folder.write("earshot.yaml", "state: state\njournal: /var/log/earshot.jsonl\n")
        let result = try await Program.run("status", "--config", path)
        #expect(result.code == 1 && result.errors.contains("no Earshot answers at \(folder.path)/state/earshot.sock"))
    }

    // MARK: What a reload cannot change

    @Test func aReloadSaysWhatTakesARestart() async throws {
        let configuration = try Site.configuration(base: "http://127.0.0.1:1", in: folder)
        let program = try Program(["run", "--config", configuration])
        #expect(await program.logs("listening"))
        let text = try folder.read("earshot.yaml")
        program.send(SIGHUP)
        #expect(await program.logs("loaded again"))
        #expect(!program.standardError.contains("restart"))
        try folder.write("earshot.yaml", "journal: { path: other.jsonl }\n" + text)
        program.send(SIGHUP)
        #expect(await program.logs("loaded again"))
        #expect(program.standardError.contains("`journal` changes with a restart; until then it stays \(folder.path)/"))
        #expect(!program.standardError.contains("`state` changes"))
        try folder.write("earshot.yaml", text.replacing("state: state", with: "state: other"))
        program.send(SIGHUP)
        #expect(await program.logs("loaded again"))
        #expect(
            program.standardError.contains("`state` changes with a restart; until then it stays \(folder.path)/state"))
        program.send(SIGTERM)
        #expect(await program.ended() == 0)
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/other"))
    }

    @Test func aSecondDaemonOnTheSameStateEndsAtOnce() async throws {
        let configuration = try Site.configuration(base: "http://127.0.0.1:1", in: folder)
        let first = try Program(["run", "--config", configuration])
        #expect(await first.logs("listening"))
        let second = try await Program.run("run", "--config", configuration)
        #expect(second.code == 1)
        #expect(second.errors.contains("another Earshot is running"))
        first.send(SIGTERM)
        #expect(await first.ended() == 0)
    }
}

/// The receiving end of sd_notify(3).
private final class NotifySocket {
    let path: String
    private let source: any DispatchSourceRead
    private let messages: AsyncStream<String>

    init(in folder: TemporaryFolder) throws {
        let path = folder.path + "/notify"
        self.path = path
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(bound == 0)
        let (messages, arrival) = AsyncStream<String>.makeStream()
        self.messages = messages
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .global())
        source.setEventHandler {
            var bytes = [UInt8](repeating: 0, count: 4_096)
            let count = recv(descriptor, &bytes, bytes.count, 0)
            arrival.yield(String(decoding: bytes.prefix(max(0, count)), as: UTF8.self))
        }
        source.setCancelHandler { close(descriptor) }
        source.activate()
    }

    deinit { source.cancel() }

    /// The next message, once it comes.
    func next() async -> String {
        for await message in messages { return message }
        return ""
    }
}
