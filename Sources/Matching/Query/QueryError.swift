// What is wrong with a query, and what is doubtful about it, told so that the person who typed it can mend it.

/// Why a query is refused, and where.
package struct QueryError: Error, Sendable, Hashable {
    /// Both count from 1; columns count characters as a person sees them.
    package var line: Int
    package var column: Int
    package var message: String
    /// What to type instead.
    package var suggestion: String?
    /// The line of the query that `column` points into.
    package var text: String

    /// The message, the line, a caret under the place, and the suggestion, each on a line of its own.
    package var rendered: String { render("error", message, suggestion, text, line, column) }

    /// The same without the message.
    package var picture: String { pictured(suggestion, text, column) }
}

/// What is allowed, but probably not what was meant.
package struct QueryWarning: Sendable, Hashable {
    /// Both count from 1; columns count characters as a person sees them.
    package var line: Int
    package var column: Int
    package var message: String
    package var suggestion: String?
    package var text: String

    /// Like `QueryError.rendered`.
    package var rendered: String { render("warning", message, suggestion, text, line, column) }

    /// Like `QueryError.picture`.
    package var picture: String { pictured(suggestion, text, column) }
}

private func render(
    _ what: String, _ message: String, _ suggestion: String?, _ text: String, _ line: Int, _ column: Int
) -> String {
    let place = line == 1 ? "column \(column)" : "line \(line), column \(column)"
    return "\(place): \(what): \(message)\n\(pictured(suggestion, text, column))"
}

private func pictured(_ suggestion: String?, _ text: String, _ column: Int) -> String {
    let indent = String(text.prefix(column - 1).map { $0 == "\t" ? "\t" : " " })
    let shown = String(
        String.UnicodeScalarView(text.unicodeScalars.map { $0.isControl && $0 != "\t" ? "\u{FFFD}" : $0 }))
    let help = suggestion.map { "\n  \($0)" } ?? ""
    return "  \(shown)\n  \(indent)^\(help)"
}

extension Unicode.Scalar {
    /// Whether it could move a terminal's cursor or turn its text around.
    var isControl: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .format, .surrogate: true
        default: false
        }
    }
}

/// A query's text while it is read: bytes, and places in it as lines and columns.
struct QueryText {
    /// The longest query, in characters (Unicode scalars): some hundred times a long one. It keeps parsing, and what a
    /// set takes, bounded.
    static let limit = 65_536

    /// UTF-8, as Strings hold it.
    let bytes: [UInt8]

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    var isTooLong: Bool { bytes.count > Self.limit && bytes.count { $0 & 0xC0 != 0x80 } > Self.limit }

    /// The scalar that starts at `offset`, and how many bytes it has.
    @inline(__always)
    func scalar(at offset: Int) -> (scalar: Unicode.Scalar, length: Int) {
        let first = bytes[offset]
        if first < 0x80 { return (Unicode.Scalar(first), 1) }
        let (value, length) = decode(bytes.span, offset)
        return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
    }

    func string(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    func error(_ message: String, at offset: Int, suggestion: String? = nil) -> QueryError {
        let place = locate(offset)
        return QueryError(
            line: place.line, column: place.column, message: message, suggestion: suggestion, text: place.text)
    }

    func warning(_ message: String, at offset: Int, suggestion: String? = nil) -> QueryWarning {
        let place = locate(offset)
        return QueryWarning(
            line: place.line, column: place.column, message: message, suggestion: suggestion, text: place.text)
    }

    private func locate(_ offset: Int) -> (line: Int, column: Int, text: String) {
        let before = bytes[..<min(offset, bytes.count)]
        let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
        let column = string(start..<before.endIndex).count + 1
        return (before.count { $0 == 0x0A } + 1, column, string(start..<end))
    }
}
