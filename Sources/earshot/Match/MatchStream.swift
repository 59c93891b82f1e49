// Documents in, matches out, block by block: a few megabytes at a time are spread over all cores and written in order,
// so that memory does not grow with the input.

import ArgumentParser
import Dispatch
import Foundation
import Glibc
import Matching
import Synchronization

struct MatchStream {
    struct Totals {
        var documents = 0
        var bytes = 0
        var matches = 0
        var wrong = 0
    }

    /// What one core makes of its share of a block.
    private struct Result {
        var output: [UInt8] = []
        var totals = Totals()
    }

    private static let blockSize = 4 << 20
    /// What a core takes at a time: a sixteenth of a block, so that none waits long for the others.
    private static let shareSize = blockSize / 16

    let ids: [String]
    let set: WatchSet
    private(set) var totals = Totals()
    private let isTerminal = isatty(STDOUT_FILENO) == 1

    /// - Parameter ids: what the set's queries are called, in their order.
    init(_ ids: [String], _ set: WatchSet) {
        self.ids = ids
        self.set = set
    }

    mutating func run(_ input: FileHandle) throws {
        var rest: [UInt8] = []
        while try Self.read(input, onto: &rest) {
            guard let end = rest.lastIndex(of: Lines.end) else {
                if rest.count > DocumentLine.limit { throw ExitCode(65) }
                continue
            }
            guard write(rest[...end]) else { return }
            rest.removeFirst(end + 1)
        }
        _ = write(rest[...])
    }

    /// Reads what is there, at most a block, so that a slow producer's lines are answered as they come.
    ///
    /// - Returns: whether there was anything; throws when there is more that cannot be read.
    private static func read(_ input: FileHandle, onto bytes: inout [UInt8]) throws -> Bool {
        let known = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: blockSize))
        let count = bytes.withUnsafeMutableBytes { buffer in
            Glibc.read(input.fileDescriptor, buffer.baseAddress?.advanced(by: known), blockSize)
        }
        bytes.removeLast(blockSize - max(0, count))
        if count < 0, errno != EINTR { throw ExitCode(66) }
        return count != 0
    }

    /// Matches whole lines on all cores and writes the result.
    ///
    /// - Returns: whether somebody still reads it.
    private mutating func write(_ block: ArraySlice<UInt8>) -> Bool {
        totals.bytes += block.count
        let shares = Lines.blocks(of: block, size: Self.shareSize)
        let results = Mutex([Result?](repeating: nil, count: shares.count))
        let stream = self
        DispatchQueue.concurrentPerform(iterations: shares.count) { index in
            let result = stream.match(shares[index])
            results.withLock { $0[index] = result }
        }
        for case let result? in results.withLock({ $0 }) {
            totals.documents += result.totals.documents
            totals.matches += result.totals.matches
            totals.wrong += result.totals.wrong
            guard (try? FileHandle.standardOutput.write(contentsOf: shown(result.output))) != nil else { return false }
        }
        return true
    }

    private func match(_ share: ArraySlice<UInt8>) -> Result {
        var result = Result()
        Lines.forEach(in: share) { line in
            guard !line.isEmpty else { return }
            do {
                let (id, document) = try DocumentLine.read(line)
                result.totals.documents += 1
                for hit in set.matches(in: document) {
                    MatchLine(doc: id, query: ids[hit.query], matches: hit.matches).write(to: &result.output)
                    result.totals.matches += 1
                }
            } catch {
                StandardError.write(
                    "This document is not a JSON object: \(String(decoding: line.prefix(80), as: UTF8.self))")
                result.totals.wrong += 1
            }
        }
        return result
    }

    /// On a terminal nothing in a stranger's text may move the cursor.
    private func shown(_ output: [UInt8]) -> Data {
        guard isTerminal else { return Data(output) }
        return Data(Visible.text(String(decoding: output, as: UTF8.self), keeping: "\n").utf8)
    }
}
