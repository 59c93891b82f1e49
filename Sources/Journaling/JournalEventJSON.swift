// The bytes of a journal line. Those that come with every mention and every delivery are written by hand, byte for byte
// as the encoder would write them.

package import FoundationEssentials
import Model

extension JournalEvent {
    /// The line's bytes, as the store keeps them until the journal has them.
    package func encoded() throws -> [UInt8] {
        switch happening {
        case .mention(let mention): return Self.line(mention: mention.json, at: time)
        case .delivery(let report):
            var json = JSONWriter(capacity: 256)
            json.raw("{\"delivery\":")
            report.write(to: &json)
            json.raw(",\"event\":\"delivery\"")
            json.end(at: time)
            return json.bytes
        case .alert(let report) where report.spike == nil:
            var json = JSONWriter(capacity: 256 + 40 * report.mentions.count)
            json.raw("{\"alert\":")
            report.write(to: &json)
            json.raw(",\"event\":\"alert\"")
            json.end(at: time)
            return json.bytes
        default: return [UInt8](try JSONEncoder.earshot.encode(self))
        }
    }

    /// The line of a mention that is JSON already; the same as if the event was encoded.
    package static func line(mention: [UInt8], at time: Date) -> [UInt8] {
        var json = JSONWriter(capacity: mention.count + 72)
        json.raw("{\"event\":\"mention\",\"mention\":")
        json.raw(mention)
        json.end(at: time)
        return json.bytes
    }
}

extension JSONWriter {
    /// The line's last member.
    fileprivate mutating func end(at time: Date) {
        raw(",\"time\":")
        date(time)
        raw("}")
    }
}

extension JournalEvent.DeliveryReport {
    fileprivate func write(to json: inout JSONWriter) {
        json.raw("{\"attempt\":")
        json.raw(String(attempt))
        json.raw(",")
        if let due {
            json.raw("\"due\":")
            json.date(due)
            json.raw(",")
        }
        if let from {
            json.raw("\"from\":")
            json.text(from)
            json.raw(",")
        }
        json.raw("\"id\":")
        json.text(id)
        if let reason {
            json.raw(",\"reason\":")
            json.text(reason)
        }
        json.raw(",\"receiver\":")
        json.text(receiver)
        json.raw(",\"verdict\":")
        json.text(verdict)
        json.raw("}")
    }
}

extension JournalEvent.AlertReport {
    /// Of one without figures of a spike.
    fileprivate func write(to json: inout JSONWriter) {
        json.raw("{\"id\":")
        json.text(id)
        json.raw(",\"kind\":\"\(kind.rawValue)\",\"mentions\":[")
        json.list(mentions) { $0.text($1) }
        json.raw("],\"receiver\":")
        json.text(receiver)
        json.raw(",\"route\":")
        json.text(route)
        if let status { json.raw(",\"status\":\"\(status.rawValue)\"") }
        json.raw("}")
    }
}
