// One match as a JSON line. Written by hand: JSONEncoder takes longer for a match than finding it does.

import Matching
import Model

/// A query that matched a document, and where.
struct MatchLine {
    var doc: String
    var query: String
    var matches: [Match]

    /// Appends `{"doc":…,"query":…,"spans":[{"end":…,"field":…,"start":…,"text":…}]}` and a line feed.
    func write(to output: inout [UInt8]) {
        output += "{\"doc\":".utf8
        Self.write(doc, to: &output)
        output += ",\"query\":".utf8
        Self.write(query, to: &output)
        output += ",\"spans\":[".utf8
        for (index, match) in matches.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            output += "{\"end\":\(match.scalars.upperBound),\"field\":\"\(match.field.rawValue)\"".utf8
            output += ",\"start\":\(match.scalars.lowerBound),\"text\":".utf8
            Self.write(match.text, to: &output)
            output.append(UInt8(ascii: "}"))
        }
        output += "]}\n".utf8
    }

    /// Appends a string, escaped (RFC 8259 §7).
    private static func write(_ text: String, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
            case 0x0A: output += "\\n".utf8
            case 0x09: output += "\\t".utf8
            case 0x0D: output += "\\r".utf8
            case 0..<0x20:
                let digits = String(byte, radix: 16)
                output += "\\u00\(byte < 0x10 ? "0" : "")\(digits)".utf8
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }
}
