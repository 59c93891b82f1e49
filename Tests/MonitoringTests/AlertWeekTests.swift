import TestSupport
import Testing

/// A small week; `Tests/Benchmarks` has a large one.
@Suite struct AlertWeekTests {
    @Test func aWeekKeepsEveryPromise() async throws {
        let folder = try TemporaryFolder()
        let week = try AlertWeek(folder: folder.path, mentions: 1_500)
        try await week.live()
        #expect(week.mentions.count == 1_500)
        let complaints = try AlertWeekJudge(week).complaints()
        #expect(complaints.isEmpty, "\(complaints.count): \(complaints.prefix(10).joined(separator: "\n"))")
    }
}
