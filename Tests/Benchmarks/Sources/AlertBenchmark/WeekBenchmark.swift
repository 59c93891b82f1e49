// 50,000 mentions in a simulated week: none lost, none twice, each in its time, in bounded memory. What was found and
// taken is logged to a file, so that the memory is the daemon's own.

import CNet
import Foundation
import TestSupport

struct WeekBenchmark {
    private static let mentions = 50_000
    /// The most memory after any day, in MiB: 20,000 stories at about 3 kB, 8 MiB of SQLite's pages, and the program
    /// itself. Each day is a process of its own in this one, and malloc keeps what the one before has left.
    private static let most = 240.0
    /// What is in use may grow by so much when all stories are known that are kept, which is so on the third day.
    private static let growth = 32.0

    func run() async throws -> Bool {
        // As the daemon does: with an arena for each thread, each keeps what was freed in it.
        mallopt(M_ARENA_MAX, 2)
        let folder = try TemporaryFolder(inMemory: true)
        let week = try AlertWeek(folder: folder.path, mentions: Self.mentions)
        let start = Date()
        var memory: [Double] = []
        var used: [Double] = []
        try await week.live { day in
            memory.append(Self.resident)
            malloc_trim(0)
            used.append(Self.resident)
            print("day \(day + 1): \(Int(memory.last ?? 0)) MiB, of which \(Int(used.last ?? 0)) are in use")
        }
        let complaints = try AlertWeekJudge(week).complaints()
        print(
            "\(try week.mentions().count) mentions, \(try week.alerts().count) alerts taken, \(Int(-start.timeIntervalSinceNow)) s"
        )
        print("the judge has \(complaints.count) complaints")
        for complaint in complaints.prefix(20) { print("  \(complaint)") }
        let growth = (used.last ?? 0) - (used.prefix(5).max() ?? 0)
        return complaints.isEmpty && memory.allSatisfy { $0 < Self.most } && growth < Self.growth
    }

    /// Resident memory in MiB (proc(5): pages of 4 KiB).
    private static var resident: Double {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        return text.split(separator: " ").dropFirst().first.flatMap { Double($0) }.map { $0 * 4 / 1_024 } ?? 0
    }
}
