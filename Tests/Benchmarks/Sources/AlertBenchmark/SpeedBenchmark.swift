// Mentions per second from commit to delivered, against bare libcurl POSTs of the same bodies to the same nginx.

import CPostBaseline
import Fetching
import Foundation
import Monitoring
import Storage
import TestSupport

struct SpeedBenchmark {
    private static let polls = 2_000
    private static let perPoll = 10
    private static let parallel = 16
    private static let limit = 2.0
    private static let rounds = 3

    func run() async throws -> Bool {
        try await NginxServer.serving("location / { client_max_body_size 1m; return 204; }") { server in
            let url = "http://127.0.0.1:\(server.port)/hook"
            var (ours, bare): ([Double], [Double]) = ([], [])
            var count = 0
            for _ in 0..<Self.rounds {
                let bodies = Shared<[[UInt8]]>([])
                ours.append(try await deliver(to: url) { request in bodies.withLock { $0.append(request.body) } })
                let sent = bodies.withLock { $0 }
                count = sent.count
                bare.append(post(sent, to: url))
            }
            let (our, their) = (median(ours), median(bare))
            let mentions = Double(Self.polls * Self.perPoll)
            print("\(count) messages of \(Self.perPoll) mentions: \(Int(mentions / our)) mentions a second")
            print("bare libcurl: \(Int(mentions / their)) mentions a second; ×\((our / their * 100).rounded() / 100)")
            return our / their <= Self.limit
        }
    }

    /// - Returns: seconds from the first commit until everything is delivered and written down.
    private func deliver(to url: String, note: @escaping @Sendable (Request) -> Void) async throws -> Double {
        let folder = try TemporaryFolder()
        let hook = "{ url: \"\(url)\", allow_private_addresses: true }"
        let pipeline = try await Pipeline(
            folder: folder.path,
            receivers:
                "receivers: [{ name: a, webhook: \(hook), concurrency: \(Self.parallel) }]\nroute: { receiver: a }",
            note: note)
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<64 {
                group.addTask {
                    for poll in stride(from: task, to: Self.polls, by: 64) {
                        try await pipeline.find((poll * Self.perPoll)..<((poll + 1) * Self.perPoll))
                    }
                }
            }
            try await group.waitForAll()
        }
        while !(try await pipeline.store.backlog().isEmpty) { await pipeline.courier.settle() }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        await pipeline.stop()
        return seconds
    }

    private func post(_ bodies: [[UInt8]], to url: String) -> Double {
        let joined = bodies.flatMap { $0 }
        let start = ContinuousClock.now
        let answered = post_bodies(url, joined, bodies.map(\.count), Int32(bodies.count), Int32(Self.parallel))
        precondition(answered == bodies.count, "\(answered) of \(bodies.count) were taken")
        return (ContinuousClock.now - start) / .seconds(1)
    }
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
