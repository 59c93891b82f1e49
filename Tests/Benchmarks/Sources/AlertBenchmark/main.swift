// The way of mentions from their commit to their receivers: how well copies find their story, how much slower than bare
// libcurl it is, what a receiver that hangs costs the others, and a whole week on a manual clock with a judge.
//
//     swift run -c release AlertBenchmark [stories] [speed] [hanging] [week]

import Foundation

let wanted = Set(CommandLine.arguments.dropFirst())

func isWanted(_ name: String, among wanted: Set<String>) -> Bool {
    guard wanted.isEmpty || wanted.contains(name) else { return false }
    print("— \(name)")
    return true
}

var isWell = true
if isWanted("stories", among: wanted) { isWell = StoryBenchmark().run() && isWell }
if isWanted("speed", among: wanted) { isWell = try await SpeedBenchmark().run() && isWell }
if isWanted("hanging", among: wanted) { isWell = try await HangingBenchmark().run() && isWell }
if isWanted("week", among: wanted) { isWell = try await WeekBenchmark().run() && isWell }
exit(isWell ? 0 : 1)
