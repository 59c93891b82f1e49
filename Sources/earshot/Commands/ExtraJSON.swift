// The extras of a feed or an entry as JSON members: what only `earshot parse` shows, under the names that Python's
// feedparser made common.

import Feeds
import Foundation
import Model

/// Puts extras into a line.
enum ExtraJSON {
    static func add(_ extras: [Extra], to line: inout [String: Any]) {
        for extra in extras { add(extra, to: &line) }
    }

    private static func add(_ extra: Extra, to line: inout [String: Any]) {
        if let dot = extra.name.firstIndex(of: ".") {
            addNested(extra, at: dot, to: &line)
            return
        }
        switch extra.name {
        case "itunes_block": line[extra.name] = extra.text == "yes" ? 1 : 0
        case "itunes_explicit": line[extra.name] = explicit(extra.text)
        case "expired": line[extra.name] = extra.text == "true"
        case "avatar": addAvatar(extra.text, to: &line)
        case "contributors", "media_credit", "media_thumbnail", "links", "authors", "tags": append(extra, to: &line)
        case "publisher": addPublisher(extra, to: &line)
        case "generator": addGenerator(extra, to: &line)
        case "validity": addValidity(extra.text, to: &line)
        case "point": addPoint(extra.text, to: &line)
        case "rights", "info", "subtitle": addText(extra, to: &line)
        case "media_restriction":
            line[extra.name] = object(extra).merging(["content": extra.text.split(separator: " ").map(String.init)]) {
                $1
            }
        case "media_license", "media_rating", "media_player", "cloud", "thr_in-reply-to":
            line[extra.name] = object(extra)
        default: addPlain(extra, to: &line)
        }
    }

    private static func addNested(_ extra: Extra, at dot: String.Index, to line: inout [String: Any]) {
        let outer = String(extra.name[..<dot])
        var inner = line[outer] as? [String: Any] ?? [:]
        var rest = extra
        rest.name = String(extra.name[extra.name.index(after: dot)...])
        add(rest, to: &inner)
        line[outer] = inner
    }

    private static func addPlain(_ extra: Extra, to line: inout [String: Any]) {
        let isDate = extra.name.hasSuffix("_raw")
        line[extra.name] = extra.text
        guard isDate, let date = FeedDate(extra.text) else { return }
        let name = String(extra.name.dropLast("_raw".count))
        if line[name] == nil { line[name] = FeedJSON.seconds(date.date(dayFirst: true)) }
    }

    private static func object(_ extra: Extra) -> [String: Any] {
        var object: [String: Any] = extra.attributes
        if !extra.text.isEmpty { object["content"] = extra.text }
        return object
    }

    private static func append(_ extra: Extra, to line: inout [String: Any]) {
        let list = line[extra.name] as? [[String: Any]] ?? []
        line[extra.name] = list + [object(extra)]
    }

    private static func explicit(_ text: String) -> Bool? {
        switch text {
        case "yes", "true": true
        case "no", "clean", "false": false
        default: nil
        }
    }

    private static func addAvatar(_ avatar: String, to line: inout [String: Any]) {
        var authors = line["authors"] as? [[String: Any]] ?? []
        guard !authors.isEmpty else { return }
        authors[0]["image"] = avatar
        line["authors"] = authors
        line["author_parsed"] = authors[0]
    }

    private static func addPublisher(_ extra: Extra, to line: inout [String: Any]) {
        line["publisher"] = extra.attributes["name"] ?? extra.text
        line["publisher_detail"] = extra.attributes
    }

    private static func addGenerator(_ extra: Extra, to line: inout [String: Any]) {
        line["generator"] = extra.text
        var detail = ["name": extra.text]
        detail["href"] = extra.attributes["uri"] ?? extra.attributes["url"]
        detail["version"] = extra.attributes["version"]
        line["generator_detail"] = detail
    }

    /// `start=2002-10-13T09:00+01:00;end=…` (Dublin Core's period encoding).
    private static func addValidity(_ text: String, to line: inout [String: Any]) {
        for part in text.split(separator: ";") {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard pair.count == 2, pair[0] == "start" || pair[0] == "end" else { continue }
            line["validity_\(pair[0])_raw"] = pair[1]
            line["validity_\(pair[0])"] = FeedDate(pair[1]).map { FeedJSON.seconds($0.date(dayFirst: true)) }
        }
    }

    /// Latitude and longitude as written; GeoJSON wants them the other way round.
    private static func addPoint(_ text: String, to line: inout [String: Any]) {
        let numbers = text.split { $0.isWhitespace || $0 == "," }.compactMap { Double($0) }
        guard numbers.count == 2 else { return }
        line["where"] = ["type": "Point", "coordinates": [numbers[1], numbers[0]]] as [String: Any]
    }

    private static func addText(_ extra: Extra, to line: inout [String: Any]) {
        line[extra.name] = extra.text
        line["\(extra.name)_type"] = extra.attributes["type"]
        line["\(extra.name)_language"] = extra.attributes["language"]
        line["\(extra.name)_base"] = extra.attributes["base"]
        if let type = extra.attributes["type"] { line["\(extra.name)_detail"] = ["type": type, "value": extra.text] }
    }
}
