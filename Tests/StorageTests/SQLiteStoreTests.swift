import Foundation
import Model
import Runtime
import Storage
import TestSupport
import Testing

@Suite struct SQLiteStoreTests {
    private let folder: TemporaryFolder
    private let now = Date(timeIntervalSince1970: 1_772_438_400)

    init() throws {
        folder = try TemporaryFolder()
    }

    private func open() throws -> SQLiteStore {
        try SQLiteStore(path: folder.path + "/earshot.sqlite", executor: QueueExecutor(label: "test.store"))
    }

    private func delivery(_ id: String, to receiver: String = "webcare", due: Date? = nil) -> Delivery {
        Delivery(id: id, receiver: receiver, body: Array("{\"n\":\"\(id)\"}".utf8), due: due ?? now)
    }

    private func change(_ edit: (inout Change) -> Void) -> Change {
        var change = Change()
        edit(&change)
        return change
    }

    private func queued(
        in store: SQLiteStore, for receiver: String = "webcare", besides known: Set<String> = [], limit: Int = 9,
        bytes: Int = .max
    ) async throws -> [Delivery] {
        try await store.outbox(of: receiver, after: .start, besides: known, limit: limit, bytes: bytes).deliveries
    }

    // MARK: Sources

    private func enrol(_ addresses: [String], in store: SQLiteStore, at time: Date? = nil) async throws
        -> [SourceOutline]
    {
        var sources = Sources()
        for address in addresses { sources.append(Source(url: address, name: "a name")) }
        return try await store.enrol(sources, at: time ?? now)
    }

