// Any bytes become clean UTF-8: what decides the encoding, and what happens to bytes that make no sense in it.

import Testing

@testable import Markup

private func text(_ bytes: [UInt8], charset: String? = nil) -> (text: String, encoding: String, badBytes: Int) {
    let clean = CleanText(bytes, charset: charset, limit: 1 << 20)
    return (String(decoding: clean.bytes, as: UTF8.self), clean.encoding, clean.repairs.badBytes)
}

private func declared(_ encoding: String, _ bytes: [UInt8]) -> [UInt8] {
    Array("<?xml version=\"1.0\" encoding=\"\(encoding)\"?>".utf8) + bytes
}

@Suite struct `Clean text` {
    @Test func `a byte order mark beats every label`() {
        #expect(text([0xEF, 0xBB, 0xBF] + Array("é".utf8), charset: "windows-1251").text == "é")
        #expect(text([0xFF, 0xFE, 0x41, 0, 0xAC, 0x20], charset: "utf-8").text == "A€")
        #expect(text([0, 0, 0xFE, 0xFF, 0, 0, 0, 0x41]).encoding == "utf-32be")
    }

    @Test func `valid UTF-8 beats every label`() {
        let (text, encoding, _) = text(declared("iso-8859-1", Array("Citroën".utf8)), charset: "windows-1251")
        #expect(text.hasSuffix("Citroën"))
        #expect(encoding == "utf-8")
    }

    @Test func `the HTTP charset beats the declaration`() {
        let (text, encoding, _) = text(declared("iso-8859-1", [0xCF, 0xF0]), charset: "\"Windows-1251\"")
        #expect(text.hasSuffix("Пр"))
        #expect(encoding == "windows-1251")
    }

    @Test(
        arguments: [
            ("iso-8859-1", [0x80], "€"), ("us-ascii", [0x93], "“"),
            ("gb2312", [0xD6, 0xD0, 0x81, 0x30, 0x84, 0x36], "中¥"),
            ("shift_jis", [0x87, 0x40], "①"), ("euc-kr", [0xB0, 0xA1, 0x81, 0x41], "가갂"), ("tis-620", [0xA1], "ก"),
            ("koi8-r", [0xC1], "а"), ("macintosh", [0x8A], "ä"), ("big5", [0xA4, 0xA4], "中"), ("437", [0x80], "Ç"),
            ("iso-2022-jp", [0x1B, 0x24, 0x42, 0x46, 0x7C, 0x1B, 0x28, 0x42], "日"), ("latin-5", [0xDD], "İ"),
        ] as [(String, [UInt8], String)])
    func `labels mean what they mean on the web`(label: String, bytes: [UInt8], expected: String) {
        #expect(text(declared(label, bytes)).text.hasSuffix(">\(expected)"))
    }

    @Test func `a label that nobody knows, or that cannot be one, does no harm`() {
        for label in [
            "x-klingon", "UTF-8//TRANSLIT", "../../etc", "utf-7", "utf-16", String(repeating: "a", count: 99),
        ] {
            #expect(text(declared(label, [0x41, 0xE9])).text.hasSuffix("Aé"))
        }
    }

    @Test func `bad bytes in UTF-8 are read as Windows-1252 and the rest is kept`() {
        let (text, encoding, badBytes) = text(Array("“Café” ".utf8) + [0x93, 0xE9, 0x94] + Array(" é".utf8))
        #expect(text == "“Café” “é” é")
        #expect(encoding == "utf-8")
        #expect(badBytes == 3)
    }

    @Test func `bytes that are bad in a multibyte encoding do not end the text`() {
        let (text, _, badBytes) = text(declared("shift_jis", [0x93, 0xFA, 0xFF, 0x93, 0xFA]))
        #expect(text.hasSuffix("日ÿ日"))
        #expect(badBytes == 1)
    }

    /// By a label that only iconv knows: its converter writes units that no Unicode has.
    @Test(arguments: [[0xFF, 0xFF, 0xFF, 0x7F], [0x80, 0, 0x11, 0], [0, 0xD8, 0, 0]] as [[UInt8]])
    func `whatever iconv makes of it, it is valid UTF-8`(_ unit: [UInt8]) {
        let bytes: [UInt8] = [0x0A, 0, 0, 0] + unit + [0x41, 0, 0, 0]
        let clean = CleanText(bytes, charset: "UCS-4LE", limit: 1 << 20)
        #expect(String(validating: clean.bytes, as: UTF8.self) != nil)
        #expect(clean.repairs.badBytes > 0)
    }

    @Test func `a gzip body is inflated, and one that grows beyond the limit is cut`() {
        // gzip -9 of "hello hello hello hello\n".
        let member: [UInt8] = [
            0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x57, 0xC8, 0x40,
            0x27, 0xB9, 0x00, 0x00, 0x88, 0x59, 0x0B, 0x18, 0x00, 0x00, 0x00,
        ]
        let clean = CleanText(member, charset: nil, limit: 100)
        #expect(clean.wasCompressed)
        #expect(String(decoding: clean.bytes, as: UTF8.self).hasPrefix("hello hello"))
        #expect(CleanText(member, charset: nil, limit: 10).isCutShort)
        #expect(!CleanText([0x1F, 0x8B, 8, 1, 2, 3], charset: nil, limit: 10).wasCompressed)
    }

    @Test func `EBCDIC says so itself`() {
        let head: [UInt8] = [0x4C, 0x6F, 0xA7, 0x94, 0x93, 0x6F, 0x6E]
        #expect(text(head).text == "<?xml?>")
    }

    @Test func `text that was encoded twice is put right, other text is not`() {
        #expect(DoubleEncoding.undone("FÃ¶rderung â€žheuteâ€œ") == "Förderung „heute“")
        #expect(DoubleEncoding.undone("Straße") == nil)
        #expect(DoubleEncoding.undone("Ã© is what é turns into") == nil)
    }
}
