// `earshot inspect`: what an address or a file is, the ways in, and the entries as Earshot would see them.

import ArgumentParser
import Configuration
import Foundation
import Model
import Pages

struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Show what a page, a feed or a JSON document is to Earshot.")

    @OptionGroup var options: InspectOptions

    @Flag(help: "Print one JSON object.")
    var json = false

    @Argument(
        help: "An address, or a file, with or without the headers that 'curl -i' puts before it; '-' is standard input."
    )
    var subject: String

    func run() async throws {
        let inspection = try await options.inspect(subject)
        print(json ? InspectionJSON(inspection).text : InspectionText(inspection).text)
        if inspection.failure != nil { throw ExitCode.failure }
    }
}