    private func firstState(in store: SQLiteStore) async throws -> SourceState {
        let outlines = try await enrol(["https://a.example/"], in: store)
        return try await store.state(of: try #require(outlines.first?.id))
    }

    @Test func aNewSourceIsDueAtOnceAndKeepsItsPlace() async throws {
        let store = try open()
        let first = try await enrol(["https://a.example/", "https://b.example/"], in: store)
        #expect(first.map(\.due) == [now, now])
        let again = try await enrol(
            ["https://b.example/", "https://jan:geheim@a.example/"], in: store, at: now + 99)
        #expect(again.map(\.id) == first.map(\.id).reversed())
        #expect(again.map(\.due) == [now, now])
    }

    @Test func aVisitIsThereAfterARestart() async throws {
        let store = try open()
        var state = try await firstState(in: store)
        state.due = now + 900
        state.reason = .backoff
        state.polled = now
        state.status = 503
        state.outcome = "the server answered 503"
        state.failures = 2
        state.failingSince = now - 60
        state.validators = Validators(etag: "W/\"e\"", lastModified: "noon")
        state.vainConditions = 1
        state.answered = now - 90
        state.changed = now - 120
        state.move = Move(address: "https://b.example/", since: now - 7, times: 3)
        state.address = "https://c.example/"
        state.rhythm.learn([now - 1_000, now - 5_000], at: now)
        state.isSilent = true
        state.findings = "3 bare ampersands"
        state.reading = Reading(
            bodyHash: .max - 1, baseline: now,
            seen: SeenEntries(marks: [EntryMarks(identity: .max, alias: 2, content: 1 << 63)]))
        let text = Mention.Text(
            id: "7", title: "Bikes", link: "https://a.example/7", author: nil, published: now + 0.5, language: nil,
            kind: .forum, rating: 2.5, text: "It begins…")
        state.reading?.waiting = [WaitingEntry(identity: "7", text: text)]
        state.reading?.waiting[0].restsSince = now - 60
        state.reading?.settingsMark = .max - 3
        state.reading?.entriesMissed = now - 120
        state.reading?.pagesMissed = now - 180
        try await store.commit(change { $0.visits = [state] })
        await store.close()

        let reopened = try open()
        #expect(try await reopened.state(of: state.id) == state)
        let outline = try #require(try await enrol(["https://a.example/"], in: reopened).first)
        #expect(outline.due == now + 900 && outline.polled == now && outline.failures == 2)
        #expect(outline.rate == state.rhythm.rate(at: now))
        #expect(outline.hasWorkingValidators)
        #expect(outline.address == "https://c.example/")
    }

    @Test(arguments: [nil, MarkKey(low: 1, high: .max)])
    func marksComeBackWithTheirKeyAndThoseOfBeforeWithout(key: MarkKey?) async throws {
        let store = try open()
        var state = try await firstState(in: store)
        for count in 0...3 {
            let marks = (0..<count).map { EntryMarks(identity: UInt64($0), alias: .max, content: 1 << 63) }
            state.reading = Reading(bodyHash: 7, baseline: now, seen: SeenEntries(key: key, marks: marks))
            try await store.commit(change { $0.visits = [state] })
            #expect(try await store.state(of: state.id).reading == state.reading)
        }
    }

    @Test func aVisitThatReadNothingKeepsWhatWasRead() async throws {
        let store = try open()
        var state = try await firstState(in: store)
        let reading = Reading(bodyHash: 7, baseline: now, seen: SeenEntries())
        state.reading = reading
        try await store.commit(change { $0.visits = [state] })
        state.reading = nil
        state.failures = 1
        try await store.commit(change { $0.visits = [state] })
        let stored = try await store.state(of: state.id)
        #expect(stored.failures == 1)
        #expect(stored.reading == reading)
    }

    @Test func aSourceThatLeavesTheConfigurationIsForgottenAfterAMonth() async throws {
        let store = try open()
        let both = ["https://a.example/", "https://b.example/"]
        let ids = try await enrol(both, in: store).map(\.id)
        let reading = Reading(bodyHash: 7, baseline: now, seen: SeenEntries())
        for id in ids {
            var state = try await store.state(of: id)
            state.reading = reading
            try await store.commit(change { $0.visits = [state] })
        }
        // One leaves, comes back in time, leaves again and stays away.
        _ = try await enrol(["https://a.example/"], in: store, at: now + 86_400)
        #expect(try await enrol(both, in: store, at: now + 30 * 86_400).map(\.id) == ids)
        _ = try await enrol(["https://a.example/"], in: store, at: now + 31 * 86_400)
        _ = try await enrol(["https://a.example/"], in: store, at: now + 60 * 86_400)
        #expect(try await store.state(of: ids[1]).reading == reading)
        _ = try await enrol(["https://a.example/"], in: store, at: now + 62 * 86_400)
        await #expect(throws: StoreError.self) { try await store.state(of: ids[1]) }
        #expect(try await store.state(of: ids[0]).reading == reading)
    }

    @Test func tenThousandSourcesKeepTheirOrder() async throws {
        let store = try open()
        let addresses = (0..<10_000).map { "https://host\($0 &* 7_919 % 10_000).example/feed" }
        let first = try await enrol(addresses, in: store)
        #expect(Set(first.map(\.id)).count == 10_000)
        #expect(try await enrol(addresses.reversed(), in: store).map(\.id) == first.map(\.id).reversed())
    }

    @Test func anUnknownSourceIsAnError() async throws {
        let store = try open()
        await #expect(throws: StoreError.self) { try await store.state(of: 99) }
    }

    // MARK: Mentions and the outbox

    @Test func aStoredMentionIsKnown() async throws {
        let store = try open()
        try await store.commit(change { $0.mentions = [.init(id: "m_1", found: now)] })
        #expect(try await store.unknown(among: ["m_1", "m_2"]) == ["m_2"])
    }

    @Test func oldMentionsAreForgotten() async throws {
        let store = try open()
        try await store.commit(
            change { $0.mentions = [.init(id: "m_1", found: now), .init(id: "m_2", found: now + 1)] })
        try await store.forgetMentions(before: now + 1)
        #expect(try await store.unknown(among: ["m_1", "m_2"]) == ["m_1"])
    }

    @Test func theOutboxGivesTheEarliestFirstAndEachReceiverItsOwn() async throws {
        let store = try open()
        let deliveries = [
            delivery("a_2", due: now + 5), delivery("a_1"), delivery("a_3", to: "night"), delivery("a_4", due: now + 9),
        ]
        try await store.commit(change { $0.deliveries = deliveries })
        #expect(try await queued(in: store, limit: 2) == [deliveries[1], deliveries[0]])
        #expect(try await queued(in: store, besides: ["a_1"], limit: 1) == [deliveries[0]])
        #expect(try await queued(in: store, for: "night").map(\.id) == ["a_3"])
        // At least one, however large it is.
        #expect(try await queued(in: store, bytes: 1) == [deliveries[1]])
        #expect(try await queued(in: store, for: "nobody").isEmpty)
    }

    @Test func theOutboxIsGivenPartByPart() async throws {
        let store = try open()
        // Three of them are due together.
        let dues = [now, now, now, now + 5]
        try await store.commit(
            change { $0.deliveries = zip(1..., dues).map { delivery("a_\($0)", due: $1) } })
        var ids: [[String]] = []
        var place: OutboxPlace? = .start
        while let start = place, ids.count < 9 {
            let part = try await store.outbox(of: "webcare", after: start, besides: ["a_3"], limit: 1, bytes: .max)
            ids.append(part.deliveries.map(\.id))
            place = part.end
            // What was read and is gone moves nothing.
            let gone = Change.Attempt(delivery: "a_2", receiver: "webcare", made: now, verdict: .delivered)
            if ids.last == ["a_2"] { try await store.commit(change { $0.attempts = [gone] }) }
        }
        #expect(ids == [["a_1"], ["a_2"], ["a_4"], []])
    }

    @Test func aDeliveryThatIsQueuedAlreadyKeepsItsAttempts() async throws {
        let store = try open()
        try await store.commit(change { $0.deliveries = [delivery("a_1")] })
        let retry = Verdict.retry(reason: "answered 500", due: now + 5)
        try await store.commit(
            change { $0.attempts = [.init(delivery: "a_1", receiver: "webcare", made: now, verdict: retry)] })
        try await store.commit(change { $0.deliveries = [delivery("a_1")] })
        let queued = try await queued(in: store)
        #expect(queued.map(\.attempts) == [1])
        #expect(queued.map(\.due) == [now + 5])
    }

    @Test func verdictsMoveADeliveryOn() async throws {
        let store = try open()
        let verdicts: [(String, Verdict)] = [
            ("a_1", .delivered), ("a_2", .retry(reason: "answered 500", due: now + 5)),
            ("a_3", .parked(reason: "answered 404")), ("a_4", .receiverGone),
        ]
        try await store.commit(change { $0.deliveries = verdicts.map { delivery($0.0) } })
        try await store.commit(
            change {
                $0.attempts = verdicts.map { .init(delivery: $0.0, receiver: "webcare", made: now, verdict: $0.1) }
            })
        #expect(try await queued(in: store).map(\.id) == ["a_2"])
        #expect(try await store.backlog() == [Backlog(receiver: "webcare", queued: 1, parked: 2)])
    }

    @Test func anAttemptSaysNothingOfADeliveryThatWentToAnother() async throws {
        let store = try open()
        try await store.commit(change { $0.deliveries = [delivery("a_1", to: "night")] })
        for verdict in [Verdict.delivered, .retry(reason: "down", due: now + 5), .parked(reason: "answered 404")] {
            let attempt = Change.Attempt(delivery: "a_1", receiver: "webcare", made: now, verdict: verdict)
            try await store.commit(change { $0.attempts = [attempt] })
            let queued = try await queued(in: store, for: "night")
            #expect(queued == [delivery("a_1", to: "night")])
        }
    }

    // MARK: Changes

    @Test func aChangeThatFailsTakesNoOtherWithIt() async throws {
        let store = try open()
        let broken = change {
            $0.mentions = [.init(id: "m_broken", found: now)]
            // SQLite stores NaN as NULL, and `due` may not be NULL.
            $0.deliveries = [delivery("a_1", due: Date(timeIntervalSince1970: .nan))]
        }
        let sound = change { $0.mentions = [.init(id: "m_sound", found: now)] }
        let first = Task { try await store.commit(broken) }
        let second = Task { try await store.commit(sound) }
        try await second.value
        await #expect(throws: StoreError.self) { try await first.value }
        #expect(try await store.unknown(among: ["m_broken", "m_sound"]) == ["m_broken"])
    }

    @Test func aHundredChangesAtOnceAreAllWritten() async throws {
        let store = try open()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...100 {
                group.addTask { [now] in
                    var change = Change()
                    change.mentions = [.init(id: "m_\(number)", found: now)]
                    change.lines = [Array("{\"n\":\(number)}".utf8)]
                    try await store.commit(change)
                }
            }
            try await group.waitForAll()
        }
        #expect(try await store.unknown(among: (1...100).map { "m_\($0)" }).isEmpty)
        #expect(try await store.journalLines(after: 0, limit: 200).map(\.sequence) == Array(1...100))
    }

