import Alerting
import Fetching
import Foundation
import Model

/// Formats whose readers are programs.
extension Target {
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    private static func requireSignature(_ request: Request) throws {
        guard let id = request.header("webhook-id"),
            let time = request.header("webhook-timestamp").flatMap({ Int($0) }),
            let signatures = request.header("webhook-signature"),
            try WebhookSecret(secret).verifies(signatures: signatures, id: id, timestamp: time, body: request.body)
        else { throw Refusal(401, "the signature does not hold") }
    }

    static let standard = Target(
        name: "standard",
        webhook: { Webhook(url: $0 + "/in", secrets: [try? WebhookSecret(secret)].compactMap { $0 }) },
        judge: { request in
            try request.requirePath("/in")
            try requireSignature(request)
            guard
                try JSONDecoder.earshot.decode(Payload.self, from: Data(request.body)).alert.id
                    == request.header("webhook-id")
            else { throw Refusal(400, "another id") }
            return Response(status: 204)
        },
        reading: { request in
            let mentions = try JSONDecoder.earshot.decode(Payload.self, from: Data(request.body)).data.mentions
            return Reading(
                text: mentions.map { $0.entry.title + "\n" + $0.entry.text }.joined(separator: "\n"), links: [],
                pings: [])
        })

    static let cloudEvents = Target(
        name: "cloudevents, structured",
        webhook: {
            let secrets = [try? WebhookSecret(secret)].compactMap { $0 }
            return Webhook(url: $0 + "/in", format: .cloudEvents(CloudEvents(source: "/earshot/a")), secrets: secrets)
        },
        judge: { request in
            guard request.header("Content-Type")?.hasPrefix("application/cloudevents+json") == true else {
                throw Refusal(415, "no event")
            }
            try requireSignature(request)
            let event = try request.object()
            guard try event.text("specversion") == "1.0", try event.text("source") == "/earshot/a" else {
                throw Refusal(400, "no event of version 1.0")
            }
            _ = try (event.text("id", most: 100), event.text("type", most: 100), event.object("data"))
            for name in event.keys where !name.captures("([^a-z0-9])").isEmpty { throw Refusal(400, "name \(name)") }
            guard ISO8601DateFormatter().date(from: try event.text("time")) != nil else { throw Refusal(400, "time") }
            return Response(status: 202)
        }, reading: { try reading(data: $0.object().object("data")) })

    static let cloudEventsBinary = Target(
        name: "cloudevents, binary",
        webhook: { Webhook(url: $0 + "/in", format: .cloudEvents(CloudEvents(mode: .binary))) },
        judge: { request in
            try request.requirePath("/in")
            guard request.header("ce-specversion") == "1.0", request.header("ce-id")?.hasPrefix("a_") == true,
                request.header("ce-source") == "/earshot", request.header("ce-type")?.hasPrefix("earshot.") == true,
                request.header("ce-datacontenttype") == nil
            else { throw Refusal(400, "no event of version 1.0") }
            for header in request.headers where header.name.hasPrefix("ce-") {
                guard header.value.removingPercentEncoding != nil,
                    header.value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
                else { throw Refusal(400, "\(header.name) is not percent-encoded") }
            }
            return Response(status: 204)
        }, reading: { try reading(data: $0.object()) })

    private static func reading(data: [String: Any]) throws -> Reading {
        let entries = try data.list("mentions").map { try $0.object("entry") }
        let texts = try entries.map { try $0.text("title") + "\n" + $0.text("text") }
        return Reading(text: texts.joined(separator: "\n"), links: [], pings: [])
    }

    static let alertmanager = Target(
        name: "alertmanager", webhook: { Webhook(url: $0 + "/am", format: .alertmanager) },
        judge: { request in
            try request.requirePath("/am")
            let message = try request.object()
            guard try message.text("version") == "4", message["truncatedAlerts"] is Int else {
                throw Refusal(400, "no message of version 4")
            }
            _ = try (message.text("groupKey", most: 1_000), message.text("receiver", most: 100))
            _ = try (message.object("groupLabels"), message.object("commonLabels"), message.object("commonAnnotations"))
            let alerts = try message.list("alerts")
            guard !alerts.isEmpty else { throw Refusal(400, "no alerts") }
            for alert in alerts {
                guard ["firing", "resolved"].contains(try alert.text("status")) else { throw Refusal(400, "status") }
                for name in try alert.object("labels").keys where name.captures("^([a-zA-Z_][a-zA-Z0-9_]*)$").isEmpty {
                    throw Refusal(400, "no label name: \(name)")
                }
                _ = try alert.object("labels").text("alertname", most: 10_000)
                // Go's zero time while it fires; what is resolved has ended.
                let (start, end) = try (alert.text("startsAt"), alert.text("endsAt"))
                let hasEnded = try alert.text("status") == "resolved"
                guard ISO8601DateFormatter().date(from: start) != nil, ISO8601DateFormatter().date(from: end) != nil,
                    hasEnded ? end >= start : end == "0001-01-01T00:00:00Z",
                    !(try alert.text("fingerprint").captures("^([0-9a-f]{1,16})$")).isEmpty
                else { throw Refusal(400, "times or fingerprint") }
            }
            return Response(status: 200)
        },
        reading: { request in
            let alerts = try request.object().list("alerts")
            let texts = try alerts.map { alert in
                let annotations = try alert.object("annotations")
                return try annotations.text("summary") + "\n" + annotations.text("description")
            }
            return Reading(text: texts.joined(separator: "\n"), links: [], pings: [])
        })

    /// A target of nobody's: JSON of its own shape, by PUT, with a header.
    static let template = Target(
        name: "template",
        webhook: { base in
            let text = """
                {"what":"{{title}}","id":"{{alert.id}}","count":{{alert.count}},
                 "items":[{{#mentions}}{"t":"{{entry.title}}","x":"{{entry.text}}","w":"{{watch}}"},{{/mentions}}null]}
                """
            let template = try? Template(text, method: "PUT", contentType: "application/json; charset=utf-8")
            return Webhook(
                url: base + "/own", format: template.map(Format.template) ?? .standard,
                headers: [Header("X-Team", "pr")])
        },
        judge: { request in
            try request.requirePath("/own", method: "PUT")
            try request.require("X-Team", "pr")
            let message = try request.object()
            guard Set(message.keys) == ["what", "id", "count", "items"] else { throw Refusal(400, "other members") }
            return Response(status: 200)
        },
        reading: { request in
            let items = try request.object()["items"] as? [Any] ?? []
            let texts = try items.compactMap { $0 as? [String: Any] }.map { try $0.text("t") + "\n" + $0.text("x") }
            return Reading(text: texts.joined(separator: "\n"), links: [], pings: [])
        })

    static let all: [Target] = [
        .standard, .cloudEvents, .cloudEventsBinary, .alertmanager, .template, .slack, .mattermost, .discord, .teams,
        .googleChat, .ntfy, .gotify, .matrix, .telegram, .pagerDuty, .opsgenie, .zendesk, .freshdesk,
    ]
}
