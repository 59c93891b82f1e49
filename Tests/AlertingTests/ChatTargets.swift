import Alerting
import Fetching
import Foundation
import Model

/// Chats, and what pushes to phones.
extension Target {
    static let slack = Target(
        name: "slack", webhook: { Webhook(url: $0 + "/services/T0/B0/x", format: .slack) },
        judge: { request in
            try request.requirePath("/services/T0/B0/x")
            let message = try request.object()
            _ = try message.text("text", most: 40_000)
            let blocks = try message.list("blocks")
            var total = 0
            for block in blocks {
                let text = try block.object("text")
                switch try block.text("type") {
                case "header":
                    guard try text.text("type") == "plain_text" else { throw Refusal(400, "invalid_blocks") }
                    total += try text.text("text", most: 150).count
                case "section": total += try text.text("text", most: 3_000).count
                default: throw Refusal(400, "invalid_blocks")
                }
            }
            guard (1...50).contains(blocks.count), total <= 13_200 else { throw Refusal(400, "msg_blocks_too_long") }
            return Response(status: 200, body: Array("ok".utf8))
        },
        reading: { request in
            let message = try request.object()
            let sections = try message.list("blocks").map { try $0.object("text") }
            let texts = try sections.filter { $0["type"] as? String == "mrkdwn" }.map { try $0.text("text") }
            let marked = try (texts + [message.text("text")]).joined(separator: "\n")
            let isVerbatim = sections.allSatisfy {
                $0["type"] as? String != "mrkdwn" || $0["verbatim"] as? Bool == true
            }
            let plain = marked.replacing(pattern: "<https?:[^>|]*\\|([^>]*)>", by: "$1")
                .replacing(pattern: "(?<![\\w*])\\*(?![\\s*\u{200B}])([^*\\n]*[^*\\s\u{200B}])\\*(?!\\w)", by: "$1")
            return Reading(
                text: plain.unescapedHTML.visible,
                links: marked.captures("<(https?:[^|>]*)") + (isVerbatim ? [] : marked.bareLinks),
                pings: marked.captures("<([!@#][^>]*)>")
                    + (message["link_names"] as? Bool == false ? [] : marked.captures("@(\\w+)")))
        })

    static let mattermost = Target(
        name: "mattermost", webhook: { Webhook(url: $0 + "/hooks/x", format: .mattermost) },
        judge: { request in
            try request.requirePath("/hooks/x")
            guard try request.object().text("text").unicodeScalars.count <= 16_383 else {
                throw Refusal(400, "the post is too long")
            }
            return Response(status: 200, body: Array("ok".utf8))
        },
        reading: { request in
            let text = try request.object().text("text")
            var reading = Reading(markdown: text)
            // Slack's way is understood too.
            reading.pings += text.captures("(@[A-Za-z0-9]+)") + text.captures("<([!@#][^>]*)>")
            reading.links += text.captures("<(https?:[^|>]*)\\|")
            return reading
        })

