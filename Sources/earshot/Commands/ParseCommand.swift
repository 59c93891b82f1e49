// `earshot parse`: reads one document and shows what was made of it, as JSON lines. It writes to standard output and,
// with -v, what was repaired to standard error; a reader that goes away ends it without a fuss.

import ArgumentParser
import Feeds
import Foundation
import Glibc
import Model

/// Reads a feed from a file or from standard input and prints it as JSON lines.
struct ParseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parse", abstract: "Read a feed and print it as JSON lines.")

    @Flag(name: .shortAndLong, help: "Also print what was repaired or dropped, to standard error.")
    var verbose = false

    @Option(help: "The address the document came from: relative links resolve against it.")
    var url: String?

    @Option(name: .customLong("header"), help: "A header of the response, as 'Name: value'; may be repeated.")
    var headers: [String] = []

    @Argument(help: "The file to read; '-' is standard input.")
    var file: String

    func run() throws {
        // A reader that has seen enough closes the pipe; the write then fails, and that is all.
        signal(SIGPIPE, SIG_IGN)
        let bytes = try [UInt8](file == "-" ? FileHandle.standardInput.readToEnd() ?? Data() : Self.contents(of: file))
        let reader = FeedReader(keepsExtras: true)
        let fields = headers.compactMap(Self.header)
        do throws(FeedError) {
            let feed = try reader.read(bytes, address: url, headers: fields, now: Date())
            print(feed)
        } catch {
            Self.write("earshot parse: \(file): \(error)\n", to: .standardError)
            throw ExitCode.failure
        }
    }

    private static func contents(of file: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: file))
    }

    private static func header(_ text: String) -> Header? {
        let parts = text.split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        return Header(String(parts[0]), parts[1].trimmingCharacters(in: .whitespaces))
    }

    private func print(_ feed: Feed) {
        var lines = [FeedJSON(feed).feedLine]
        lines += feed.entries.indices.map { FeedJSON(feed).entryLine($0) }
        Self.write(lines.map { "\($0)\n" }.joined(), to: .standardOutput)
        guard verbose else { return }
        let findings = feed.findings.all.map { "  \($0.kind.rawValue): \($0.count)\n" }
        Self.write(
            findings.isEmpty ? "nothing had to be repaired\n" : "repaired or dropped:\n\(findings.joined())",
            to: .standardError)
    }

    /// A pipe whose other end is closed is no error of ours.
    private static func write(_ text: String, to handle: FileHandle) {
        try? handle.write(contentsOf: Data(text.utf8))
    }
}
