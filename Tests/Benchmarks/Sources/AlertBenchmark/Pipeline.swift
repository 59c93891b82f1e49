// The real dispatcher, courier, store and journal over real sockets, and a transport that notes what passes.

import Alerting
import Configuration
import Fetching
import Foundation
import Journaling
import Logging
import Model
import Monitoring
import Runtime
import Storage
import TestSupport

/// The sending half of a daemon.
struct Pipeline: Sendable {
    let dispatcher: Dispatcher
    let courier: Courier
    let store: SQLiteStore
    private let transport: CurlTransport
    private let settings: Settings

    /// - Parameters:
    ///   - receivers: YAML of `receivers` and `route`.
    ///   - note: called with every request that is sent, if anybody wants to know.
    init(folder: String, receivers: String, note: (@Sendable (Request) -> Void)? = nil) async throws {
        let path = folder + "/earshot.yaml"
        let watches = "state: \(folder)\nwatches: [{ name: zeebank, query: zeebank }]\n"
        let text = watches + "sources: [{ url: \"https://forum.example/feed\" }]\n" + receivers
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        settings = try Settings.load(path, environment: ["HOME": folder])
        let log = Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() }
        let (network, storing) = (QueueExecutor(label: "network"), QueueExecutor(label: "store"))
        store = try SQLiteStore(path: folder + "/earshot.sqlite", executor: storing)
        let recorder = Recorder(
            executor: storing, store: store, journal: try Journal(path: settings.journal), log: log)
        let transport = CurlTransport(executor: network)
        self.transport = transport
        courier = Courier(
            executor: network, clock: SystemClock(),
            transport: note.map { NotingTransport(transport, $0) } ?? transport, store: store, recorder: recorder,
            log: log, dice: { 0 })
        dispatcher = Dispatcher(
            executor: storing, clock: SystemClock(), store: store, recorder: recorder, courier: courier, log: log)
        try await dispatcher.restore()
        await dispatcher.use(settings)
    }

    /// Lets the courier begin: until then what is committed waits in the outbox.
    func openReceivers() async {
        await courier.use(settings)
    }

    /// What one poll finds.
    func find(_ numbers: Range<Int>) async throws {
        let now = Date()
        let mentions = numbers.map { number in
            var mention = Mention.example(number, text: Self.text(number))
            mention.id = Self.id(number)
            mention.found = now
            return mention
        }
        var change = Change()
        change.mentions = mentions.map { Change.MentionKey(id: $0.id, found: now) }
        try await dispatcher.commit(change, mentions, [], at: now)
    }

    /// Ids are hashes: they come in no order.
    static func id(_ number: Int) -> String {
        let hash = UInt64(truncatingIfNeeded: number) &* 0x9E37_79B9_7F4A_7C15
        return "m_" + String(hash | 1 << 63, radix: 16) + String(UInt32(truncatingIfNeeded: number), radix: 16)
    }

    /// 60 words that no other mention has.
    private static func text(_ number: Int) -> String {
        (0..<60).map { "woord\(number &* 7_919 &+ $0 &* 104_729)" }.joined(separator: " ")
    }

    func stop() async {
        await dispatcher.stop()
        await courier.stop(grace: 0)
        await transport.shutdown()
        await store.close()
    }
}

/// Tells of each request on its way.
struct NotingTransport: Transport {
    private let transport: CurlTransport
    private let note: @Sendable (Request) -> Void

    init(_ transport: CurlTransport, _ note: @escaping @Sendable (Request) -> Void) {
        self.transport = transport
        self.note = note
    }

    nonisolated(nonsending) func send(_ request: Request) async -> FetchOutcome {
        note(request)
        return await transport.send(request)
    }
}
