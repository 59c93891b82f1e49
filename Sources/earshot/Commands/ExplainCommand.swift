// `earshot explain`: a query as it is understood and, for a text, which parts of it hit, where, and what was missing.

import ArgumentParser
import Foundation
import Matching
import Model

/// Explains a query, alone or on a text.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Show how a query is understood, and why it matches a text or does not.",
        discussion: """
            Without FILE the query is shown as a tree. FILE holds a plain text, or a JSON object with any of title, \
            body, author, url, lang, source, kind, rating and labels.

            Exit codes: 0 it matches or there is no text, 1 it does not match, 66 FILE cannot be read, 78 the query \
            is wrong.
            """)

    @Argument(help: "The query, quoted for the shell.")
    var query: String

    @Argument(help: "A text, or '-' for standard input.")
    var file: String?

    func run() throws {
        let query = try Self.parse(query)
        let document = try file.map(Self.document)
        let explanation = Explanation(query, in: document)
        let output = ExplanationText(explanation).lines.joined(separator: "\n") + "\n"
        // A reader that went away is no error of ours.
        try? FileHandle.standardOutput.write(contentsOf: Data(output.utf8))
        if explanation.isMatch == false { throw ExitCode.failure }
    }

    private static func parse(_ text: String) throws -> Query {
        do throws(QueryError) {
            let query = try Query(text)
            for warning in query.warnings { StandardError.write(warning.rendered) }
            return query
        } catch {
            StandardError.write(error.rendered)
            throw ExitCode(78)
        }
    }

    private static func document(_ file: String) throws -> Document {
        do {
            let handle = file == "-" ? FileHandle.standardInput : try FileHandle(forReadingFrom: URL(filePath: file))
            let data = try handle.read(upToCount: DocumentLine.limit) ?? Data()
            if let line = try? DocumentLine.read([UInt8](data)[...]) { return line.document }
            return Document(body: String(decoding: data, as: UTF8.self))
        } catch {
            StandardError.write("earshot explain: \(file) cannot be read: \(error.localizedDescription)")
            throw ExitCode(66)
        }
    }
}

/// An explanation as lines for a terminal.
private struct ExplanationText {
    private let explanation: Explanation
    private let style = Style()

    init(_ explanation: Explanation) {
        self.explanation = explanation
    }

    var lines: [String] {
        explanation.parts.flatMap(lines(of:)) + verdict
    }

    private func lines(of part: Explanation.Part) -> [String] {
        let indent = String(repeating: "   ", count: part.depth)
        let name = Visible.text(part.name)
        guard let isTrue = part.isTrue else { return [indent + name] }
        let mark = isTrue ? style.good("yes") : style.bad("no ")
        return ["\(mark)  \(indent)\(name)"] + part.matches.map { "     \(indent)\(place($0))" }
    }

    private func place(_ match: Match) -> String {
        let range = "\(match.field.rawValue) \(match.scalars.lowerBound)–\(match.scalars.upperBound)"
        return style.faint(range) + " " + style.match(Visible.text(match.text))
    }

    private var verdict: [String] {
        guard let isMatch = explanation.isMatch else { return [] }
        guard !isMatch else { return ["", "It matches."] }
        return ["", "It does not match:"] + explanation.lacks.map { "  " + Visible.text(text($0)) }
    }

    private func text(_ lack: Explanation.Lack) -> String {
        switch lack {
        case .missing(let part): "\(part) is not there"
        case .tooFar(let part): "\(part): both are there, but not so near each other"
        case .forbidden(let part): "\(part) is there, and NOT forbids it"
        }
    }
}
