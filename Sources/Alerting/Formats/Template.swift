// Messages in any shape, by a Mustache template of the user's (mustache.github.io). The template is the user's, what
// goes into it strangers': every `{{tag}}` is escaped for the content type, and a JSON message has to be JSON in the
// end.

import FoundationEssentials
import Model
import Mustache

/// A Mustache template and what it makes.
package struct Template: Sendable, Equatable {
    package let text: String
    package let method: String
    package let contentType: String
    private let kind: Escaping
    private let mustache: MustacheTemplate

    /// - Parameters:
    ///   - text: sees the members of Earshot's payload, and `title` and `text`, the alert in words.
    ///   - contentType: decides how tags are escaped: JSON, HTML or XML, a form, or not at all.
    /// - Throws: `FormatError` with the place in the template.
    package init(
        _ text: String, method: String = "POST", contentType: String = "application/json"
    ) throws(FormatError) {
        self.text = text
        self.method = method
        self.contentType = contentType
        kind = Escaping(contentType: contentType)
        _ = Escaping.areKnown
        do {
            mustache = try MustacheTemplate(string: "{{% CONTENT_TYPE:\(kind.rawValue)}}" + text)
        } catch let error as MustacheTemplate.ParserError {
            throw .template("line \(error.context.lineNumber): \(error.error)")
        } catch {
            throw .template("\(error)")
        }
    }

    package static func == (left: Template, right: Template) -> Bool {
        (left.text, left.method, left.contentType) == (right.text, right.method, right.contentType)
    }

    /// Makes a message of a test alert.
    ///
    /// - Throws: `FormatError` when it is not what the content type says.
    package func check() throws {
        let alert = Alert.test(receiver: "test", at: Date(timeIntervalSince1970: 0))
        _ = try message(Payload(alert), to: "")
    }

    func message(_ payload: Payload, to url: String) throws -> Message {
        let words = Wording(payload.alert)
        var members = try JSON(encoding: payload.data)
        members.set("type", .string(payload.type.rawValue))
        members.set("timestamp", .string(payload.timestamp.formatted(.iso8601)))
        members.set("title", .string(words.title))
        members.set("text", .string(words.body(.plain, within: .bytes(60_000))))
        let body = mustache.render(members.plain)
        if kind == .json, JSON(bytes: Array(body.utf8)) == nil { throw FormatError.template("its result is no JSON") }
        return Message(
            url: url, method: method, headers: [Header("Content-Type", contentType)], body: Array(body.utf8))
    }
}

/// Why no message can be made of an alert.
package enum FormatError: Error, Equatable, CustomStringConvertible {
    case template(String)

    package var description: String {
        switch self {
        case .template(let problem): "the template cannot be used: \(problem)"
        }
    }
}

/// How tags are written into a message.
private enum Escaping: String, MustacheContentType, CaseIterable {
    case json = "EARSHOT-JSON"
    case markup = "EARSHOT-MARKUP"
    case form = "EARSHOT-FORM"
    case none = "EARSHOT-TEXT"

    /// Makes them known to the library, once.
    static let areKnown: Void = {
        for escaping in allCases { MustacheContentTypes.register(escaping, named: escaping.rawValue) }
    }()

    init(contentType: String) {
        let type = contentType.prefix { $0 != ";" }.lowercased()
        self =
            if type.hasSuffix("json") {
                .json
            } else if type.hasSuffix("html") || type.hasSuffix("xml") {
                .markup
            } else if type == "application/x-www-form-urlencoded" {
                .form
            } else {
                .none
            }
    }

    func escapeText(_ text: String) -> String {
        switch self {
        case .json: JSON.string(text).inside
        case .markup: Markup.html.escape(text)
        case .form: PercentEncoding.segment(text)
        case .none: text
        }
    }
}

extension JSON {
    /// What Mustache works on: dictionaries, lists, and things with a description.
    fileprivate var plain: Any {
        switch self {
        case .null: ""
        case .bool(let bool): bool
        case .int(let int): int
        case .number(let number): number
        case .string(let text): text
        case .array(let items): items.map(\.plain)
        case .object(let members): members.filter { $0.value != .null }.mapValues(\.plain)
        }
    }

    /// A string's JSON without its quotation marks.
    fileprivate var inside: String {
        String(decoding: ((try? encoded()) ?? []).dropFirst().dropLast(), as: UTF8.self)
    }

    fileprivate mutating func set(_ name: String, _ value: JSON) {
        guard case .object(var members) = self else { return }
        members[name] = value
        self = .object(members)
    }
}
