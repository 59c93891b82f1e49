// 50,000 mentions in a simulated week: none lost, none twice, each in its time, in bounded memory.

import Foundation
import TestSupport

struct WeekBenchmark {
    private static let mentions = 50_000
    /// What the process may grow by between the first day and the last, in MiB; the simulation's own log of what was
    /// found and taken, about 3 kB a mention, is part of it.
    private static let growth = 400.0

    func run() async throws -> Bool {
        let folder = try TemporaryFolder(inMemory: true)
        let week = try AlertWeek(folder: folder.path, mentions: Self.mentions)
        let start = Date()
        var memory: [Double] = []
        try await week.live { day in
            memory.append(Self.resident)
            print(
                "day \(day + 1): \(week.mentions.count) mentions, \(week.alerts.count) alerts taken, \(Int(Self.resident)) MiB"
            )
        }
        let complaints = try AlertWeekJudge(week).complaints()
        print("\(Int(-start.timeIntervalSinceNow)) s; the judge has \(complaints.count) complaints")
        for complaint in complaints.prefix(20) { print("  \(complaint)") }
        return complaints.isEmpty && (memory.last ?? 0) - (memory.first ?? 0) < Self.growth
    }

    /// Resident memory in MiB (proc(5): pages of 4 KiB).
    private static var resident: Double {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        return text.split(separator: " ").dropFirst().first.flatMap { Double($0) }.map { $0 * 4 / 1_024 } ?? 0
    }
}
