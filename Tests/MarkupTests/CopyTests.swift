// Copying text resolves what means something else, and checking it finds the first byte that is no UTF-8.

import CXML
import Testing

@testable import Markup

private func copy(_ text: String, stops: cxml_stops = cxml_both) -> (copied: String, end: Int) {
    var output: [UInt8] = Array(">".utf8)
    let input = Array(text.utf8)
    let end = input.span.copy(to: &output, from: 0, to: input.count, stops: stops)
    return (String(decoding: output.dropFirst(), as: UTF8.self), end)
}

@Suite struct `Copying` {
    @Test(arguments: [0, 1, 10, 11, 12, 15, 16, 17, 40])
    func `resolves XML's references wherever they stand, and stops at everything else`(length: Int) {
        let filling = String(repeating: "x", count: length)
        for (written, meant) in [
            ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;lt;", "&lt;"),
            ("&lt;&gt;", "<>"),
        ] {
            let text = filling + written + filling
            #expect(copy(text) == (filling + meant + filling, text.utf8.count))
            #expect(copy(text, stops: cxml_suspects) == (text, text.utf8.count))
        }
        for stop in ["<b>", "&", "&lt", "&#60;", "&nbsp;", "&l", "\r\n", "\u{1}", "\u{92}", "\u{FEFF}"] {
            #expect(copy(filling + stop + filling) == (filling, length))
        }
    }

    @Test func `an end inside a reference is the end`() {
        var output: [UInt8] = []
        let input = Array("a&lt;b".utf8)
        #expect(input.span.copy(to: &output, from: 0, to: 3, stops: cxml_both) == 1)
        #expect(output == Array("a".utf8))
    }
}

@Suite struct `Valid UTF-8` {
    /// Swift's own check is slower and right.
    private func expected(_ bytes: [UInt8]) -> Int {
        do throws(UTF8.ValidationError) {
            return try UTF8Span(validating: bytes.span).count
        } catch {
            return error.byteOffsets.lowerBound
        }
    }

    @Test func `ends before the first byte that makes no character`() {
        let leads: [UInt8] = [
            0x41, 0x80, 0xBF, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF,
        ]
        let others: [UInt8] = [0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0]
        var wrong: [[UInt8]] = []
        for first in leads {
            for second in others {
                for rest in [[], [0x41], [0x80], [0x80, 0x41], [0xBF, 0x80], [0xC0, 0x80]] as [[UInt8]] {
                    let bytes = [first, second] + rest
                    if bytes.span.validUTF8 != expected(bytes) { wrong.append(bytes) }
                }
            }
        }
        #expect(wrong.isEmpty)
    }

    @Test func `is found behind any length of ASCII`() {
        for length in 0..<40 {
            let text = Array(String(repeating: "a", count: length).utf8)
            #expect((text + [0xC3, 0xA9]).span.validUTF8 == length + 2)
            #expect((text + [0xC3]).span.validUTF8 == length)
            #expect((text + [0xE9] + text).span.validUTF8 == length)
            #expect(text.span.isASCII && !(text + [0xC3, 0xA9]).span.isASCII)
        }
    }
}
