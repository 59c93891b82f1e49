// Small questions about bytes, shared by the readers of markup. All of them are bounded by the span they are given.

internal import CXML

/// Bytes with a meaning in markup.
enum Byte {
    static let less = UInt8(ascii: "<")
    static let greater = UInt8(ascii: ">")
    static let ampersand = UInt8(ascii: "&")
    static let semicolon = UInt8(ascii: ";")
    static let slash = UInt8(ascii: "/")
    static let dot = UInt8(ascii: ".")
    static let question = UInt8(ascii: "?")
    static let equals = UInt8(ascii: "=")
    static let quote = UInt8(ascii: "\"")
    static let apostrophe = UInt8(ascii: "'")
    static let bracket = UInt8(ascii: "]")
    static let carriageReturn = UInt8(ascii: "\r")
    static let hash = UInt8(ascii: "#")
    static let newline = UInt8(ascii: "\n")
    static let tab = UInt8(ascii: "\t")
    static let space = UInt8(ascii: " ")

    @inline(__always)
    static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    @inline(__always)
    static func isLetter(_ byte: UInt8) -> Bool {
        let lower = byte | 0x20
        return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
    }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    /// XML 1.0, production 4, without what lies beyond ASCII: no element of a feed is called so, but people write
    /// `<日本>` in text and mean the text.
    @inline(__always)
    static func startsName(_ byte: UInt8) -> Bool {
        isLetter(byte) || byte == UInt8(ascii: "_")
    }

    @inline(__always)
    static func isName(_ byte: UInt8) -> Bool {
        startsName(byte) || isDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
            || byte == UInt8(ascii: ":")
    }
}

extension Span<UInt8> {
    /// Whether `text` stands at `index`.
    @inline(__always)
    func has(_ text: StaticString, at index: Int) -> Bool {
        let length = text.utf8CodeUnitCount
        guard index + length <= count else { return false }
        for offset in 0..<length where self[index + offset] != text.utf8Start[offset] { return false }
        return true
    }

    /// Whether `text`, which is lower case, stands at `index` in any case.
    func hasIgnoringCase(_ text: StaticString, at index: Int) -> Bool {
        let length = text.utf8CodeUnitCount
        guard index + length <= count else { return false }
        for offset in 0..<length {
            let byte = self[index + offset]
            guard (Byte.isLetter(byte) ? byte | 0x20 : byte) == text.utf8Start[offset] else { return false }
        }
        return true
    }

    /// The index after the next `text` at or after `start`.
    package func end(of text: StaticString, from start: Int) -> Int? {
        guard start < count else { return nil }
        return withUnsafeBufferPointer { buffer in
            // The search stays within the two lengths it is given, and nothing of it is kept but an offset.
            guard let base = buffer.baseAddress else { return nil }
            let found = cxml_find(base + start, count - start, text.utf8Start, text.utf8CodeUnitCount)
            return found >= 0 ? start + found + text.utf8CodeUnitCount : nil
        }
    }

    /// The index of the next `byte` at or after `start`.
    package func index(of byte: UInt8, from start: Int) -> Int? {
        guard start < count else { return nil }
        return withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return nil }
            var byte = byte
            let found = cxml_find(base + start, count - start, &byte, 1)
            return found >= 0 ? start + found : nil
        }
    }

    /// Where `other` stands first. In time linear in both, whatever they hold.
    package func index(of other: Span<UInt8>) -> Int? {
        withUnsafeBufferPointer { bytes in
            other.withUnsafeBufferPointer { wanted in
                // The search stays within the two lengths it is given.
                guard let base = bytes.baseAddress, let start = wanted.baseAddress else {
                    return wanted.isEmpty ? 0 : nil
                }
                let found = cxml_find(base, bytes.count, start, wanted.count)
                return found >= 0 ? found : nil
            }
        }
    }

    /// The index of the first byte at or after `start` that is one of `stops`; `end` if there is none before.
    func next(_ stops: cxml_stops, from start: Int, to end: Int) -> Int {
        guard start < end else { return end }
        return extracting(start..<end).withUnsafeBufferPointer { buffer in
            // The scan stays within its count.
            buffer.baseAddress.map { start + cxml_scan($0, buffer.count, stops) } ?? end
        }
    }

    /// The index after the name that begins at `start`; `start` itself where none does.
    func nameEnd(from start: Int) -> Int {
        start + name(from: start).count
    }

    /// The length of the valid UTF-8 at the beginning.
    var validUTF8: Int {
        // The check stays within its count.
        withUnsafeBufferPointer { buffer in buffer.baseAddress.map { cxml_valid_utf8($0, buffer.count) } ?? 0 }
    }

    /// What is left without the white space around it.
    package var trimmed: Range<Int> {
        var start = 0
        var end = count
        while start < end, Byte.isSpace(self[start]) { start += 1 }
        while end > start, Byte.isSpace(self[end - 1]) { end -= 1 }
        return start..<end
    }

    var isASCII: Bool { next(cxml_beyond_ascii, from: 0, to: count) == count }

    /// The name that begins at `start`.
    @inline(__always)
    func name(from start: Int) -> cxml_name {
        guard start < count else { return cxml_name() }
        return extracting(start...).withUnsafeBufferPointer { buffer in
            // The scan stays within its count.
            buffer.baseAddress.map { cxml_scan_name($0, buffer.count) } ?? cxml_name()
        }
    }

    @inline(__always)
    func skipSpace(from start: Int) -> Int {
        var index = start
        while index < count, Byte.isSpace(self[index]) { index += 1 }
        return index
    }

    /// `<?xml` in any case, which XML allows only once and only at the very start.
    func hasXMLTarget(at index: Int) -> Bool {
        guard hasIgnoringCase("xml", at: index) else { return false }
        return index + 3 >= count || !Byte.isName(self[index + 3])
    }

    func hasDoctype(at index: Int) -> Bool {
        hasIgnoringCase("<!doctype", at: index)
    }

    /// The index after a DOCTYPE, internal subset and all, looked for in 64 KiB; one that is longer or never ends is
    /// taken to end at its first `>`.
    func doctypeEnd(from start: Int) -> Int {
        let limit = Swift.min(count, start + (64 << 10))
        var index = start
        var depth = 0
        while index < limit {
            switch self[index] {
            case UInt8(ascii: "["): depth += 1
            case Byte.bracket: depth -= 1
            case Byte.greater where depth <= 0: return index + 1
            default: break
            }
            index += 1
        }
        return end(of: ">", from: start) ?? count
    }

    /// Appends what stands at `start` to `output`, as far as it means itself and not beyond `end`, and returns where
    /// that ends. With `cxml_both` XML's own five references are resolved on the way.
    @inline(__always)
    func copy(to output: inout [UInt8], from start: Int, to end: Int, stops: cxml_stops) -> Int {
        guard start < end else { return end }
        return extracting(start..<end).withUnsafeBufferPointer { buffer in
            var copied = cxml_copied()
            output.append(addingCapacity: buffer.count) { output in
                output.withUnsafeMutableBufferPointer { room, used in
                    // The room behind what is used is as long as the buffer, which is as much as a copy can write.
                    guard let from = buffer.baseAddress, let to = room.baseAddress else { return }
                    copied = cxml_copy(from, buffer.count, stops, to + used)
                    used += copied.written
                }
            }
            return start + copied.read
        }
    }

    func text(in range: Range<Int>) -> String {
        extracting(range).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }
}
