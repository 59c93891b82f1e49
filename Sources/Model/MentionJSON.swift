// The JSON of a mention, byte for byte as `JSONEncoder.earshot` writes it and several times as fast: it is written for
// every mention, once, and goes from there into the journal, the groups and the payloads.

import FoundationEssentials

extension Mention {
    /// The mention as JSON: keys in order, times as RFC 3339 in UTC.
    package var json: [UInt8] {
        var json = JSONWriter(capacity: entry.text.utf8.count + 1_024)
        write(to: &json)
        return json.bytes
    }

    private func write(to json: inout JSONWriter) {
        json.raw("{\"edited\":\(edited),\"entry\":")
        entry.write(to: &json)
        json.raw(",\"found\":")
        json.date(found)
        json.raw(",\"id\":")
        json.text(id)
        json.raw(",\"labels\":{")
        json.list(labels.sorted { $0.key < $1.key }) { json, label in
            json.text(label.key)
            json.raw(":")
            json.text(label.value)
        }
        json.raw("},\"matches\":[")
        json.list(matches) { json, place in
            json.raw("{\"end\":\(place.end),\"field\":\"\(place.field.rawValue)\",\"start\":\(place.start),\"text\":")
            json.text(place.text)
            json.raw("}")
        }
        json.raw("],\"signals\":[")
        json.list(signals) { json, signal in
            json.raw("{\"name\":")
            json.text(signal.name)
            json.raw(",\"words\":[")
            json.list(signal.words) { $0.text($1) }
            json.raw("]}")
        }
        json.raw("],\"source\":{\"kind\":\"\(source.kind.rawValue)\",\"name\":")
        json.text(source.name)
        json.raw(",\"url\":")
        json.text(source.url)
        if let story {
            json.raw("},\"story\":")
            json.text(story)
            json.raw(",\"watch\":")
        } else {
            json.raw("},\"watch\":")
        }
        json.text(watch)
        json.raw("}")
    }
}

extension Mention.Text {
    fileprivate func write(to json: inout JSONWriter) {
        json.raw("{\"author\":")
        json.text(author)
        json.raw(",\"id\":")
        json.text(id)
        json.raw(",\"kind\":")
        json.text(kind?.rawValue)
        json.raw(",\"language\":")
        json.text(language)
        json.raw(",\"link\":")
        json.text(link)
        json.raw(",\"published\":")
        if let published { json.date(published) } else { json.raw("null") }
        json.raw(",\"rating\":")
        json.raw(rating.map { rating in Int(exactly: rating).map(String.init) ?? "\(rating)" } ?? "null")
        json.raw(",\"replyTo\":")
        json.text(replyTo)
        json.raw(",\"text\":")
        json.text(text)
        json.raw(",\"thread\":")
        json.text(thread)
        json.raw(",\"title\":")
        json.text(title)
        json.raw("}")
    }
}
