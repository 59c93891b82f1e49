// An hour in four minutes: the whole daemon with 20,000 sources that are asked every minute instead of every quarter of
// an hour, on real servers of all manners, each at an address of its own in 127.0.0.0/8. Every outcome is held to its
// source's manner; the pace and the memory are watched over the run.
//
//     swift run -c release HourSimulation [SECONDS]

import Configuration
import Fetching
import Foundation
import Glibc
import Logging
import Monitoring
import Runtime
import TestSupport

let seconds = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 240

/// What is watched while the daemon runs, every few seconds.
struct Sample {
    var pollsASecond: Double
    var megabytes: Double
}

private let step = 5
/// The pace that must be sustained, and how much larger the last quarter's memory may be than the second's: in the
/// first, which sees every source for the first time, everything fills.
private let leastPace = 300.0
private let mostGrowth = 1.1

func writeConfiguration(_ servers: SimulatedServers) throws -> Settings {
    try servers.folder.write("feeds.txt", servers.addresses.joined(separator: "\n"))
    let path = try servers.folder.write(
        "earshot.yaml",
        """
        state: state
        polling: { interval: 1m, floor: 1m, allow_private_addresses: true }
        watches: [{ name: zeebank, query: zeebank }]
        sources: [{ list: feeds.txt }]
        """)
    return try Settings.load(path, environment: [:])
}

/// Outcomes that no source of that manner may have.
func check(_ daemon: Daemon) async throws -> Int {
    var wrong = 0
    for manner in manners {
        let listing = try await daemon.sources(matching: "/\(manner.name)/", limit: manner.count)
        let polled = listing.sources.filter { $0.outcome != nil }
        let others = polled.filter { source in !manner.outcomes.contains { source.outcome?.hasPrefix($0) == true } }
        let seen = Set(others.compactMap(\.outcome)).prefix(3).joined(separator: "; ")
        print("  \(manner.name): \(polled.count) of \(manner.count) polled, \(others.count) wrong \(seen)")
        wrong += others.count + manner.count - polled.count
    }
    return wrong
}

func residentMegabytes() -> Double {
    let status = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let pages = status.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0
    return pages * 4_096 / 1_048_576
}

func watch(_ transport: CountingTransport) async throws -> [Sample] {
    var samples: [Sample] = []
    var (before, then) = (transport.pollCount, ContinuousClock.now)
    for second in stride(from: step, through: seconds, by: step) {
        try await Task.sleep(until: then + .seconds(step))
        let (count, now) = (transport.pollCount, ContinuousClock.now)
        let pace = Double(count - before) / (then.duration(to: now) / .seconds(1))
        samples.append(Sample(pollsASecond: pace, megabytes: residentMegabytes()))
        if second % 20 == 0 { print("  \(second) s: \(Int(pace)) polls a second, \(Int(residentMegabytes())) MB") }
        (before, then) = (count, now)
    }
    return samples
}

/// The mean of a quarter of the run, the first being 0.
func mean(_ samples: [Sample], quarter: Int, _ value: (Sample) -> Double) -> Double {
    let part = samples[samples.count * quarter / 4..<samples.count * (quarter + 1) / 4]
    return part.map(value).reduce(0, +) / Double(max(1, part.count))
}

/// - Returns: whether everything was as it should be.
func simulate(_ servers: SimulatedServers) async throws -> Bool {
    let mute = servers.listenSilently()
    defer { close(mute) }
    let settings = try writeConfiguration(servers)
    let queues = Daemon.Queues()
    let transport = CountingTransport(CurlTransport(executor: queues.network))
    let log = Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() }
    let daemon = try await Daemon(
        settings: settings, queues: queues, clock: SystemClock(), transport: transport, log: log)
    try await daemon.start(settings)
    let samples = try await watch(transport)
    let wrong = try await check(daemon)
    await daemon.stop(grace: 1)
    await transport.inner.shutdown()

    let paces = (0..<4).map { mean(samples, quarter: $0, \.pollsASecond) }
    let memory = (0..<4).map { mean(samples, quarter: $0, \.megabytes) }
    print(
        "polls a second, by quarters: \(paces.map { Int($0) }); MB: \(memory.map { Int($0) }); \(wrong) wrong outcomes")
    let isGood = wrong == 0 && paces.allSatisfy { $0 >= leastPace } && memory[3] <= memory[1] * mostGrowth
    print(isGood ? "kept" : "BROKEN")
    return isGood
}

let servers = SimulatedServers(folder: try TemporaryFolder())
try servers.writeFiles()
let isGood = try await NginxServer.serving(servers.locations) { _ in try await simulate(servers) }
exit(isGood ? 0 : 1)
