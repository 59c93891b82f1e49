import Alerting
import Foundation
import Model
import TestSupport
import Testing

/// What we send against the schemas that we ship.
@Suite struct SchemaTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Config/schemas")

    private let schema: Schema

    init() throws {
        schema = try Schema(folder: Self.folder)
    }

    private func body(_ alert: Alert, _ format: Format = .standard) throws -> Any {
        let webhook = Webhook(url: "https://hooks.example/", format: format)
        let body = try webhook.message(for: Delivery(alert), at: alert.made).body
        return try JSONSerialization.jsonObject(with: Data(body), options: .fragmentsAllowed)
    }

    @Test(arguments: Alert.ofEveryKind + [.hostile])
    func everyAlertIsAsTheSchemaSays(_ alert: Alert) throws {
        #expect(schema.problems(try body(alert), "alert.schema.json").isEmpty)
        let event = try body(alert, .cloudEvents(CloudEvents()))
        #expect(schema.problems(event, "cloudevent.schema.json").isEmpty)
    }

    @Test(arguments: [
        (["type"], #""mention""#, "type"), (["timestamp"], #""yesterday""#, "timestamp"),
        (["data", "alert", "count"], "-1", "data.alert.count"),
        (["data", "alert", "count"], "true", "data.alert.count"),
        (["data", "alert", "id"], "null", "data.alert.id"), (["data", "nonsense"], "1", "data.nonsense"),
        (["data", "mentions"], #"[{"id":"m_1"}]"#, "data.mentions.0"), (["data"], "{}", "data.alert"),
    ])
    func whatIsWrongIsFound(_ path: [String], _ json: String, _ place: String) throws {
        let value = try JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed)
        let changed = try set(value, at: path, in: body(Alert.ofEveryKind[0]))
        #expect(schema.problems(changed, "alert.schema.json").contains { $0.hasPrefix(place) })
    }

    private func set(_ value: Any, at path: [String], in object: Any) throws -> Any {
        guard let first = path.first else { return value }
        var members = try #require(object as? [String: Any])
        members[first] = try set(value, at: Array(path.dropFirst()), in: members[first] ?? [String: Any]())
        return members
    }
}

/// As much of JSON Schema (2020-12) as our schemas use, and stricter: a member that is not described is a problem, so
/// that nothing is sent that is not documented.
private struct Schema {
    private let documents: [String: [String: Any]]

    init(folder: URL) throws {
        var documents: [String: [String: Any]] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            let data = try Data(contentsOf: folder.appendingPathComponent(name))
            documents[name] = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        }
        self.documents = documents
    }

    func problems(_ value: Any, _ name: String) -> [String] {
        problems(value, documents[name] ?? [:], in: name, at: [])
    }

    private func problems(_ value: Any, _ schema: [String: Any], in name: String, at path: [String]) -> [String] {
        let place = path.joined(separator: ".")
        if let reference = schema["$ref"] as? String {
            let parts = reference.split(separator: "#", omittingEmptySubsequences: false).map(String.init)
            let document = parts[0].isEmpty ? name : parts[0]
            let target = parts[1].split(separator: "/").reduce(documents[document] as Any?) { node, key in
                (node as? [String: Any])?[String(key)]
            }
            guard let target = target as? [String: Any] else { return ["\(place): no \(reference)"] }
            return problems(value, target, in: document, at: path)
        }
        if let choices = schema["anyOf"] as? [[String: Any]] {
            let fits = choices.contains { problems(value, $0, in: name, at: path).isEmpty }
            return fits ? [] : ["\(place): fits none of \(choices.count)"]
        }
        var found: [String] = []
        if let choices = schema["enum"] as? [Any], !choices.contains(where: { Self.isSame($0, value) }) {
            found.append("\(place): not one of \(choices)")
        }
        if let types = (schema["type"] as? [String]) ?? (schema["type"] as? String).map({ [$0] }),
            !types.contains(where: { Self.isA($0, value) })
        {
            found.append("\(place): not a \(types)")
        }
        if let pattern = schema["pattern"] as? String, let text = value as? String,
            text.range(of: pattern, options: .regularExpression) == nil
        {
            found.append("\(place): does not match \(pattern)")
        }
        if let least = schema["minimum"] as? Double, let number = value as? Double, number < least {
            found.append("\(place): less than \(least)")
        }
        return found + problemsWithin(value, schema, in: name, at: path)
    }

    private func problemsWithin(_ value: Any, _ schema: [String: Any], in name: String, at path: [String]) -> [String] {
        if let items = schema["items"] as? [String: Any], let values = value as? [Any] {
            return values.enumerated().flatMap { problems($1, items, in: name, at: path + ["\($0)"]) }
        }
        guard let members = value as? [String: Any] else { return [] }
        let described = schema["properties"] as? [String: [String: Any]] ?? [:]
        let others = schema["additionalProperties"] as? [String: Any]
        let required = schema["required"] as? [String] ?? []
        return required.filter { members[$0] == nil }.map { (path + [$0]).joined(separator: ".") + ": missing" }
            + members.flatMap { key, member in
                let place = path + [key]
                guard let schema = described[key] ?? others else {
                    return [place.joined(separator: ".") + ": not described"]
                }
                return problems(member, schema, in: name, at: place)
            }
    }

    /// Of texts and nulls, which are all that our enumerations have.
    private static func isSame(_ left: Any, _ right: Any) -> Bool {
        left is NSNull ? right is NSNull : left as? String == right as? String && right is String
    }

    private static func isA(_ type: String, _ value: Any) -> Bool {
        switch type {
        case "object": value is [String: Any]
        case "array": value is [Any]
        case "string": value is String
        case "null": value is NSNull
        case "boolean": isBoolean(value)
        case "number": value is Double && !isBoolean(value)
        case "integer": value is Double && !isBoolean(value) && (value as? Double)?.rounded() == value as? Double
        default: false
        }
    }

    /// NSNumber takes true for 1.
    private static func isBoolean(_ value: Any) -> Bool {
        (value as? NSNumber).map { String(cString: $0.objCType) == "c" } ?? (value is Bool)
    }
}
