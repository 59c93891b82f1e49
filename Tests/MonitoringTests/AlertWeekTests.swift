import TestSupport
import Testing

/// A small week; `Tests/Benchmarks` has a large one.
@Suite struct AlertWeekTests {
    @Test func aWeekKeepsEveryPromise() async throws {
        let folder = try TemporaryFolder(inMemory: true)
        let week = try AlertWeek(folder: folder.path, mentions: 800)
        try await week.live()
        #expect(try week.mentions().count == 800)
        let complaints = try AlertWeekJudge(week).complaints()
        #expect(complaints.prefix(10).isEmpty)
    }
}
