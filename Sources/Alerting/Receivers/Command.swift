// Receivers that are programs of the user's own.

/// A program that gets Earshot's payload on its standard input, once for each attempt. No shell is involved.
package struct Command: Sendable, Equatable {
    /// The program's absolute path, and its arguments.
    package var program: String
    package var arguments: [String]
    /// After this time the program is ended.
    package var timeout: Duration

    package init(program: String, arguments: [String] = [], timeout: Duration = .seconds(15)) {
        self.program = program
        self.arguments = arguments
        self.timeout = timeout
    }
}
