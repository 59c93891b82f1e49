// How fast documents are matched, against a plain pass that adds up the same bytes, in the same run.
//     swift run -c release --package-path Tests/Benchmarks MatchBenchmark
// Limits, one thread, folding included: 8 times the plain pass at 10,000 queries, 15 times at 100,000; 100,000 queries
// are parsed and compiled in under a second and take under 60 MB, also long ones; two cores give at least 1.8 times
// one. Exits 1 when one is broken.

import CMemory
import Dispatch
import Glibc
import Matching
import Model
import Synchronization

let documentCount = 8_000
let rounds = 5
var broken = 0

func seconds(_ body: () -> Void) -> Double {
    let start = ContinuousClock.now
    body()
    return start.duration(to: .now) / .seconds(1)
}

/// The best of several alternating rounds: what else runs on the machine only ever adds.
func best(_ bodies: [() -> Void]) -> [Double] {
    var times = Array(repeating: Double.infinity, count: bodies.count)
    for _ in 0..<rounds {
        for (index, body) in bodies.enumerated() { times[index] = min(times[index], seconds(body)) }
    }
    return times
}

/// Adds up the bytes one by one, as a loop over them does when nothing is known of the sum but that it fits.
@inline(never)
func sumOfBytes(_ text: String) -> Int {
    let bytes = text.utf8Span.span
    var sum = 0
    for index in bytes.indices { sum += Int(bytes[index]) }
    return sum
}

/// The same with vector instructions, for the record.
@inline(never)
func vectorSumOfBytes(_ text: String) -> Int {
    let bytes = text.utf8Span.span
    var sum = 0
    for index in bytes.indices { sum &+= Int(bytes[index]) }
    return sum
}

@MainActor
func check(_ name: String, _ value: Double, atMost limit: Double) {
    let isKept = value <= limit
    if !isKept { broken += 1 }
    print("  \(isKept ? "kept  " : "BROKEN") \(name): \(rounded(value)) (limit \(rounded(limit)))")
}

func rounded(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }

/// Parses and compiles, and checks what that takes; the queries themselves are gone afterwards.
@MainActor
func compile(_ texts: [String]) -> WatchSet {
    let before = Int(cmemory_allocated())
    cmemory_reset_peak()
    let resident = Int(cmemory_peak())
    var compiled: WatchSet?
    let time = seconds { compiled = WatchSet(texts.compactMap { try? Query($0) }) }
    let peak = Double(Int(cmemory_peak()) - resident) / 1_000_000
    let memory = Double(Int(cmemory_allocated()) - before) / 1_000_000
    guard let compiled, compiled.count == texts.count else { fatalError("the benchmark's queries do not parse") }
    print("  parsed and compiled in \(rounded(time)) s, \(rounded(memory)) MB, \(rounded(peak)) MB at the peak")
    if texts.count == 100_000 {
        check("seconds to compile", time, atMost: 1)
        check("MB", memory, atMost: 60)
    }
    return compiled
}

@MainActor
func measure(_ queryCount: Int, limit: Double) {
    var corpus = Corpus(brands: queryCount * 2)
    let texts = (0..<queryCount).map { _ in corpus.query() }
    let documents = (0..<documentCount).map { _ in corpus.document() }
    let bytes = documents.reduce(0) { $0 + $1.title.utf8.count + $1.body.utf8.count }
    print("\(queryCount) queries")
    let set = compile(texts)

    var hits = 0
    var sum = 0
    let times = best([
        { sum = documents.reduce(0) { $0 &+ sumOfBytes($1.title) &+ sumOfBytes($1.body) } },
        { sum = documents.reduce(0) { $0 &+ vectorSumOfBytes($1.title) &+ vectorSumOfBytes($1.body) } },
        { hits = documents.reduce(0) { $0 + set.matches(in: $1).count } },
        { matchOnTwoCores(documents, set) },
    ])
    print(
        """
          \(documentCount) documents, \(bytes) bytes, \(hits) hits (sum \(sum))
          sum \(rounded(Double(bytes) / times[0] / 1e6)) MB/s, vectorised sum \(rounded(Double(bytes) / times[1] / 1e6)) MB/s
          match \(rounded(Double(bytes) / times[2] / 1e6)) MB/s, \(Int(Double(documentCount) / times[2])) documents/s
        """)
    check("times the plain pass", times[2] / times[0], atMost: limit)
    check("one core's share of two cores' time", times[3] / times[2], atMost: 1 / 1.8)
}

func matchOnTwoCores(_ documents: [Document], _ set: WatchSet) {
    let total = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 16) { part in
        let size = documents.count / 16
        let found = documents[part * size..<(part + 1) * size].reduce(0) { $0 + set.matches(in: $1).count }
        total.withLock { $0 += found }
    }
}

measure(10_000, limit: 8)
measure(100_000, limit: 15)
print("100,000 long queries")
var corpus = Corpus(brands: 0, vocabulary: 200_000)
_ = compile((0..<100_000).map { _ in corpus.longQuery() })
exit(broken == 0 ? 0 : 1)
