// What is wrong with a configuration, said so that it can be mended: where, what, and what was probably meant.

/// One thing that is wrong, or worth a second look.
package struct Problem: Sendable, Hashable, Comparable, CustomStringConvertible {
    package var file: String
    /// From 1; 0 when the problem is with the whole file.
    package var line: Int
    /// From 1, in characters.
    package var column: Int
    package var message: String
    /// Lines that show the place, for a terminal: a query with a caret under it.
    package var picture: String?

    package init(file: String, line: Int = 0, column: Int = 0, message: String, picture: String? = nil) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.picture = picture
    }

    /// The problem and its picture.
    package var illustrated: String {
        picture.map { "\(description)\n\($0)" } ?? description
    }

    package var description: String {
        line > 0 ? "\(file):\(line):\(column): \(message)" : "\(file): \(message)"
    }

    package static func < (left: Problem, right: Problem) -> Bool {
        (left.file, left.line, left.column, left.message) < (right.file, right.line, right.column, right.message)
    }
}

/// A configuration is refused whole, with everything that is wrong with it.
package struct ConfigurationError: Error, Sendable, CustomStringConvertible {
    /// In the order of the file; never empty.
    package var problems: [Problem]

    package var description: String {
        problems.map(\.illustrated).joined(separator: "\n")
    }
}
