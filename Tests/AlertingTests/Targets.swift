// The services that alerts are sent to, as far as a message can be right or wrong for them: what they require, how much
// they take, whom they let in, and what their readers make of the text. Written after their documentation, not after
// our code; each answers as the real one does.

import Alerting
import Fetching
import Foundation
import Model
import Testing

/// A service that judges what it gets.
struct Target: Sendable, CustomTestStringConvertible {
    var name: String
    /// The receiver that a user would configure for it.
    var webhook: @Sendable (_ base: String) -> Webhook
    /// The service's answer. What it would have refused is refused; the reason is in the body.
    var judge: @Sendable (Request) throws -> Response
    /// What its readers see of a message.
    var reading: @Sendable (Request) throws -> Reading

    var testDescription: String { name }
}

/// A message as a service's reader would show it.
struct Reading {
    /// All text, escapes resolved and what is not visible left out.
    var text: String
    /// Addresses that can be clicked.
    var links: [String]
    /// People and rooms that are called.
    var pings: [String]
}

/// Why a service refuses a message.
struct Refusal: Error {
    var status: Int
    var reason: String

    init(_ status: Int, _ reason: String) {
        self.status = status
        self.reason = reason
    }
}

extension Request {
    /// The body as a JSON object.
    func object() throws -> [String: Any] {
        guard let object = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] else {
            throw Refusal(400, "the body is no JSON object")
        }
        return object
    }

    func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The path and query that were asked for.
    var components: URLComponents { URLComponents(string: url) ?? URLComponents() }

    func parameter(_ name: String) -> String? {
        components.queryItems?.first { $0.name == name }?.value
    }

    func require(_ header: String, _ value: String) throws {
        guard self.header(header) == value else { throw Refusal(401, "\(header) is missing or wrong") }
    }

    func requirePath(_ path: String, method: String = "POST") throws {
        guard self.method == method else { throw Refusal(405, "\(self.method) is not \(method)") }
        guard components.percentEncodedPath == path else { throw Refusal(404, "no \(components.percentEncodedPath)") }
        guard header("Content-Type")?.hasPrefix("application/json") == true else { throw Refusal(415, "no JSON") }
    }
}

extension Dictionary where Key == String, Value == Any {
    func text(_ name: String) throws -> String {
        guard let text = self[name] as? String else { throw Refusal(400, "\(name) is missing") }
        return text
    }

    /// A text that must not be empty, nor longer than `most` UTF-16 units.
    func text(_ name: String, most: Int) throws -> String {
        let text = try text(name)
        guard !text.isEmpty else { throw Refusal(400, "\(name) is empty") }
        guard text.utf16.count <= most else { throw Refusal(400, "\(name) is too long: \(text.utf16.count)") }
        return text
    }

    func object(_ name: String) throws -> [String: Any] {
        guard let object = self[name] as? [String: Any] else { throw Refusal(400, "\(name) is missing") }
        return object
    }

    func list(_ name: String) throws -> [[String: Any]] {
        guard let list = self[name] as? [[String: Any]] else { throw Refusal(400, "\(name) is missing") }
        return list
    }
}

extension String {
    /// Without what nobody sees.
    var visible: String {
        String(String.UnicodeScalarView(unicodeScalars.filter { ![0x200B, 0x200D].contains($0.value) }))
    }

    /// All matches of a regular expression's first group.
    func captures(_ pattern: String) -> [String] {
        guard let expression = try? NSRegularExpression(pattern: pattern, options: [.dotMatchesLineSeparators]) else {
            return ["no such pattern: \(pattern)"]
        }
        let range = NSRange(startIndex..., in: self)
        return expression.matches(in: self, range: range).compactMap {
            Range($0.range(at: $0.numberOfRanges > 1 ? 1 : 0), in: self).map { String(self[$0]) }
        }
    }

    /// What a chat makes a link of by itself.
    var bareLinks: [String] { captures("(?i)\\b((?:https?|ftp|mailto)://?[^\\s<>]+)") }

    func replacing(pattern: String, by template: String) -> String {
        replacingOccurrences(of: pattern, with: template, options: .regularExpression)
    }
}
