// `earshot match`: a stream of documents against a file of queries, one JSON line per match, in the order of the
// documents. Reads a few megabytes at a time and spreads them over all cores, so that memory does not grow with the
// input.

import ArgumentParser
import Dispatch
import Foundation
import Glibc
import Matching
import Model
import Synchronization

/// Matches JSON lines against queries.
struct MatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "match", abstract: "Match documents against queries, as JSON lines.",
        discussion: """
            A line of the queries file is {"id": …, "query": …}; a document is {"id": …} with any of title, body, \
            author, url, lang, source, kind, rating and labels. A match is printed as \
            {"doc": …, "query": …, "spans": [{"field", "start", "end", "text"}]}, offsets counted in characters \
            (Unicode scalars).

            Exit codes: 0 done, 65 a document was wrong, 66 a file cannot be read, 78 a query is wrong.
            """)

    @Option(help: "The file of queries.")
    var queries: String

    @Option(help: "The file of documents; '-' is standard input.")
    var docs = "-"

    @Flag(help: "Print documents, bytes, matches and seconds to standard error.")
    var stats = false

    func run() throws {
        let (ids, set) = try QueryFile(path: queries).compile()
        let start = ContinuousClock.now
        var stream = MatchStream(ids: ids, set: set)
        let input = try docs == "-" ? FileHandle.standardInput : Self.open(docs)
        try stream.run(input)
        if stats { Self.report(stream.totals, start.duration(to: .now)) }
        if stream.totals.wrong > 0 { throw ExitCode(65) }
    }

    private static func report(_ totals: MatchStream.Totals, _ time: Duration) {
        let seconds = time / .seconds(1)
        StandardError.write(
            "documents \(totals.documents), bytes \(totals.bytes), matches \(totals.matches), seconds \(seconds)")
    }

    fileprivate static func open(_ path: String) throws -> FileHandle {
        do {
            return try FileHandle(forReadingFrom: URL(filePath: path))
        } catch {
            StandardError.write("earshot match: \(path) cannot be read: \(error.localizedDescription)")
            throw ExitCode(66)
        }
    }
}

/// A file of queries, one JSON object a line.
private struct QueryFile {
    private struct Line: Decodable {
        var id: String
        var query: String
    }

    let path: String

    /// Compiles all, or reports every one that is wrong.
    func compile() throws -> (ids: [String], set: WatchSet) {
        let lines = try read().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        var ids: [String] = []
        var queries: [Query] = []
        var isWrong = false
        for (index, data) in lines.enumerated() where !data.isEmpty {
            do {
                let line = try JSONDecoder().decode(Line.self, from: data)
                queries.append(try Query(line.query))
                ids.append(line.id)
            } catch {
                let reason = (error as? QueryError)?.rendered ?? "This is not {\"id\": …, \"query\": …}."
                StandardError.write("\(path):\(index + 1): \(reason)")
                isWrong = true
            }
        }
        if isWrong { throw ExitCode(78) }
        return (ids, WatchSet(queries))
    }

    private func read() throws -> Data {
        try MatchCommand.open(path).readToEnd() ?? Data()
    }
}

/// One document as a JSON line.
struct DocumentLine: Decodable {
    /// The longest line that is read.
    static let limit = 64 << 20

    var id: String?
    var title: String?
    var body: String?
    var author: String?
    var url: String?
    var lang: String?
    var source: String?
    var kind: String?
    var rating: Double?
    var labels: [String: String]?

    var document: Document {
        Document(
            title: title ?? "", body: body ?? "", author: author ?? "", url: url ?? "", language: lang ?? "",
            source: source ?? "", kind: kind ?? "", rating: rating, labels: labels ?? [:])
    }
}

/// One match as a JSON line.
private struct MatchLine: Encodable {
    struct Span: Encodable {
        var field: Field
        var start: Int
        var end: Int
        var text: String
    }

    var doc: String
    var query: String
    var spans: [Span]

    init(doc: String, query: String, matches: [Match]) {
        self.doc = doc
        self.query = query
        spans = matches.map {
            Span(field: $0.field, start: $0.scalars.lowerBound, end: $0.scalars.upperBound, text: $0.text)
        }
    }
}

/// Documents in, matches out, block by block.
private struct MatchStream {
    struct Totals {
        var documents = 0
        var bytes = 0
        var matches = 0
        var wrong = 0
    }

    /// What one core makes of its part of a block.
    private struct Result {
        var output = Data()
        var totals = Totals()
    }

    private static let blockSize = 4 << 20

    let ids: [String]
    let set: WatchSet
    private(set) var totals = Totals()
    private let isTerminal = isatty(STDOUT_FILENO) == 1

    init(ids: [String], set: WatchSet) {
        self.ids = ids
        self.set = set
    }

    mutating func run(_ input: FileHandle) throws {
        var rest: [UInt8] = []
        while try Self.read(input, onto: &rest) {
            guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else {
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
        let lines = block.split(separator: UInt8(ascii: "\n"))
        let size = max(1, min(256, lines.count / (ProcessInfo.processInfo.activeProcessorCount * 2)))
        let parts = stride(from: 0, to: lines.count, by: size).map { lines[$0..<min($0 + size, lines.count)] }
        let results = Mutex([Result?](repeating: nil, count: parts.count))
        let stream = self
        DispatchQueue.concurrentPerform(iterations: parts.count) { index in
            let result = stream.match(parts[index])
            results.withLock { $0[index] = result }
        }
        for case let result? in results.withLock({ $0 }) {
            totals.documents += result.totals.documents
            totals.matches += result.totals.matches
            totals.wrong += result.totals.wrong
            guard (try? FileHandle.standardOutput.write(contentsOf: result.output)) != nil else { return false }
        }
        return true
    }

    private func match(_ lines: ArraySlice<ArraySlice<UInt8>>) -> Result {
        let decoder = JSONDecoder()
        let encoder = JSONEncoder.earshot
        var result = Result()
        for bytes in lines {
            guard let line = try? decoder.decode(DocumentLine.self, from: Data(bytes)) else {
                StandardError.write(
                    "This document is not a JSON object: \(String(decoding: bytes.prefix(80), as: UTF8.self))")
                result.totals.wrong += 1
                continue
            }
            result.totals.documents += 1
            for hit in set.matches(in: line.document) {
                let match = MatchLine(doc: line.id ?? "", query: ids[hit.query], matches: hit.matches)
                guard let encoded = try? encoder.encode(match) else { continue }
                result.output.append(isTerminal ? Self.shown(encoded) : encoded)
                result.output.append(UInt8(ascii: "\n"))
                result.totals.matches += 1
            }
        }
        return result
    }

    /// On a terminal nothing in a stranger's text may move the cursor.
    private static func shown(_ line: Data) -> Data {
        Data(Visible.text(String(decoding: line, as: UTF8.self)).utf8)
    }
}
