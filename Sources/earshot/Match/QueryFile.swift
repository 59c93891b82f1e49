// The queries of `earshot match`: one JSON object a line, read on all cores.

import ArgumentParser
import Dispatch
import Foundation
import Matching
import Synchronization

/// A file of queries.
struct QueryFile {
    private struct Line: Decodable {
        var id: LineID
        var query: String
    }

    /// What was read of some of the lines, in order.
    private struct Share {
        var ids: [String] = []
        var queries: [Query] = []
        var problems: [(line: Int, reason: String)] = []
    }

    let path: String

    /// Compiles all, or reports every one that is wrong.
    func compile() throws -> (ids: [String], set: WatchSet) {
        let shares = try read()
        let problems = shares.flatMap(\.problems)
        for problem in problems { StandardError.write("\(path):\(problem.line): \(problem.reason)") }
        guard problems.isEmpty else { throw ExitCode(78) }
        return (shares.flatMap(\.ids), WatchSet(shares.flatMap(\.queries)))
    }

    private func read() throws -> [Share] {
        let bytes = [UInt8](try MatchCommand.open(path).readToEnd() ?? Data())
        let blocks = Lines.blocks(of: bytes[...], size: 64 << 10)
        let firsts = blocks.reduce(into: [1]) { $0.append(($0.last ?? 1) + $1.count { $0 == Lines.end }) }
        let shares = Mutex([Share](repeating: Share(), count: blocks.count))
        DispatchQueue.concurrentPerform(iterations: blocks.count) { index in
            let share = Self.read(blocks[index], from: firsts[index])
            shares.withLock { $0[index] = share }
        }
        return shares.withLock { $0 }
    }

    private static func read(_ block: ArraySlice<UInt8>, from first: Int) -> Share {
        var share = Share()
        var number = first
        Lines.forEach(in: block) { line in
            defer { number += 1 }
            guard !line.isEmpty else { return }
            do {
                let (id, query) = try parse(line)
                share.queries.append(try Query(query))
                share.ids.append(id)
            } catch {
                let reason = (error as? QueryError)?.rendered ?? "This is not {\"id\": …, \"query\": …}."
                share.problems.append((number, reason))
            }
        }
        return share
    }

    private static func parse(_ line: ArraySlice<UInt8>) throws -> (id: String, query: String) {
        if let object = PlainObject(line), let id = object["id"], let query = object["query"] { return (id, query) }
        let line = try JSONDecoder().decode(Line.self, from: Data(line))
        return (line.id.text, line.query)
    }
}
