// One kind of work, done in turns by C over libcurl and by `CurlTransport`, in this process.

import CFetchBaseline
import Fetching
import Measuring
import Model
import Runtime

/// The same requests for both sides.
struct Scenario {
    let name: String
    let url: String
    var authorities: String?
    let status: Int
    let count: Int
    var parallel = 256
    /// What ours may cost at most, C's cost being 1.
    let limit: Double

    private static let rounds = 7

    /// - Returns: whether the limit was kept.
    func run() async throws -> Bool {
        let settings = CurlSettings(authorities: authorities)
        let transport = CurlTransport(executor: QueueExecutor(label: "network"), settings: settings)
        var (theirs, ours): ([Double], [Double]) = ([], [])
        // The first round of each warms up: connections, memory, nginx's files.
        for round in 0..<Self.rounds {
            let inC = await cost { self.inC() }
            let here = await cost { await self.here(transport) }
            if round > 0 {
                theirs.append(inC)
                ours.append(here)
            }
        }
        await transport.shutdown()
        let ratio = median(zip(ours, theirs).map { $0 / $1 })
        print("  \(name): C \(rounded(median(theirs), 10)) µs a request, Earshot \(rounded(median(ours), 10)) µs")
        print("  \(ratio <= limit ? "kept  " : "BROKEN") ×\(rounded(ratio)) (limit ×\(limit))")
        return ratio <= limit
    }

    private func inC() -> Int {
        url.withCString { url in
            withOptionalCString(authorities) { authorities in
                var work = baseline_work(
                    url: url, authorities: authorities, count: Int32(count), parallel: Int32(parallel),
                    status: Int32(status))
                return Int(baseline_run(&work))
            }
        }
    }

    /// As polls are made: by tasks of the shared pool, each of which waits for its answer.
    private func here(_ transport: CurlTransport) async -> Int {
        let headers = [Header("User-Agent", "baseline"), Header("If-None-Match", #""5f3a""#)]
        let request = Request(url: url, headers: headers, allowsPrivateAddresses: true)
        return await withTaskGroup(of: Int.self) { group in
            for _ in 0..<parallel {
                group.addTask {
                    var answered = 0
                    for _ in 0..<(count / parallel) where await transport.send(request).status == status {
                        answered += 1
                    }
                    return answered
                }
            }
            return await group.reduce(0, +)
        }
    }
}

extension FetchOutcome {
    var status: Int? {
        if case .response(let response) = self { response.status } else { nil }
    }
}

private func withOptionalCString<Result>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> Result) -> Result {
    guard let text else { return body(nil) }
    return text.withCString { body($0) }
}
