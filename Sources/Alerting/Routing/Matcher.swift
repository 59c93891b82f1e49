// What a route or a silence asks of a mention, in Alertmanager's notation: `watch="acme"`, `author=~"jan.*"`.

package import Model

/// One condition. A route's and a silence's conditions must all hold.
package struct Matcher: Sendable, Equatable, CustomStringConvertible {
    package let subject: Subject
    package let comparison: Comparison
    /// What is compared with, as it was written, without quotes.
    package let value: String
    private let pattern: Pattern?
    private let number: Double?

    package enum Comparison: String, Sendable, CaseIterable {
        case equal = "="
        case notEqual = "!="
        case matches = "=~"
        case matchesNot = "!~"
        case atMost = "<="
        case atLeast = ">="
        case less = "<"
        case more = ">"

        /// Longer signs first, since `=` begins `=~`.
        fileprivate static let byLength = allCases.sorted { $0.rawValue.count > $1.rawValue.count }
    }

    private static let longest = 2_048

    /// Reads `name="value"`; the quotes may be left out.
    package init(_ text: String) throws(MatcherError) {
        guard text.utf8.count <= Self.longest else { throw MatcherError("a matcher has at most 2,048 bytes") }
        let text = text.trimmingSpaces
        guard let start = text.firstIndex(where: { "=!<>".contains($0) }),
            let comparison = Comparison.byLength.first(where: { text[start...].hasPrefix($0.rawValue) })
        else { throw MatcherError("a matcher reads name=\"value\", with = != =~ !~ or, for a rating, <= >= < >") }
        let name = String(text[..<start]).trimmingSpaces
        guard let subject = Subject(name) else { throw MatcherError("`\(name)` is not the name of a label") }
        self.subject = subject
        self.comparison = comparison
        value = try Self.unquoted(String(text[start...].dropFirst(comparison.rawValue.count)).trimmingSpaces)
        switch comparison {
        case .matches, .matchesNot:
            pattern = try Pattern(value)
            number = nil
        case .equal, .notEqual:
            pattern = nil
            number = subject == .rating ? Double(value) : nil
        case .atMost, .atLeast, .less, .more:
            guard subject == .rating else { throw MatcherError("only a rating can be compared by size") }
            guard let number = Double(value), number.isFinite else { throw MatcherError("`\(value)` is not a number") }
            pattern = nil
            self.number = number
        }
    }

    private static func unquoted(_ text: String) throws(MatcherError) -> String {
        guard let quote = text.first, quote == "\"" || quote == "'" else { return text }
        guard text.count >= 2, text.last == quote else { throw MatcherError("a quote is not closed") }
        return String(text.dropFirst().dropLast())
    }

    package func matches(_ mention: Mention) -> Bool {
        if let number { return matches(rating: mention.entry.rating, number) }
        let values = subject.values(in: mention)
        return switch comparison {
        case .equal: values.contains(where: isEqual)
        case .notEqual: !values.contains(where: isEqual)
        case .matches: values.contains { pattern?.matches($0) == true }
        case .matchesNot: !values.contains { pattern?.matches($0) == true }
        case .atMost, .atLeast, .less, .more: false
        }
    }

    /// `nl` stands for `nl-BE` too, as in a query's `lang:`.
    private func isEqual(_ text: String) -> Bool {
        guard subject == .language, !value.isEmpty else { return text == value }
        let (text, value) = (text.lowercased(), value.lowercased())
        return text == value || text.hasPrefix(value + "-")
    }

    /// What has no rating is neither good nor bad.
    private func matches(rating: Double?, _ number: Double) -> Bool {
        guard let rating else { return comparison == .notEqual }
        return switch comparison {
        case .equal: rating == number
        case .notEqual: rating != number
        case .atMost: rating <= number
        case .atLeast: rating >= number
        case .less: rating < number
        case .more: rating > number
        case .matches, .matchesNot: false
        }
    }

    package var description: String { "\(subject.name)\(comparison.rawValue)\"\(value)\"" }

    package static func == (left: Matcher, right: Matcher) -> Bool { left.description == right.description }
}

/// What is wrong with a matcher.
package struct MatcherError: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}

extension [Matcher] {
    /// As a person reads them: `team="retail", signal="outage"`.
    package var text: String { map(\.description).joined(separator: ", ") }
}
