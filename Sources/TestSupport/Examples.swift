// Nouns for tests that need one and do not care which.

import Foundation
package import Model

extension Mention {
    package static func example(_ number: Int, text: String = "Zeebank is traag.") -> Mention {
        Mention(
            id: "m_\(number)", watch: "zeebank", labels: ["team": "retail"],
            source: Mention.Origin(name: "Spaarforum", url: "https://forum.example/feed", kind: .feed),
            entry: Mention.Text(
                id: "guid-\(number)", title: "Titel \(number)", link: "https://forum.example/\(number)", author: nil,
                published: Date(timeIntervalSince1970: 1_772_438_000), language: "nl", text: text),
            matches: [
                Mention.Place(Match(field: .body, bytes: 0..<7, scalars: 0..<7, text: "Zeebank"))
            ], found: Date(timeIntervalSince1970: 1_772_438_400), edited: false)
    }
}
