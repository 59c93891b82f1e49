// Mentions per second from commit to delivered, against bare libcurl that makes the same POSTs to the same nginx: the
// same bodies under the same header lines, as many at once, over connections that stay open.

import CPostBaseline
import Fetching
import Foundation
import Measuring
import Model
import Monitoring
import Storage
import TestSupport

struct SpeedBenchmark {
    private static let parallel = 16
    private static let limit = 2.0
    /// A machine has fast and slow moments: with three rounds the same program came to ×1.66 in one run, ×2.11 in
    /// another.
    private static let rounds = 5

    private struct Load {
        /// So many that what is left of the commits, as the last checkpoint, is a small part.
        let messages = 10_000
        /// Mentions that a poll finds, which are a message.
        var perPoll: Int
    }

    private struct Times {
        /// From the outbox, when all of them are committed, until the last one is delivered and that is written down.
        var delivering: [Run] = []
        /// From the first poll's commit, with 64 polls at a time, until the same.
        var whole: [Run] = []
        /// The requests alone.
        var bare: [Run] = []
    }

    /// All messages, in seconds on the wall and in microseconds of processor time a message.
    private struct Run {
        var seconds: Double
        var cost: Double

        init(since start: ContinuousClock.Instant, _ processor: Double, messages: Int) {
            seconds = (ContinuousClock.now - start) / .seconds(1)
            cost = (processorTime() - processor) / Double(messages)
        }
    }

    func run() async throws -> Bool {
        try await NginxServer.serving(
            "keepalive_requests 1000000; location / { client_max_body_size 1m; return 204; }"
        ) { server in
            let url = "http://127.0.0.1:\(server.port)/hook"
            var isWell = true
            // Most polls that find anything find one mention; a busy one fills a message.
            for load in [Load(perPoll: 1), Load(perPoll: 10)] {
                let times = try await measure(load, to: url)
                isWell = show(times, load) <= Self.limit && isWell
            }
            return isWell
        }
    }

    private func measure(_ load: Load, to url: String) async throws -> Times {
        let requests = try await requests(of: load, to: url)
        var times = Times()
        for _ in 0..<Self.rounds {
            times.delivering.append(try await deliver(load, to: url, committedFirst: true))
            times.bare.append(post(requests, to: url))
            times.whole.append(try await deliver(load, to: url, committedFirst: false))
        }
        return times
    }

    /// In a run of its own: to keep them takes new memory for each, which was 3.4 of 3.8 page faults that a message of
    /// 13 kB cost.
    private func requests(of load: Load, to url: String) async throws -> [Request] {
        let requests = Shared<[Request]>([])
        _ = try await deliver(load, to: url, committedFirst: true) { request in
            requests.withLock { $0.append(request) }
        }
        return requests.withLock { $0 }
    }

    /// - Returns: the ratio that the limit is for.
    private func show(_ times: Times, _ load: Load) -> Double {
        print("\(load.messages) messages of \(load.perPoll)")
        for (name, runs) in [
            ("bare libcurl", times.bare), ("from commit to delivered", times.delivering),
            ("with the commits", times.whole),
        ] {
            let seconds = median(runs.map(\.seconds))
            let speed = Int(Double(load.messages * load.perPoll) / seconds)
            let cost = rounded(median(runs.map(\.cost)), 10)
            let ratio = rounded(ratio(of: runs, to: times.bare))
            print("  \(name): \(speed) mentions a second, ×\(ratio), \(cost) µs of CPU a message")
        }
        return ratio(of: times.delivering, to: times.bare)
    }

    /// Of each run to the bare one of its round: the machine may be faster or slower in another.
    private func ratio(of runs: [Run], to bare: [Run]) -> Double {
        median(zip(runs, bare).map { $0.seconds / $1.seconds })
    }

    private func deliver(
        _ load: Load, to url: String, committedFirst: Bool, note: (@Sendable (Request) -> Void)? = nil
    ) async throws -> Run {
        let folder = try TemporaryFolder()
        let hook = "{ url: \"\(url)\", allow_private_addresses: true }"
        let pipeline = try await Pipeline(
            folder: folder.path,
            receivers:
                "receivers: [{ name: a, webhook: \(hook), concurrency: \(Self.parallel) }]\nroute: { receiver: a }",
            note: note)
        if !committedFirst { await pipeline.openReceivers() }
        var (start, processor) = (ContinuousClock.now, processorTime())
        try await commit(load, pipeline)
        if committedFirst {
            (start, processor) = (.now, processorTime())
            await pipeline.openReceivers()
        }
        while !(try await pipeline.store.backlog().isEmpty) { await pipeline.courier.settle() }
        let run = Run(since: start, processor, messages: load.messages)
        await pipeline.stop()
        return run
    }

    private func commit(_ load: Load, _ pipeline: Pipeline) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<64 {
                group.addTask {
                    for poll in stride(from: task, to: load.messages, by: 64) {
                        try await pipeline.find((poll * load.perPoll)..<((poll + 1) * load.perPoll))
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func post(_ requests: [Request], to url: String) -> Run {
        let posts = posts_new()
        defer { posts_free(posts) }
        return requests.flatMap(\.body).withUnsafeBufferPointer { bodies in
            var rest = bodies[...]
            for request in requests {
                let body = UnsafeBufferPointer(rebasing: rest.prefix(request.body.count))
                let lines = request.headers.map { "\($0.name): \($0.value)\n" }.joined()
                posts_add(posts, body.baseAddress, body.count, lines)
                rest = rest.dropFirst(body.count)
            }
            let (start, processor) = (ContinuousClock.now, processorTime())
            let answered = posts_send(posts, url, Int32(Self.parallel))
            precondition(answered == requests.count, "\(answered) of \(requests.count) were taken")
            return Run(since: start, processor, messages: requests.count)
        }
    }
}
