// `inspect --json`: one object; what is not known is left out.

import Feeds
import Foundation
import Model
import Pages

struct InspectionJSON {
    private let inspection: Inspection

    init(_ inspection: Inspection) {
        self.inspection = inspection
    }

    var text: String {
        let options: JSONSerialization.WritingOptions = [.sortedKeys, .withoutEscapingSlashes]
        let data = try? JSONSerialization.data(withJSONObject: object, options: options)
        return data.map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    private var object: [String: Any] {
        var object: [String: Any] = ["what": inspection.what]
        object["address"] = inspection.subject.address.map(Address.shown)
        object["failure"] = inspection.failure
        object["advice"] = inspection.advice
        object["yaml"] = inspection.lines?.text
        object["ways"] = inspection.ways.map { way in
            let loses = way.loses.map { ["loses": $0] } ?? [:]
            return ["form": way.form.rawValue, "url": Address.shown(way.url), "gives": way.gives].merging(loses) { $1 }
        }
        if let page = inspection.page { object.merge(Self.page(page)) { $1 } }
        guard let feed = inspection.feed else { return object }
        object["version"] = feed.version.rawValue
        object["encoding"] = feed.encoding
        object["findings"] = Dictionary(uniqueKeysWithValues: feed.findings.all.map { ($0.kind.rawValue, $0.count) })
        object["entries"] = feed.entries.map(Self.entry)
        return object
    }

    private static func page(_ page: Page) -> [String: Any] {
        var object: [String: Any] = [:]
        object["engine"] = page.engine?.id
        object["layout"] = page.layout
        object["next"] = page.next
        object["remarks"] = page.remarks
        object["found"] = [
            "rule": page.found.rule, "embedded": page.found.embedded, "jsonld": page.found.jsonLD,
            "microdata": page.found.microdata,
        ]
        object["alternates"] = page.alternates.map { ["url": $0.url, "type": $0.type] }
        if let aggregate = page.aggregate {
            object["aggregate"] = [
                "rating": aggregate.value, "scale": aggregate.scale as Any, "count": aggregate.count as Any,
            ]
            .compactMapValues { ($0 as? Double).map { $0 as Any } ?? ($0 as? Int).map { $0 as Any } }
        }
        return object
    }

    private static func entry(_ entry: Entry) -> [String: Any] {
        let plain = entry.plainText()
        var object: [String: Any] = ["identity": entry.identity, "text": plain.body]
        object["title"] = plain.title.isEmpty ? nil : plain.title
        object["author"] = plain.author.isEmpty ? nil : plain.author
        object["id"] = entry.id
        object["link"] = entry.link
        object["kind"] = entry.kind?.rawValue
        object["published"] = entry.published.map { $0.formatted(.iso8601) }
        object["updated"] = entry.updated.map { $0.formatted(.iso8601) }
        object["rating"] = entry.rating
        object["rating_scale"] = entry.ratingScale
        object["reply_to"] = entry.inReplyTo
        object["thread"] = entry.thread?.title
        object["thread_link"] = entry.thread?.link
        return object
    }
}
