// CloudEvents 1.0 over HTTP (github.com/cloudevents/spec, v1.0.2): structured, or binary with the attributes as
// headers.

import FoundationEssentials
import Model

/// How alerts become events.
package struct CloudEvents: Sendable, Equatable {
    package enum Mode: String, Sendable, CaseIterable {
        case structured, binary
    }

    package var mode: Mode
    /// The events' `source`: which Earshot sends them.
    package var source: String

    package init(mode: Mode = .structured, source: String = "/earshot") {
        self.mode = mode
        self.source = source
    }

    func message(_ payload: Payload, to url: String) throws -> Message {
        let data = try JSON(encoding: payload.data)
        let attributes = [
            ("specversion", "1.0"), ("id", payload.data.alert.id), ("source", source),
            ("type", "earshot.\(payload.type.rawValue).v1"), ("time", payload.timestamp.formatted(.iso8601)),
            ("subject", payload.alert.watches.joined(separator: ",")),
        ].filter { !$0.1.isEmpty }
        switch mode {
        case .structured:
            var event = Dictionary(uniqueKeysWithValues: attributes.map { ($0.0, JSON.string($0.1)) })
            event["datacontenttype"] = "application/json"
            event["data"] = data
            return Message(
                url: url, headers: [Header("Content-Type", "application/cloudevents+json; charset=UTF-8")],
                body: try JSON.object(event).encoded())
        case .binary:
            let headers = attributes.map { Header("ce-\($0.0)", Self.header($0.1)) }
            return try Message(url: url, headers: headers, json: data)
        }
    }

    /// HTTP protocol binding §3.1.3.2: space, `"`, `%` and all that is not printable ASCII are percent-encoded.
    private static func header(_ value: String) -> String {
        PercentEncoding.encode(value) { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "%") }
    }
}
