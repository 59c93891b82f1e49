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

    // MARK: Sources

    @Test func aNewSourceIsDueAtOnceAndKeepsItsPlace() async throws {
        let store = try open()
        let first = try await store.enrol(["https://a.example/", "https://b.example/"], due: now)
        #expect(first.map(\.due) == [now, now])
        let again = try await store.enrol(["https://b.example/", "https://a.example/"], due: now + 99)
        #expect(again.map(\.id) == first.map(\.id).reversed())
        #expect(again.map(\.due) == [now, now])
    }

    @Test func aVisitIsThereAfterARestart() async throws {
        let store = try open()
        let id = try #require(try await store.enrol(["https://a.example/"], due: now).first?.id)
        let seen = SeenEntries(marks: [EntryMarks(identity: .max, alias: 2, content: 1 << 63)])
        let reading = Reading(bodyHash: .max - 1, baseline: now, seen: seen)
        let visit = Visit(
            source: id, polled: now, outcome: "1 entry", due: now + 900, failures: 0,
            validators: Validators(etag: "\"e\"", lastModified: "noon"), reading: reading)
        try await store.commit(change { $0.visits = [visit] })
        await store.close()

        let state = try await open().state(of: id)
        #expect(
            state
                == SourceState(
                    id: id, due: now + 900, validators: Validators(etag: "\"e\"", lastModified: "noon"),
                    reading: reading))
    }

    @Test func aVisitThatReadNothingKeepsWhatWasRead() async throws {
        let store = try open()
        let id = try #require(try await store.enrol(["https://a.example/"], due: now).first?.id)
        let reading = Reading(bodyHash: 7, baseline: now, seen: SeenEntries())
        try await store.commit(
            change {
                $0.visits = [
                    Visit(
                        source: id, polled: now, outcome: "", due: now, failures: 0,
                        validators: Validators(etag: "\"e\""), reading: reading)
                ]
            })
        try await store.commit(
            change { $0.visits = [Visit(source: id, polled: now, outcome: "503", due: now + 60, failures: 1)] })
        let state = try await store.state(of: id)
        #expect(state.failures == 1)
        #expect(state.due == now + 60)
        #expect(state.validators.etag == "\"e\"")
        #expect(state.reading == reading)
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

    @Test func theOutboxGivesTheEarliestFirstAndEachReceiverItsOwn() async throws {
        let store = try open()
        let deliveries = [
            delivery("a_2", due: now + 5), delivery("a_1"), delivery("a_3", to: "night"), delivery("a_4", due: now + 9),
        ]
        try await store.commit(change { $0.deliveries = deliveries })
        #expect(try await store.outbox(of: "webcare", limit: 2) == [deliveries[1], deliveries[0]])
        #expect(try await store.outbox(of: "night", limit: 9).map(\.id) == ["a_3"])
        #expect(try await store.outbox(of: "nobody", limit: 9).isEmpty)
    }

    @Test func aDeliveryThatIsQueuedAlreadyKeepsItsAttempts() async throws {
        let store = try open()
        try await store.commit(change { $0.deliveries = [delivery("a_1")] })
        let retry = Verdict.retry(reason: "answered 500", due: now + 5)
        try await store.commit(change { $0.attempts = [.init(delivery: "a_1", made: now, verdict: retry)] })
        try await store.commit(change { $0.deliveries = [delivery("a_1")] })
        let queued = try await store.outbox(of: "webcare", limit: 9)
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
            change { $0.attempts = verdicts.map { .init(delivery: $0.0, made: now, verdict: $0.1) } })
        #expect(try await store.outbox(of: "webcare", limit: 9).map(\.id) == ["a_2"])
        #expect(try await store.backlog() == [Backlog(receiver: "webcare", queued: 1, parked: 2)])
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
