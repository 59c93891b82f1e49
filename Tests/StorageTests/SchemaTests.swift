import Foundation
import GRDB
import Model
import Runtime
import TestSupport
import Testing

@testable import Storage

/// What an older release has left behind is understood.
@Suite struct SchemaTests {
    @Test func sketchesOfBeforeTheySaidTheirVersionAreOfTheFirst() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/earshot.sqlite"
        let old = Data([0, 7, 255, 0, 128])
        let database = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(database, upTo: "6: when something was missed")
        try await database.write { db in
            try db.execute(sql: "INSERT INTO story (id, seen, sketch) VALUES ('s_1', 1, ?)", arguments: [old])
        }
        try database.close()
        let store = try SQLiteStore(path: path, executor: QueueExecutor(label: "test.store"))
        let stories = try await store.stories(since: .distantPast, limit: 9)
        #expect(stories.map(\.sketch) == [[1] + Array(old)])
        await store.close()
    }

    @Test func ofWhatWasReadBeforeItIsNotKnownByWhichSettings() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/earshot.sqlite"
        let database = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(database, upTo: "8: the routes that a waiting mention has taken")
        try await database.write { db in
            try db.execute(
                sql: """
                    INSERT INTO source (id, address, due) VALUES (1, 'https://a.example/', 7);
                    INSERT INTO reading (source, body_hash, baseline, seen) VALUES (1, 7, 7, x'')
                    """)
        }
        try database.close()
        let store = try SQLiteStore(path: path, executor: QueueExecutor(label: "test.store"))
        let reading = try #require(try await store.state(of: 1).reading)
        #expect(reading.bodyHash == 7 && reading.settingsMark == nil)
        await store.close()
    }
}
