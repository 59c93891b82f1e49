// JSON by hand, byte for byte as `JSONEncoder.earshot` writes it and several times as fast, for what is written at
// every mention and every delivery. Keys stand in order; whoever calls sees to that.

package import FoundationEssentials
import Glibc

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
            guard letters.contains(where: Self.mustEscape) else { return bytes.append(contentsOf: letters) }
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

    /// A time as RFC 3339 in UTC, in whole seconds.
    package mutating func date(_ date: Date) {
        raw("\"")
        if let parts = Self.parts(of: date) {
            digits(parts.tm_year + 1_900, from: 1_000, "-")
            digits(parts.tm_mon + 1, from: 10, "-")
            digits(parts.tm_mday, from: 10, "T")
            digits(parts.tm_hour, from: 10, ":")
            digits(parts.tm_min, from: 10, ":")
            digits(parts.tm_sec, from: 10, "Z")
        } else {
            raw(date.formatted(.iso8601))
        }
        raw("\"")
    }

    /// `nil` but in the years 1583 to 9999, in which all calendars agree and have four digits.
    private static func parts(of date: Date) -> tm? {
        let seconds = date.timeIntervalSince1970.rounded(.down)
        guard (-12_212_553_600..<253_402_300_800).contains(seconds) else { return nil }
        var (time, parts) = (time_t(seconds), tm())
        return gmtime_r(&time, &parts) == nil ? nil : parts
    }

    private mutating func digits(_ number: Int32, from highest: Int32, _ end: Unicode.Scalar) {
        var place = highest
        while place > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(number / place % 10))
            place /= 10
        }
        bytes.append(UInt8(ascii: end))
    }
}
