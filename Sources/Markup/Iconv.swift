// The one place that calls iconv. It owns a conversion descriptor for the length of one document and hands out
// Swift arrays; no pointer leaves this file.

internal import Glibc

/// A conversion from one encoding to UTF-8. Bytes that are invalid in the encoding are read as Windows-1252.
struct Iconv: ~Copyable {
    private let descriptor: iconv_t

    /// `nil` if iconv does not know the encoding.
    init?(_ charset: Charset) {
        guard let opened = iconv_open("UTF-8", charset.iconvName), opened != iconv_t(bitPattern: -1) else { return nil }
        descriptor = opened
    }

    deinit { iconv_close(descriptor) }

    /// Everything as UTF-8, and how many bytes had to be read as Windows-1252.
    func convert(_ bytes: Span<UInt8>) -> (text: [UInt8], badBytes: Int) {
        bytes.withUnsafeBufferPointer { source in
            var text: [UInt8] = []
            // Most text is Latin, which grows little; the rest grows the array a few times.
            text.reserveCapacity(source.count + source.count / 4)
            var next = 0
            var badBytes = 0
            while next < source.count {
                next += step(UnsafeBufferPointer(rebasing: source[next...]), into: &text)
                // It stopped at a byte that it cannot read, or at a character cut off by the end.
                guard next < source.count else { break }
                if errno == E2BIG { continue }
                text.append(contentsOf: Windows1252.utf8(source[next]))
                badBytes += 1
                next += 1
                iconv(descriptor, nil, nil, nil, nil)
            }
            return (text, badBytes)
        }
    }

    /// Converts until the input, the room or the sense gives out, and returns how many bytes it took.
    private func step(_ source: UnsafeBufferPointer<UInt8>, into text: inout [UInt8]) -> Int {
        guard let start = source.baseAddress else { return 0 }
        // iconv's signature wants a mutable pointer, but POSIX has it never write to the input.
        var input: UnsafeMutablePointer<CChar>? = UnsafeMutableRawPointer(mutating: start)
            .assumingMemoryBound(to: CChar.self)
        var left = source.count
        // Four bytes of UTF-8 at most for a byte; in steps, so that a hostile size costs no memory at once.
        let room = min(source.count * 4, 1 << 20)
        let produced = [UInt8](unsafeUninitializedCapacity: max(room, 8)) { buffer, count in
            var output: UnsafeMutablePointer<CChar>? = UnsafeMutableRawPointer(buffer.baseAddress)?
                .assumingMemoryBound(to: CChar.self)
            var free = buffer.count
            errno = 0
            iconv(descriptor, &input, &left, &output, &free)
            count = buffer.count - free
        }
        text += produced
        return source.count - left
    }
}

/// The encoding that stray bytes are in, more often than not.
enum Windows1252 {
    /// The character at a byte, the C1 control where the code page has a hole (as WHATWG decodes it).
    static func scalar(_ byte: UInt8) -> Unicode.Scalar {
        guard byte >= 0x80, byte < 0xA0 else { return Unicode.Scalar(byte) }
        return Unicode.Scalar(high[Int(byte) - 0x80]) ?? "\u{FFFD}"
    }

    static func utf8(_ byte: UInt8) -> [UInt8] {
        Array(String(Character(scalar(byte))).utf8)
    }

    private static let high: [UInt16] = [
        0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,
        0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
        0x0153, 0x9D, 0x017E, 0x0178,
    ]
}
