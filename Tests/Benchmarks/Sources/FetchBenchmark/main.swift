// CPU per request of `CurlTransport` against a C program over the same libcurl, for the poll that is most polls: a 304
// over a connection that is already open, 256 at once. Both run in this process, in turns, against nginx on loopback.
//
//     swift run -c release FetchBenchmark

import CFetchBaseline
import Fetching
import Glibc
import Model
import Runtime
import TestSupport

let count = 50_000
let parallel = 256

/// Processor time of this process so far, in microseconds.
func processorTime() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
    return Double(seconds) * 1e6 + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
}

/// Asks in a loop, as a monitor does that lives on the network queue itself.
actor Asker {
    private let executor: QueueExecutor
    private let transport: CurlTransport

    init(executor: QueueExecutor, transport: CurlTransport) {
        self.executor = executor
        self.transport = transport
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    func ask(_ request: Request, times: Int) async -> Int {
        var answered = 0
        for _ in 0..<times where await transport.send(request).isNotModified { answered += 1 }
        return answered
    }
}

extension FetchOutcome {
    var isNotModified: Bool {
        if case .response(let response) = self { response.status == 304 } else { false }
    }
}

/// `count` requests from `parallel` tasks that live on the network queue.
func runOnQueue(_ request: Request, _ executor: QueueExecutor, _ transport: CurlTransport) async -> Int {
    let asker = Asker(executor: executor, transport: transport)
    return await withTaskGroup(of: Int.self) { group in
        for _ in 0..<parallel { group.addTask { await asker.ask(request, times: count / parallel) } }
        return await group.reduce(0, +)
    }
}

/// The same from tasks of the shared thread pool, which hop twice for each request.
func runFromPool(_ request: Request, _ transport: CurlTransport) async -> Int {
    await withTaskGroup(of: Int.self) { group in
        for _ in 0..<parallel {
            group.addTask {
                var answered = 0
                for _ in 0..<(count / parallel) where await transport.send(request).isNotModified { answered += 1 }
                return answered
            }
        }
        return await group.reduce(0, +)
    }
}

func measured(_ body: @Sendable () async -> Int) async -> Double {
    let start = processorTime()
    let answered = await body()
    return (processorTime() - start) / Double(max(1, answered))
}

func median(_ values: [Double]) -> Double {
    values.sorted()[values.count / 2]
}

try await NginxServer.serving("location / { return 304; }") { server in
    let url = "http://127.0.0.1:\(server.port)/feed.xml"
    let request = Request(
        url: url, headers: [Header("User-Agent", "baseline"), Header("If-None-Match", #""5f3a""#)],
        allowsPrivateAddresses: true)
    let executor = QueueExecutor(label: "network")
    let transport = CurlTransport(executor: executor)
    var (inC, onQueue, fromPool): ([Double], [Double], [Double]) = ([], [], [])
    for _ in 0..<5 {
        inC.append(await measured { Int(baseline_run(url, Int32(count), Int32(parallel))) })
        onQueue.append(await measured { await runOnQueue(request, executor, transport) })
        fromPool.append(await measured { await runFromPool(request, transport) })
    }
    for (name, values) in [("C", inC), ("on the queue", onQueue), ("from the pool", fromPool)] {
        let ratio = median(values) / median(inC)
        print("\(name): \((median(values) * 10).rounded() / 10) µs a request, ×\((ratio * 100).rounded() / 100)")
    }
}