    static let discord = Target(
        name: "discord", webhook: { Webhook(url: $0 + "/api/webhooks/1/x", format: .discord) },
        judge: { request in
            try request.requirePath("/api/webhooks/1/x")
            guard request.parameter("wait") == "true" else { return Response(status: 204) }
            let message = try request.object()
            let embeds = try message.list("embeds")
            var total = 0
            for embed in embeds {
                total += try embed.text("title", most: 256).utf16.count
                if embed["description"] != nil { total += try embed.text("description", most: 4_096).utf16.count }
                if let footer = embed["footer"] as? [String: Any] {
                    total += try footer.text("text", most: 2_048).count
                }
                if let url = embed["url"] as? String, URL(string: url) == nil { throw Refusal(400, "embeds.url") }
            }
            guard (1...10).contains(embeds.count), total <= 6_000 else { throw Refusal(400, "BASE_TYPE_MAX_LENGTH") }
            return Response(status: 200, body: Array(#"{"id":"1155"}"#.utf8))
        },
        reading: { request in
            let message = try request.object()
            let embeds = try message.list("embeds")
            let text = embeds.flatMap { [$0["title"], $0["description"]] }.compactMap { $0 as? String }
            var reading = Reading(markdown: text.joined(separator: "\n"), withEntities: false)
            reading.links += embeds.compactMap { $0["url"] as? String }
            let allowed = try message.object("allowed_mentions")["parse"] as? [String]
            if allowed != [] { reading.pings += text.flatMap { $0.captures("(@everyone|@here|<@[^>]*>)") } }
            return reading
        })

    static let teams = Target(
        name: "teams", webhook: { Webhook(url: $0 + "/workflows/x?sig=abc", format: .teams) },
        judge: { request in
            try request.requirePath("/workflows/x")
            guard request.body.count <= 21_000 else { throw Refusal(413, "RequestEntityTooLarge") }
            let message = try request.object()
            let attachment = try message.list("attachments").first ?? [:]
            let card = try attachment.object("content")
            guard try message.text("type") == "message", try card.text("type") == "AdaptiveCard",
                try attachment.text("contentType") == "application/vnd.microsoft.card.adaptive",
                try card.text("version") == "1.2"
            else { throw Refusal(400, "no Adaptive Card") }
            for block in try card.list("body") {
                guard try block.text("type") == "TextBlock", block["wrap"] as? Bool == true else {
                    throw Refusal(400, "an unknown element")
                }
                _ = try block.text("text", most: 20_000)
            }
            return Response(status: 202)
        },
        reading: { request in
            let card = try (request.object().list("attachments").first ?? [:]).object("content")
            let text = try card.list("body").map { try $0.text("text") }.joined(separator: "\n\n")
            var reading = Reading(markdown: text)
            reading.pings += text.captures("(<at>[^<]*)")
            return reading
        })

    static let googleChat = Target(
        name: "google-chat",
        webhook: { Webhook(url: $0 + "/v1/spaces/S/messages?key=k&token=t%3D", format: .googleChat) },
        judge: { request in
            try request.requirePath("/v1/spaces/S/messages")
            guard request.parameter("key") == "k", request.parameter("token") == "t=" else {
                throw Refusal(403, "the key or the token is wrong")
            }
            guard let id = request.parameter("requestId"), !id.isEmpty else { throw Refusal(400, "no requestId") }
            guard request.parameter("messageReplyOption") == "REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD" else {
                throw Refusal(400, "messageReplyOption")
            }
            let message = try request.object()
            _ = try message.text("text", most: 4_096)
            _ = try message.object("thread").text("threadKey", most: 4_000)
            guard request.body.count <= 32_000 else { throw Refusal(400, "the message is too long") }
            return Response(status: 200, body: Array(#"{"name":"spaces/S/messages/M"}"#.utf8))
        },
        reading: { request in
            let marked = try request.object().text("text")
            let plain = marked.replacing(pattern: "<https?:[^>|]*\\|([^>]*)>", by: "$1")
                .replacing(pattern: "(?<![\\w*])\\*(?![\\s*\u{200B}])([^*\\n]*[^*\\s\u{200B}])\\*(?!\\w)", by: "$1")
            return Reading(
                text: plain.visible,
                links: marked.captures("<(https?:[^|>]*)\\|")
                    + marked.replacing(pattern: "<https?:[^|>]*\\|", by: "").bareLinks,
                pings: marked.captures("<(users/[^>]*)>"))
        })

    static let ntfy = Target(
        name: "ntfy", webhook: { Webhook(url: $0 + "/alerts", format: .ntfy(token: "tk_1")) },
        judge: { request in
            try request.requirePath("/")
            try request.require("Authorization", "Bearer tk_1")
            let message = try request.object()
            guard try message.text("topic") == "alerts" else { throw Refusal(400, "topic invalid") }
            guard try message.text("message").utf8.count <= 4_096 else { throw Refusal(400, "becomes an attachment") }
            _ = try message.text("title", most: 1_024)
            guard let priority = message["priority"] as? Int, (1...5).contains(priority) else {
                throw Refusal(400, "priority invalid")
            }
            return Response(status: 200, body: Array(#"{"id":"sPs71M8A2T","event":"message"}"#.utf8))
        },
        reading: { request in
            let message = try request.object()
            return Reading(
                text: try message.text("title") + "\n" + message.text("message"),
                links: [message["click"] as? String].compactMap { $0 }, pings: [])
        })

    static let gotify = Target(
        name: "gotify", webhook: { Webhook(url: $0 + "/push/", format: .gotify(token: "A1")) },
        judge: { request in
            try request.requirePath("/push/message")
            try request.require("X-Gotify-Key", "A1")
            _ = try request.object().text("message", most: 100_000)
            return Response(status: 200, body: Array(#"{"id":25,"appid":5}"#.utf8))
        },
        reading: { request in
            let message = try request.object()
            let display = try message.object("extras")["client::display"] as? [String: Any]
            let text = try message.text("title") + "\n" + message.text("message")
            return Reading(
                text: text, links: display?["contentType"] as? String == "text/plain" ? [] : text.bareLinks, pings: [])
        })

    static let matrix = Target(
        name: "matrix", webhook: { Webhook(url: $0, format: .matrix(room: "!r/oom:server", token: "syt_1")) },
        judge: { request in
            let path = "/_matrix/client/v3/rooms/%21r%2Foom%3Aserver/send/m.room.message/"
            guard request.method == "PUT", request.components.percentEncodedPath.hasPrefix(path + "a_") else {
                throw Refusal(404, "M_UNRECOGNIZED")
            }
            try request.require("Authorization", "Bearer syt_1")
            guard request.body.count <= 60_000 else { throw Refusal(413, "M_TOO_LARGE") }
            let event = try request.object()
            guard ["m.text", "m.notice"].contains(try event.text("msgtype")),
                try event.text("format") == "org.matrix.custom.html"
            else { throw Refusal(400, "M_BAD_JSON") }
            _ = try event.text("body", most: 60_000)
            return Response(status: 200, body: Array(#"{"event_id":"$1"}"#.utf8))
        },
        reading: { request in
            let event = try request.object()
            var reading = try Reading(html: event.text("formatted_body"), allowing: ["strong", "a", "br", "p"])
            // Without the member clients look for names in the text themselves.
            if try !event.object("m.mentions").isEmpty { reading.pings.append("m.mentions") }
            return reading
        })

    static let telegram = Target(
        name: "telegram", webhook: { Webhook(url: $0, format: .telegram(chat: "-1001", token: "11:AA")) },
        judge: { request in
            try request.requirePath("/bot11:AA/sendMessage")
            let message = try request.object()
            guard message["chat_id"] as? Int == -1_001 else { throw Refusal(400, "Bad Request: chat not found") }
            guard try message.text("parse_mode") == "HTML" else { throw Refusal(400, "parse_mode") }
            let reading = try Reading(html: message.text("text"), allowing: ["b", "a"])
            guard !reading.text.isEmpty, reading.text.utf16.count <= 4_096 else {
                throw Refusal(400, "Bad Request: message is too long")
            }
            return Response(status: 200, body: Array(#"{"ok":true,"result":{}}"#.utf8))
        },
        reading: { request in
            let text = try request.object().text("text")
            var reading = try Reading(html: text, allowing: ["b", "a"])
            reading.pings += text.captures("(@[A-Za-z0-9]+)")
            let shown = text.replacing(pattern: "<a href=\"[^\"]*\">.*?</a>", by: "")
            reading.links += shown.bareLinks
            // Telegram takes anything for a host's name that ends in letters behind a dot, bold or not.
            reading.links += shown.replacing(pattern: "</?b>", by: "").captures("([A-Za-z0-9-]+\\.[A-Za-z]+)")
            return reading
        })
}

extension Reading {
    /// Markdown as Discord, Mattermost and Teams read it: a backslash before a mark makes it a letter.
    ///
    /// - Parameter withEntities: whether `&amp;` is read as in HTML.
    init(markdown: String, withEntities: Bool = true) {
        // Each escaped mark becomes a private-use letter, so that what is left is markup.
        var marked = ""
        var isEscaped = false
        for scalar in markdown.unicodeScalars {
            if isEscaped, scalar.isASCII, let letter = Unicode.Scalar(0xE000 + scalar.value) {
                marked.unicodeScalars.append(letter)
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else {
                marked.unicodeScalars.append(scalar)
            }
        }
        links = marked.captures("\\]\\(<?([^)>]*)>?\\)")
        let unlinked = marked.replacing(pattern: "\\[([^\\]]*)\\]\\(<?[^)>]*>?\\)", by: "$1")
        links += unlinked.bareLinks
        let plain = unlinked.replacing(pattern: "[*_~`]", by: "")
        let letters = plain.unicodeScalars.map { scalar in
            (0xE000...0xE07F).contains(scalar.value) ? Unicode.Scalar(scalar.value - 0xE000) ?? scalar : scalar
        }
        let resolved = String(String.UnicodeScalarView(letters))
        text = (withEntities ? resolved.unescapedHTML : resolved).visible
        pings = []
    }

    /// HTML with no other elements than these, and no other attribute than `href`.
    init(html: String, allowing elements: Set<String>) throws {
        for tag in html.captures("(<[^>]*>?)") {
            let name = tag.captures("^</?([a-z]+)").first ?? tag
            guard elements.contains(name), tag.hasSuffix(">"),
                !tag.captures("^(</?[a-z]+(?: href=\"[^\"<>]*\")?>)$").isEmpty
            else { throw Refusal(400, "Bad Request: can't parse entities: \(tag)") }
        }
        links = html.captures("href=\"([^\"]*)\"").map(\.unescapedHTML)
        text = html.replacing(pattern: "<[^>]*>", by: "").unescapedHTML.visible
        pings = []
    }
}

extension String {
    /// The five entities of XML; the ampersand's last.
    var unescapedHTML: String {
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
            .reduce(self) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
    }
}
