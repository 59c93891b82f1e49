// The scan for the bytes that end a run of text finds the first of them, wherever it stands.

import CXML
import Testing

@testable import Markup

private func stops(_ byte: UInt8, _ stops: cxml_stops) -> Bool {
    guard stops != cxml_beyond_ascii else { return byte >= 0x80 }
    let isMarkup = byte == UInt8(ascii: "<") || byte == UInt8(ascii: "&")
    let isSuspect = byte < 0x20 && byte != 0x0A && byte != 0x09 || byte == 0xC2 || byte == 0xEF
    guard stops != cxml_in_string else {
        return byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }
    let isQuote = byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
    return isMarkup && stops != cxml_suspects || isSuspect && stops != cxml_markup || isQuote && stops == cxml_in_value
}

@Suite struct `Scanning` {
    @Test(arguments: [0, 1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 48, 70])
    func `finds every byte that stops it, at every place, and no other`(length: Int) {
        for kind in [cxml_markup, cxml_suspects, cxml_both, cxml_in_value, cxml_beyond_ascii, cxml_in_string] {
            for byte in UInt8.min...UInt8.max {
                let missed = (0..<length).filter { place in
                    var text = [UInt8](repeating: UInt8(ascii: "x"), count: length)
                    text[place] = byte
                    return text.span.next(kind, from: 0, to: length) != (stops(byte, kind) ? place : length)
                }
                #expect(missed.isEmpty)
            }
            let plain: UInt8 = kind == cxml_beyond_ascii ? 0x7F : 0xFF
            #expect([UInt8](repeating: plain, count: length).span.next(kind, from: 0, to: length) == length)
        }
    }

    @Test func `looks neither before its start nor behind its end`() {
        let text = Array("<<<<<<<<a<<<<<<<<<<<<<<<<<<<<".utf8)
        #expect(text.span.next(cxml_markup, from: 8, to: 9) == 9)
        #expect(text.span.next(cxml_markup, from: 9, to: 9) == 9)
    }
}
