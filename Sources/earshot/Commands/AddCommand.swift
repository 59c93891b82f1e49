// `earshot add`: finds the best way in to an address, sees that it works, and writes it where the configuration reads
// it.

import ArgumentParser
import Configuration
import Feeds
import Foundation
import Model
import Pages

struct AddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Find the best way in to an address, and add it to the sources.",
        discussion: """
            Every way in is tried until one gives entries. The source is written to a file of its own in sources.d/ \
            beside the configuration, unless it is among the sources already; `systemctl reload earshot` takes it over.
            """)

    @OptionGroup var options: InspectOptions

    @Flag(help: "Watch the page itself, whatever other ways there are.")
    var page = false

    @Flag(help: "Print the lines, and write nothing.")
    var dryRun = false

    @Argument(help: "The address.")
    var address: String

    func run() async throws {
        guard Address.parse(address) != nil else {
            throw ValidationError("\(address) is not an http or https address.")
        }
        let configuration = options.config ?? ConfigurationOption().config
        var options = options
        if FileManager.default.isReadableFile(atPath: configuration) { options.config = configuration }
        let inspection = try await options.inspect(address)
        if let failure = inspection.failure {
            StandardError.write("earshot add: \(Visible.text(failure))")
            let hints = [inspection.advice].compactMap(\.self) + (inspection.page?.remarks ?? [])
            for hint in hints { StandardError.write(Visible.text(hint)) }
            if inspection.page?.feed.version == .html {
                StandardError.write("`--items` gives a selector for its entries; `--text` watches its lines.")
            }
            throw ExitCode.failure
        }
        for remark in inspection.page?.remarks ?? [] { StandardError.write(Visible.text(remark)) }
        let lines = try await lines(inspection, options)
        print(Visible.text(lines.text, keeping: "\n"))
        guard !dryRun else { return }
        let settings = try options.settings()
        let key = Address.divided(lines.url).bare
        if let sources = settings?.sources,
            sources.indices.contains(where: { sources.key(at: $0) == key })
        {
            StandardError.write("earshot add: \(Address.shown(lines.url)) is among the sources already")
            throw ExitCode.failure
        }
        let file = SourceFile(configuration: configuration, address: lines.url)
        try file.write(lines.text, engines: settings?.engines ?? [])
        StandardError.write("written to \(file.path)")
        if options.allowPrivateAddresses, settings?.polling.allowsPrivateAddresses != true {
            StandardError.write(
                "--allow-private-addresses was for this command: the daemon asks an address of a private network only with `allow_private_addresses: true` under `polling` in \(configuration)"
            )
        }
    }

    /// The first way that gives entries; the address itself where no other does, or where the user has said how it is
    /// to be read.
    private func lines(_ inspection: Inspection, _ options: InspectOptions) async throws -> SourceLines {
        let isSettled = page || options.items != nil || options.text || inspection.page == nil
        for way in inspection.ways where !isSettled && way.form != .page && way.url != address {
            let found = try await options.plain.inspect(way.url)
            guard found.failure == nil, var lines = found.lines, found.feed?.entries.isEmpty == false else { continue }
            StandardError.write("\(Address.shown(way.url)) gives \(Visible.text(way.gives))")
            if let advice = found.advice { StandardError.write(Visible.text(advice)) }
            lines.name = lines.name ?? inspection.feed?.title?.plain
            return lines
        }
        guard let lines = inspection.lines, inspection.feed?.entries.isEmpty == false else {
            StandardError.write("earshot add: none of the ways in gave any entries")
            throw ExitCode.failure
        }
        if let advice = inspection.advice { StandardError.write(Visible.text(advice)) }
        return lines
    }
}

/// A file of one source in sources.d.
struct SourceFile {
    let path: String
    private let folder: URL

    /// Named after the address: host and path, in letters that every file system knows.
    init(configuration: String, address: String) {
        folder = URL(filePath: configuration).deletingLastPathComponent().appending(path: SourceFolder.name)
        let text = address.drop { $0 != ":" }.dropFirst(3)
        let letters = text.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".") ? $0 : "-" }
        let name = String(letters).split(separator: "-").joined(separator: "-").prefix(100)
        path = folder.appending(path: "\(name).yaml").path
    }

    /// Never over another: whoever wants it again removes the file first. Nor what a configuration would be refused
    /// for: the daemon would not start again.
    func write(_ source: String, engines: [Engine]) throws {
        guard !FileManager.default.fileExists(atPath: path) else {
            StandardError.write("earshot add: \(path) is there already")
            throw ExitCode.failure
        }
        let text = "sources:\n\(source)\n"
        let problems = SourceFolder.problems(in: text, at: path, engines: engines)
        guard problems.isEmpty else {
            for problem in problems { StandardError.write(Visible.text("earshot add: not written: \(problem)")) }
            throw ExitCode.failure
        }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        } catch {
            StandardError.write("earshot add: \(path) cannot be written: \(error.localizedDescription)")
            throw ExitCode.failure
        }
    }
}
