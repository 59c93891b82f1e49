// JSON by hand, byte for byte as `JSONEncoder.earshot` writes it and several times as fast, for what is written at every
// mention and every delivery. Keys stand in order; whoever calls sees to that.

package import FoundationEssentials

/// Bytes of JSON, one value after the other.
package struct JSONWriter {
    package private(set) var bytes: [UInt8] = []

    package init(capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    /// What is JSON already.
    package mutating func raw(_ text: String) {
        bytes += text.utf8
    }

    package mutating func raw(_ json: [UInt8]) {
        bytes += json
    }

    /// What `write` makes of each element, with commas between.
    package mutating func list<Element>(_ elements: [Element], _ write: (inout JSONWriter, Element) -> Void) {
        for (index, element) in elements.enumerated() {
            if index > 0 { raw(",") }
            write(&self, element)
        }
    }

    /// A text, or `null`.
    package mutating func text(_ text: String?) {
        guard var text else { return raw("null") }
        raw("\"")
        text.withUTF8 { letters in
            var start = 0
            for (index, letter) in letters.enumerated() where Self.mustEscape(letter) {
                bytes += letters[start..<index]
                escape(letter)
                start = index + 1
            }
            bytes += letters[start...]
        }
        raw("\"")
    }

    private static func mustEscape(_ letter: UInt8) -> Bool {
        letter < 0x20 || letter == UInt8(ascii: "\"") || letter == UInt8(ascii: "\\")
    }

    private mutating func escape(_ letter: UInt8) {
        switch letter {
        case 0x08: raw("\\b")
        case 0x09: raw("\\t")
        case 0x0A: raw("\\n")
        case 0x0C: raw("\\f")
        case 0x0D: raw("\\r")
        case 0x00..<0x10: raw("\\u000" + String(letter, radix: 16))
        case 0x10..<0x20: raw("\\u00" + String(letter, radix: 16))
        default: bytes += [UInt8(ascii: "\\"), letter]
        }
    }

    /// A time as RFC 3339 in UTC.
    package mutating func date(_ date: Date) {
        raw("\"")
        raw(date.formatted(.iso8601))
        raw("\"")
    }
}
