// Mattermost's incoming webhooks (developers.mattermost.com/integrate/webhooks/incoming).

import Model

enum Mattermost {
    /// A post may have 16,383 code points.
    private static let text = TextLimit.units(16_383)

    static func message(_ alert: Alert, to url: String) throws -> Message {
        let text = Wording(alert).text(.mattermost, within: text)
        return try Message(url: url, json: ["text": .string(text)])
    }
}
