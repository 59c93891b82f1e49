// Opsgenie's Alert API (docs.opsgenie.com/docs/alert-api): the alias makes two alerts one.

import Model

enum Opsgenie {
    private static let text = TextLimit.units(130)
    private static let description = TextLimit.units(15_000)
    /// A tag may have 50 characters, an alert 20 of them.
    private static let tag = TextLimit.units(50)

    /// - Parameter url: the API's address, `https://api.opsgenie.com` or the European one.
    static func message(_ alert: Alert, to url: String, key: String) throws -> Message {
        let alias = alert.episode ?? alert.id
        let authorization = [Header("Authorization", "GenieKey \(key)")]
        guard alert.status != .resolved else {
            let path = "v2/alerts/\(PercentEncoding.segment(alias))/close"
            let note = JSON.string(Wording(alert).body(.plain, within: description))
            return try Message(
                url: url.adding(path: path).adding(query: [("identifierType", "alias")]), headers: authorization,
                json: ["source": "Earshot", "note": note])
        }
        let words = Wording(alert)
        let message: JSON = [
            "message": .string(text.cut(words.title)), "alias": .string(alias),
            "description": .string(words.body(.plain, within: description)),
            "priority": alert.priority == .high ? "P1" : "P3", "source": "Earshot",
            "tags": .array(alert.watches.prefix(20).map { JSON.string(tag.cut($0)) }),
        ]
        return try Message(url: url.adding(path: "v2/alerts"), headers: authorization, json: message)
    }
}
