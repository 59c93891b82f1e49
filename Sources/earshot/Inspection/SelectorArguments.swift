// Selectors from the command line, read as those of a configuration are.

import ArgumentParser
import Configuration
import Pages

struct SelectorArguments {
    let items: String
    let fields: [String]

    /// As a configuration has them; what is no field at all is left out.
    var lines: [String] {
        let parts = fields.map { $0.split(separator: ":", maxSplits: 1) }.filter { $0.count == 2 }
        return ["items: \(Self.quoted(items))"]
            + parts.map { "\($0[0]): \(Self.quoted(String($0[1].drop { $0 == " " })))" }
    }

    func fill(_ wish: inout PageWish) throws {
        guard fields.allSatisfy({ $0.contains(":") }) else {
            throw ValidationError("A field is written as 'author: .username'.")
        }
        let reading = SelectorText(lines.joined(separator: "\n"))
        guard reading.problems.isEmpty else {
            throw ValidationError(reading.problems.map(\.illustrated).joined(separator: "\n"))
        }
        wish.layout = reading.layout
        wish.document = reading.document
    }

    /// As YAML's single quotes have it.
    private static func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }
}
