import Alerting
import Configuration
import Control
import Foundation
import Model
import TestSupport
import Testing

/// A daemon's routes over a real socket.
@Suite struct ControlServerTests {
    private struct Note: Codable, Equatable {
        var text: String
    }

    private let folder: TemporaryFolder
    private var path: String { ControlSocket.path(state: folder.path) }

    init() throws {
        folder = try TemporaryFolder()
    }

    private static let routes = [
        ControlRoute("GET", "/echo") { try .json(Note(text: $0.query["text"] ?? "")) },
        ControlRoute("POST", "/echo") { try .json($0.decode(Note.self)) },
        ControlRoute("GET", "/refusal") { _ in throw ControlError(status: 409, "not now") },
    ]

    /// Runs a server while `body` asks it.
    private func serving(
        _ routes: [ControlRoute] = Self.routes, at path: String? = nil,
        patience: Duration = ControlServer.longestAnswer, _ body: (ControlClient) async throws -> Void
    ) async throws {
        let path = path ?? self.path
        let (ready, isReady) = AsyncStream<Void>.makeStream()
        let server = ControlServer(path: path, routes: routes, patience: patience)
        let run = Task { try await server.run { isReady.finish() } }
        for await _ in ready {}
        try await body(ControlClient(path: path))
        run.cancel()
        _ = await run.result
    }

    @Test func aLookAndAChangeAreAnswered() async throws {
        try await serving { (client) async throws in
            let odd = "a&b = “c” + 100 %/?#"
            #expect(try await client.get(Note.self, "/echo", query: ["text": odd]) == Note(text: odd))
            #expect(try await client.post(Note.self, "/echo", body: Note(text: odd)) == Note(text: odd))
        }
    }

    @Test func aRefusalArrivesWithItsReason() async throws {
        try await serving { (client) async throws in
            let refusal = await #expect(throws: ControlError.self) { try await client.get(Note.self, "/refusal") }
            #expect(refusal?.status == 409)
            #expect(refusal?.description == "not now")
            let missing = await #expect(throws: ControlError.self) { try await client.get(Note.self, "/nothing") }
            #expect(missing?.description == "there is no /nothing")
            let other = await #expect(throws: ControlError.self) {
                try await client.post(Note.self, "/refusal", body: Note(text: ""))
            }
            #expect(other?.description == "/refusal takes GET, not POST")
            let bad = await #expect(throws: ControlError.self) { try await client.post(Note.self, "/echo", body: [1]) }
            #expect(bad?.status == 400)
        }
    }

    @Test func aBodyWithoutBoundsIsNotRead() async throws {
        try await serving { (client) async throws in
            let large = Note(text: String(repeating: "x", count: ControlServer.bodyLimit))
            let error = await #expect(throws: ControlError.self) {
                try await client.post(Note.self, "/echo", body: large)
            }
            #expect([413, 503].contains(error?.status))
            #expect(try await client.get(Note.self, "/echo", query: ["text": "still there"]).text == "still there")
        }
    }

    // MARK: How long an answer may take

    /// Two servers are asked in turn for what never comes, and the second is the first to give up.
    @Test func aRouteIsGivenAsLongAsTheServerHasPatience() async throws {
        let (arrivals, arrival) = AsyncStream<Void>.makeStream()
        let givenUp = Shared<[String]>([])
        func silence(of name: String) -> ControlRoute {
            ControlRoute("GET", "/silence") { _ in
                arrival.yield()
                for await _ in AsyncStream<Void>.makeStream().stream {}
                givenUp.withLock { $0.append(name) }
                throw CancellationError()
            }
        }
        try await serving([silence(of: "patient")]) { patient in
            let waiting = Task { try await patient.get(Note.self, "/silence") }
            for await _ in arrivals { break }
            try await serving(
                [silence(of: "hasty")], at: folder.path + "/hasty", patience: .milliseconds(20)
            ) { hasty in
                let error = await #expect(throws: ControlError.self) { try await hasty.get(Note.self, "/silence") }
                #expect(error?.status == 500)
                #expect(givenUp.withLock { $0 } == ["hasty"])
            }
            waiting.cancel()
        }
    }

    /// A receiver's test takes as long as an attempt may, and that is as long as a configuration allows.
    @Test(arguments: [
        #"webhook: { url: "https://hooks.example/x", format: slack, timeout: $ }"#,
        "email: { to: a@hooks.example, from: b@hooks.example, server: mail.example, security: none, timeout: $ }",
        "command: { run: [/bin/true], timeout: $ }",
    ])
    func noAttemptThatCanBeConfiguredTakesLongerThanAnAnswerMay(target: String) throws {
        func timeout(_ text: String) throws -> Duration? {
            let target = target.replacingOccurrences(of: "$", with: text)
            let path = try folder.write(
                "earshot.yaml",
                """
                state: state
                watches: []
                sources: []
                receivers: [{ name: slow, \(target) }]
                route: { receiver: slow }
                """)
            let settings = try Settings.load(path, environment: [:])
            switch settings.receivers.first?.target {
            case .webhook(let webhook): return webhook.timeout
            case .email(let email): return email.server.timeout
            case .command(let command): return command.timeout
            case .file, nil: return nil
            }
        }
        let longest = try #require(try timeout("5m"))
        #expect(longest == .seconds(300))
        let longer = #expect(throws: ConfigurationError.self) { try timeout("301s") }
        #expect(longer?.description.contains("`timeout` is between 1s and 5m") == true)
        #expect(ControlServer.longestAnswer >= longest + .seconds(10))
    }

    @Test func theSocketIsTheOwnersAloneAndGoesWithTheServer() async throws {
        try folder.write("earshot.sock", "left by a process that was killed")
        try await serving { (_) async throws in
            let rights = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(rights == 0o600)
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func withoutADaemonTheCommandSaysWhereItLooked() async throws {
        let error = await #expect(throws: ControlError.self) {
            try await ControlClient(path: path).get(Note.self, "/echo")
        }
        #expect(error?.status == 503)
        #expect(error?.description.contains(path) == true)
    }

    @Test func aPathThatNoSocketCanHaveIsRefused() async throws {
        let long = "/" + String(repeating: "x", count: 104)
        await #expect(throws: ControlError.self) { try await ControlServer(path: long, routes: []).run() }
    }
}