    // MARK: Journal lines

    @Test func linesAreForgottenOnceTheJournalHoldsThemAndNumbersAreNotReused() async throws {
        let store = try open()
        let lines = ["{\"a\":1}", "{\"b\":2}"].map { Array($0.utf8) }
        try await store.commit(change { $0.lines = lines })
        #expect(
            try await store.journalLines(after: 0, limit: 9) == [
                JournalLine(sequence: 1, event: lines[0]), JournalLine(sequence: 2, event: lines[1]),
            ])
        await store.journalHolds(upTo: 2)
        try await store.commit(change { $0.lines = [lines[0]] })
        #expect(try await store.journalLines(after: 0, limit: 9) == [JournalLine(sequence: 3, event: lines[0])])
    }

    @Test func linesThatTheJournalHoldsInPartAreGivenFromThereOn() async throws {
        let store = try open()
        let lines = (1...7).map { Array("{\"n\":\($0)}".utf8) }
        try await store.commit(change { $0.lines = Array(lines[..<4]) })
        try await store.commit(change { $0.lines = Array(lines[4...]) })
        let numbered = zip(Int64(1)..., lines).map { JournalLine(sequence: $0, event: $1) }
        #expect(try await store.journalLines(after: 2, limit: 3) == Array(numbered[2..<5]))
        #expect(try await store.journalLines(after: 5, limit: 9) == Array(numbered[5...]))
        // A row goes once all of its lines are in the journal.
        await store.journalHolds(upTo: 5)
        try await store.commit(Change())
        #expect(try await store.journalLines(after: 0, limit: 9) == Array(numbered[4...]))
    }

    @Test func aFreshStoreGoesOnBehindAnOldJournal() async throws {
        let store = try open()
        try await store.numberLines(above: 41)
        try await store.commit(change { $0.lines = [Array("{}".utf8)] })
        #expect(try await store.journalLines(after: 41, limit: 9).map(\.sequence) == [42])
        try await store.numberLines(above: 7)
        try await store.commit(change { $0.lines = [Array("{}".utf8)] })
        #expect(try await store.journalLines(after: 42, limit: 9).map(\.sequence) == [43])
    }

    // MARK: Files

    @Test func aFileThatIsNoStoreIsRefusedByName() throws {
        try folder.write("earshot.sqlite", String(repeating: "not a database ", count: 100))
        let error = #expect(throws: StoreError.self) { try open() }
        #expect(error?.description.contains("earshot.sqlite") == true)
    }

    @Test func aStateFolderThatCannotBeMadeIsNamedWithTheReason() {
        let error = #expect(throws: StoreError.self) { try StateFolder(path: "/proc/nonexistent/state") }
        #expect(error?.description == "/proc/nonexistent/state: cannot be created: No such file or directory")
    }

    @Test func aSecondDaemonIsKeptOutOfTheStateFolder() throws {
        let path = folder.path + "/state"
        let first = try StateFolder(path: path)
        let error = #expect(throws: StoreError.self) { try StateFolder(path: path) }
        #expect(error?.description.contains("another Earshot") == true)
        first.unlock()
        try StateFolder(path: path).unlock()
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o700)
    }
}
