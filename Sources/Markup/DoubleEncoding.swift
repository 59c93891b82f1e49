// UTF-8 that somebody took for Latin-1 or Windows-1252 and encoded again: "Ã©" for "é", "â€™" for "’". Seen in 30 of
// 4,253 wild feeds. It is put right text by text, and only where all of a text is of that kind, so that a text about it
// is mostly left alone.

package enum DoubleEncoding {
    /// How many runs of a document look like it.
    static func count(in text: Span<UInt8>) -> Int {
        var count = 0
        var index = 0
        while let found = text.index(of: 0xC3, from: index), found + 3 < text.count {
            index = found + 1
            guard begins(text, at: found) else { continue }
            count += 1
            while index < text.count, text[index] >= 0x80 { index += 1 }
        }
        return count
    }

    /// The text with every such run put right; `nil` if it holds none, or other characters beyond ASCII besides.
    package static func undone(_ text: String) -> String? {
        var text = text
        return text.withUTF8 { undone($0.span) }
    }

    private static func undone(_ text: Span<UInt8>) -> String? {
        guard count(in: text) > 0 else { return nil }
        var output: [UInt8] = []
        output.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            let start = index
            while index < text.count, text[index] < 0x80 { index += 1 }
            text.extracting(start..<index).withUnsafeBufferPointer { output.append(contentsOf: $0) }
            let run = index
            while index < text.count, text[index] >= 0x80 { index += 1 }
            guard run < index else { break }
            guard let original = original(text, run..<index) else { return nil }
            output += original
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// "Ã", "Â", "â" or another character that UTF-8's lead bytes turn into (U+00C2–U+00F4), then one that its
    /// continuation bytes turn into.
    private static func begins(_ text: Span<UInt8>, at index: Int) -> Bool {
        text[index] == 0xC3 && text[index + 1] >= 0x82 && text[index + 1] <= 0xB4
            && (text[index + 2] == 0xC2 || text[index + 2] >= 0xC5)
    }

    /// The bytes that Windows-1252 has for a run's characters, if those are UTF-8 again.
    private static func original(_ text: Span<UInt8>, _ run: Range<Int>) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(run.count / 2)
        for scalar in text.text(in: run).unicodeScalars {
            guard let byte = Windows1252.byte(scalar) else { return nil }
            bytes.append(byte)
        }
        return String(validating: bytes, as: UTF8.self) == nil ? nil : bytes
    }
}

extension Windows1252 {
    /// The byte for a character; `nil` for one that the code page does not have.
    static func byte(_ scalar: Unicode.Scalar) -> UInt8? {
        if scalar.value < 0x100 { return UInt8(scalar.value) }
        return bytes[scalar]
    }

    private static let bytes: [Unicode.Scalar: UInt8] = {
        var bytes: [Unicode.Scalar: UInt8] = [:]
        for byte in UInt8(0x80)...0x9F { bytes[scalar(byte)] = byte }
        return bytes
    }()
}
