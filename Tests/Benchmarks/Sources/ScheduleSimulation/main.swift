// A million sources on 800,000 hosts: from a list and a store to ready, and through a day of hourly polls on a
// simulated clock and web, judged request by request.
//
//     swift run -c release ScheduleSimulation [SOURCES]

import CMemory
import Configuration
import Foundation
import Model
import Monitoring
import Runtime
import Simulation
import Storage

let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1_000_000
let web = SimulatedWeb(count: count)
let folder = FileManager.default.temporaryDirectory.appending(path: "earshot-simulation-\(UUID().uuidString)").path

func seconds(_ duration: Duration) -> String {
    (duration / .seconds(1)).formatted(.number.precision(.fractionLength(2))) + " s"
}

func megabytes(_ bytes: Int) -> String {
    "\(bytes >> 20) MB"
}

/// A configuration that names the sources in a list.
func writeConfiguration() throws -> String {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let list = (0..<count).map { web.address(of: $0) }.joined(separator: "\n")
    try Data(list.utf8).write(to: URL(filePath: folder + "/feeds.txt"))
    let text = """
        state: state
        polling: { interval: 1h }
        watches: [{ name: zeebank, query: zeebank }]
        sources: [{ list: feeds.txt }]
        """
    try Data(text.utf8).write(to: URL(filePath: folder + "/earshot.yaml"))
    return folder + "/earshot.yaml"
}

/// What a start does until the first poll may begin: read the list, open the store, take the sources over.
func start(_ path: String) async throws -> Duration {
    let clock = ContinuousClock()
    let begin = clock.now
    let settings = try Settings.load(path, environment: [:])
    let read = clock.now
    let state = try StateFolder(path: settings.state)
    let store = try SQLiteStore(path: state.database, executor: QueueExecutor(label: "simulation.store"))
    let outlines = try await store.enrol(settings.sources, at: SimulatedDay.start)
    let enrolled = clock.now
    var agenda = Agenda()
    agenda.use(settings.sources, outlines, budget: nil, at: SimulatedDay.start)
    let first = agenda.begin(at: SimulatedDay.start)
    let ready = clock.now
    await store.close()
    state.unlock()
    let parts = [(begin, read), (read, enrolled), (enrolled, ready)].map { seconds($0.duration(to: $1)) }
    print("  list \(parts[0]), store \(parts[1]), schedule \(parts[2]); \(first == nil ? "nothing" : "a poll") is due")
    return begin.duration(to: ready)
}

func measureStarts() async throws {
    let path = try writeConfiguration()
    cmemory_reset_peak()
    print("the first start, which enters \(count) sources: \(seconds(try await start(path)))")
    cmemory_reset_peak()
    print("the next start: \(seconds(try await start(path))), at most \(megabytes(cmemory_peak()))")
    try measureOPML()
    try FileManager.default.removeItem(atPath: folder)
}

/// Three hundred thousand feeds as a feed reader exports them, of which three are no addresses.
func measureOPML() throws {
    var outlines = (0..<300_000).map { number in
        "<outline type=\"rss\" text=\"Feed \(number)\" xmlUrl=\"https://www.host\(number).com/feed.xml\"/>"
    }
    for bad in [1, 1_000, 299_999] { outlines[bad] = "<outline text=\"x\" xmlUrl=\"gopher://host\(bad)/\"/>" }
    let text = "<opml version=\"2.0\"><body>\(outlines.joined(separator: "\n"))</body></opml>"
    try Data(text.utf8).write(to: URL(filePath: folder + "/feeds.opml"))
    let configuration = "state: state\nwatches: [{ name: z, query: zeebank }]\nsources: [{ opml: feeds.opml }]\n"
    try Data(configuration.utf8).write(to: URL(filePath: folder + "/opml.yaml"))
    var problems: [Problem] = []
    let time = ContinuousClock().measure {
        do throws(ConfigurationError) {
            _ = try Settings.load(folder + "/opml.yaml", environment: [:])
        } catch {
            problems = error.problems
        }
    }
    print("300000 outlines of OPML: \(seconds(time)), \(problems.count) problems: \(problems.first?.message ?? "none")")
}

func measureDay() {
    cmemory_reset_peak()
    let clock = ContinuousClock()
    var day = SimulatedDay(web, seconds: 86_400, seed: 1)
    let bytes = cmemory_allocated()
    let time = clock.measure { day.run() }
    let judge = day.judge
    print("a day: \(judge.requestCount) polls in \(seconds(time)), \(judge.breachCount) breaches")
    for breach in judge.breaches { print("  \(breach)") }
    print("  \(judge.neglected(least: 22)) healthy sources had fewer than 22 polls")
    let minutes = judge.perMinute.dropFirst(60).dropLast()
    print("  after the first hour \(minutes.min() ?? 0) to \(minutes.max() ?? 0) polls a minute")
    print("  the agenda, the judge and the web take \(megabytes(bytes)); at most \(megabytes(cmemory_peak())) resident")
}

try await measureStarts()
measureDay()
