// `earshot match`: a stream of documents against a file of queries, one JSON line per match, in the order of the
// documents.

import ArgumentParser
import Foundation

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
        var stream = MatchStream(ids, set)
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

    static func open(_ path: String) throws -> FileHandle {
        do {
            return try FileHandle(forReadingFrom: URL(filePath: path))
        } catch {
            StandardError.write("earshot match: \(path) cannot be read: \(error.localizedDescription)")
            throw ExitCode(66)
        }
    }
}
