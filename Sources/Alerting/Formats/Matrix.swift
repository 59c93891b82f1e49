// Matrix's client-server API (spec.matrix.org, PUT /rooms/{roomId}/send): the alert's id is the transaction's, so that
// a second attempt makes no second message.

import Model

enum Matrix {
    /// An event may have 65,536 bytes; JSON writes a quotation mark in two.
    private static let plain = TextLimit.bytes(16_000)
    private static let html = TextLimit.bytes(24_000)

    /// - Parameter url: the homeserver's address.
    static func message(_ alert: Alert, to url: String, room: String, token: String) throws -> Message {
        let words = Wording(alert)
        let path = "_matrix/client/v3/rooms/\(PercentEncoding.segment(room))/send/m.room.message/\(alert.id)"
        let event: JSON = [
            "msgtype": "m.notice",
            "body": .string(words.text(.plain, within: plain)),
            "format": "org.matrix.custom.html",
            "formatted_body": .string(words.text(.html, within: html)),
            // Nobody is mentioned, whatever the text says.
            "m.mentions": [:],
        ]
        return try Message(
            url: url.adding(path: path), method: "PUT", headers: [Header("Authorization", "Bearer \(token)")],
            json: event)
    }
}
