import Alerting
import Fetching
import Foundation
import Model

/// Pagers and help desks.
extension Target {
    static let pagerDuty = Target(
        name: "pagerduty", webhook: { Webhook(url: $0 + "/v2/enqueue", format: .pagerDuty(key: "R0")) },
        judge: { request in
            try request.requirePath("/v2/enqueue")
            let event = try request.object()
            guard try event.text("routing_key") == "R0" else { throw Refusal(400, "Invalid routing key") }
            guard ["trigger", "acknowledge", "resolve"].contains(try event.text("event_action")) else {
                throw Refusal(400, "event_action")
            }
            let key = try event.text("dedup_key", most: 255)
            let payload = try event.object("payload")
            _ = try payload.text("summary", most: 1_024)
            _ = try payload.text("source", most: 1_024)
            guard ["critical", "error", "warning", "info"].contains(try payload.text("severity")) else {
                throw Refusal(400, "severity")
            }
            for link in try event.list("links") { _ = try (link.text("href"), link.text("text")) }
            guard request.body.count <= 512_000 else { throw Refusal(413, "the event is too large") }
            let body = #"{"status":"success","message":"Event processed","dedup_key":"\#(key)"}"#
            return Response(status: 202, body: Array(body.utf8))
        },
        reading: { request in
            let event = try request.object()
            let payload = try event.object("payload")
            return Reading(
                text: try payload.text("summary") + "\n" + payload.object("custom_details").text("text"),
                links: try event.list("links").map { try $0.text("href") }, pings: [])
        })

    static let opsgenie = Target(
        name: "opsgenie", webhook: { Webhook(url: $0, format: .opsgenie(key: "G0")) },
        judge: { request in
            try request.require("Authorization", "GenieKey G0")
            let accepted = Response(
                status: 202, body: Array(#"{"result":"Request will be processed","requestId":"1"}"#.utf8))
            if request.components.path.hasSuffix("/close") {
                guard request.parameter("identifierType") == "alias" else { throw Refusal(404, "no such id") }
                return accepted
            }
            try request.requirePath("/v2/alerts")
            let alert = try request.object()
            _ = try alert.text("message", most: 130)
            _ = try alert.text("alias", most: 512)
            guard try alert.text("description").utf16.count <= 15_000 else { throw Refusal(422, "description") }
            guard ["P1", "P2", "P3", "P4", "P5"].contains(try alert.text("priority")) else {
                throw Refusal(422, "priority")
            }
            guard let tags = alert["tags"] as? [String], tags.count <= 20, tags.allSatisfy({ $0.utf16.count <= 50 })
            else { throw Refusal(422, "tags") }
            return accepted
        },
        reading: { request in
            let alert = try request.object()
            guard alert["message"] != nil else { return Reading(text: try alert.text("note"), links: [], pings: []) }
            return Reading(
                text: try alert.text("message") + "\n" + alert.text("description"), links: [], pings: [])
        })

    static let zendesk = Target(
        name: "zendesk", webhook: { Webhook(url: $0, format: .zendesk(user: "bot@acme.example", token: "Z0")) },
        judge: { request in
            try request.requirePath("/api/v2/tickets.json")
            try request.require(
                "Authorization", "Basic " + Data("bot@acme.example/token:Z0".utf8).base64EncodedString())
            guard request.header("Idempotency-Key")?.hasPrefix("a_") == true else { throw Refusal(400, "no key") }
            let ticket = try request.object().object("ticket")
            _ = try ticket.text("subject", most: 150)
            guard try ticket.object("comment").text("body").utf8.count <= 65_536 else { throw Refusal(422, "too long") }
            guard try ticket.text("external_id").hasPrefix("a_") else { throw Refusal(422, "external_id") }
            guard ["urgent", "high", "normal", "low"].contains(try ticket.text("priority")) else {
                throw Refusal(422, "priority")
            }
            return Response(status: 201, body: Array(#"{"ticket":{"id":35436}}"#.utf8))
        },
        reading: { request in
            let ticket = try request.object().object("ticket")
            return Reading(
                text: try ticket.text("subject") + "\n" + ticket.object("comment").text("body"), links: [], pings: [])
        })

    static let freshdesk = Target(
        name: "freshdesk",
        webhook: { Webhook(url: $0, format: .freshdesk(requester: "mentions@acme.example", token: "F0")) },
        judge: { request in
            try request.requirePath("/api/v2/tickets")
            try request.require("Authorization", "Basic " + Data("F0:X".utf8).base64EncodedString())
            let ticket = try request.object()
            _ = try ticket.text("subject", most: 255)
            guard try ticket.text("email") == "mentions@acme.example", ticket["status"] as? Int == 2,
                let priority = ticket["priority"] as? Int, (1...4).contains(priority)
            else { throw Refusal(400, "Validation failed") }
            _ = try Reading(html: ticket.text("description"), allowing: ["p", "br", "strong", "a"])
            return Response(status: 201, body: Array(#"{"id":1}"#.utf8))
        },
        reading: { request in
            let description = try request.object().text("description")
            return try Reading(html: description, allowing: ["p", "br", "strong", "a"])
        })
}
