// What a receiver that takes connections and never answers costs the others: the time from a mention's commit to its
// being sent, with such a receiver and without, in turns. The p99 of one run is a matter of the disk's mood; the median
// over the runs is not.

import Fetching
import Foundation
import Measuring
import TestSupport

struct HangingBenchmark {
    private static let mentions = 1_000
    private static let rounds = 9
    private static let limit = 1.2

    func run() async throws -> Bool {
        try await NginxServer.serving("location / { client_max_body_size 1m; return 204; }") { server in
            try await ScriptedBytesServer.serving({ $0.waitForClose() }) { hanging in
                let well = "http://127.0.0.1:\(server.port)/hook"
                var (without, with): ([Double], [Double]) = ([], [])
                for _ in 0..<Self.rounds {
                    without.append(try await slowest(fourth: well, well))
                    with.append(try await slowest(fourth: hanging.base, well))
                }
                let (calm, beside) = (median(without), median(with))
                func shown(_ time: Double) -> String { "\((time * 10_000).rounded() / 10) ms" }
                let ratio = beside / calm
                print(
                    "p99 from commit to sent: \(shown(calm)), beside one that hangs \(shown(beside)); ×\((ratio * 100).rounded() / 100)"
                )
                return ratio <= Self.limit
            }
        }
    }

    /// - Returns: the p99 over the three receivers that answer, in seconds.
    private func slowest(fourth: String, _ well: String) async throws -> Double {
        let folder = try TemporaryFolder()
        let sent = Shared<[String: Date]>([:])
        func receiver(_ name: String, _ url: String) -> String {
            "{ name: \(name), webhook: { url: \"\(url)/\(name)\", allow_private_addresses: true, timeout: 2s } }"
        }
        let receivers = ["a", "b", "c"].map { receiver($0, well) } + [receiver("d", fourth)]
        let routes = ["a", "b", "c", "d"].map { "{ receiver: \($0), matchers: [watch=zeebank], continue: true }" }
        let pipeline = try await Pipeline(
            folder: folder.path,
            receivers: """
                receivers: [\(receivers.joined(separator: ", "))]
                route: { receiver: a, routes: [\(routes.joined(separator: ", "))] }
                """
        ) { request in
            guard let name = request.url.last, name != "d" else { return }
            let now = Date()
            let mention = Self.mention(in: request.body)
            sent.withLock { $0["\(name) \(mention)"] = now }
        }
        await pipeline.openReceivers()
        var committed: [String: Date] = [:]
        for number in 0..<Self.mentions {
            committed[Pipeline.id(number)] = Date()
            try await pipeline.find(number..<(number + 1))
        }
        while sent.withLock({ $0.count }) < 3 * Self.mentions { try await Task.sleep(for: .milliseconds(1)) }
        await pipeline.stop()
        let times = sent.withLock { sent in
            committed.flatMap { mention, time in
                ["a", "b", "c"].map { sent["\($0) \(mention)"]?.timeIntervalSince(time) ?? .infinity }
            }
        }
        return times.sorted()[times.count * 99 / 100]
    }

    /// The mention's id in the body.
    private static func mention(in body: [UInt8]) -> Substring {
        let text = String(decoding: body, as: UTF8.self)
        guard let id = text.firstRange(of: "\"id\":\"m_") else { return "" }
        return text[text.index(id.upperBound, offsetBy: -2)...].prefix { $0 != "\"" }
    }
}
