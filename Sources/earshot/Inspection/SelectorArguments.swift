// Selectors from the command line, read as those of a configuration are.

import ArgumentParser
import Configuration
import Pages

struct SelectorArguments {
    let items: String
    let fields: [String]

    func fill(_ wish: inout PageWish) throws {
        var lines = ["items: \(Self.quoted(items))"]
        for field in fields {
            let parts = field.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { throw ValidationError("A field is written as 'author: .username'.") }
            lines.append("\(parts[0]): \(Self.quoted(String(parts[1].drop { $0 == " " })))")
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
