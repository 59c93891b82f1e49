// JSON as found in the wild, lenient where it can be: NaN and Infinity, comments, commas too many, control characters
// in strings, and documents that break off, of which everything before the break is kept. Depth and count are bounded,
// numbers keep the digits they were written with. One pass over bytes; never recursive beyond its depth limit.

internal import CXML

/// A JSON value. Nothing in it is boxed: lists of numbers are what a stranger can write most of.
package enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    /// As written: an id may have more digits than a Double holds.
    case number(String)
    case string(String)
    case array([JSONValue])
    /// The last of equal keys counts.
    case object([String: JSONValue])

    package subscript(_ key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[key]
    }

    package var string: String? {
        guard case .string(let string) = self else { return nil }
        return string
    }

    package var array: [JSONValue]? {
        guard case .array(let array) = self else { return nil }
        return array
    }

    package var isObject: Bool {
        guard case .object = self else { return false }
        return true
    }
}

/// What could be read of a JSON document.
package struct JSONDocument: Sendable {
    package var value: JSONValue
    /// Whether something had to be forgiven: a stray comma, a comment, a document that breaks off.
    package var isRepaired: Bool
    /// Whether it nests deeper than the limit, so that what lies deeper is missing.
    package var isTooDeep: Bool
    /// Whether it has more values than the limit, so that it was read as if it broke off there.
    package var isTooLarge: Bool

    /// Values of one document, lists and objects included: 16 bytes each, and what is in them, where two bytes of the
    /// document can make one.
    package static let mostValues = 1_000_000

    /// Deepest seen in feeds and in structured data: below 20.
    static let depthLimit = 128

    /// The same for JSON inside a string.
    package init?(text: String) {
        var text = text
        guard let document = text.withUTF8({ JSONDocument($0.span) }) else { return nil }
        self = document
    }

    /// `nil` if the text does not begin with an object or an array.
    /// - Parameters:
    ///   - text: clean UTF-8.
    ///   - mostValues: where it is cut off.
    package init?(_ text: Span<UInt8>, mostValues: Int = Self.mostValues) {
        var parser = JSONParser(valuesLeft: mostValues)
        let start = parser.skip(text, from: 0)
        guard start < text.count, text[start] == UInt8(ascii: "{") || text[start] == UInt8(ascii: "[") else {
            return nil
        }
        var index = start
        value = parser.value(text, &index, depth: 0)
        let rest = parser.skip(text, from: index)
        isRepaired = parser.isRepaired || rest < text.count
        isTooDeep = parser.isTooDeep
        isTooLarge = parser.isTooLarge
    }
}

/// The pass over one document.
private struct JSONParser {
    var valuesLeft: Int
    var isRepaired = false
    var isTooDeep = false
    var isTooLarge = false

    private static let comma = UInt8(ascii: ",")
    private static let colon = UInt8(ascii: ":")
    private static let backslash = UInt8(ascii: "\\")

    /// Past white space, comments and byte order marks.
    mutating func skip(_ text: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index < text.count {
            if Byte.isSpace(text[index]) {
                index += 1
            } else if text[index] == Byte.slash, text.has("//", at: index) || text.has("/*", at: index) {
                isRepaired = true
                let isLine = text.has("//", at: index)
                index = text.end(of: isLine ? "\n" : "*/", from: index + 2) ?? text.count
            } else {
                break
            }
        }
        return index
    }

    /// One value; `null` where there is none to be read. `index` always moves on, or stands at the end.
    mutating func value(_ text: Span<UInt8>, _ index: inout Int, depth: Int) -> JSONValue {
        index = skip(text, from: index)
        guard index < text.count else {
            isRepaired = true
            return .null
        }
        guard valuesLeft > 0 else {
            isTooLarge = true
            isRepaired = true
            index = text.count
            return .null
        }
        valuesLeft -= 1
        switch text[index] {
        case UInt8(ascii: "{"): return object(text, &index, depth: depth)
        case UInt8(ascii: "["): return array(text, &index, depth: depth)
        case Byte.quote: return .string(string(text, &index))
        default: return word(text, &index)
        }
    }

    private mutating func object(_ text: Span<UInt8>, _ index: inout Int, depth: Int) -> JSONValue {
        guard depth < JSONDocument.depthLimit else { return tooDeep(text, &index) }
        var members: [String: JSONValue] = [:]
        index += 1
        while let next = item(text, &index, end: UInt8(ascii: "}"), isFirst: members.isEmpty) {
            guard next == Byte.quote else {
                isRepaired = true
                index += 1
                continue
            }
            let key = string(text, &index)
            index = skip(text, from: index)
            guard index < text.count, text[index] == Self.colon else {
                isRepaired = true
                continue
            }
            index += 1
            members[key] = value(text, &index, depth: depth + 1)
        }
        return .object(members)
    }

    private mutating func array(_ text: Span<UInt8>, _ index: inout Int, depth: Int) -> JSONValue {
        guard depth < JSONDocument.depthLimit else { return tooDeep(text, &index) }
        var items: [JSONValue] = []
        index += 1
        while item(text, &index, end: UInt8(ascii: "]"), isFirst: items.isEmpty) != nil {
            items.append(value(text, &index, depth: depth + 1))
        }
        return .array(items)
    }

    /// Stands at the next item and returns its first byte; `nil` after the end, or at the document's.
    private mutating func item(_ text: Span<UInt8>, _ index: inout Int, end: UInt8, isFirst: Bool) -> UInt8? {
        var commas = 0
        while true {
            index = skip(text, from: index)
            guard index < text.count else {
                isRepaired = true
                return nil
            }
            if text[index] == Self.comma {
                commas += 1
                index += 1
            } else if text[index] == UInt8(ascii: "}") || text[index] == UInt8(ascii: "]") {
                // The wrong bracket ends it too: "[1, 2}" has lost one, and the outer value must not end twice.
                if text[index] != end || commas > 0 { isRepaired = true }
                if text[index] == end { index += 1 }
                return nil
            } else {
                if commas != (isFirst ? 0 : 1) { isRepaired = true }
                return text[index]
            }
        }
    }

    /// Steps over everything that lies too deep, brackets counted and strings respected.
    private mutating func tooDeep(_ text: Span<UInt8>, _ index: inout Int) -> JSONValue {
        isTooDeep = true
        var depth = 0
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case Byte.quote:
                index = stringEnd(text, from: index)
                continue
            default: break
            }
            index += 1
            if depth == 0 { break }
        }
        return .null
    }

    /// true, false, null, a number, or whatever else stands there, taken as text.
    private mutating func word(_ text: Span<UInt8>, _ index: inout Int) -> JSONValue {
        let start = index
        while index < text.count, !Self.endsWord(text[index]) { index += 1 }
        // A byte that can begin nothing would hold the pass up.
        if index == start { index += 1 }
        switch text.text(in: start..<index) {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null": return .null
        case let word:
            let first = text[start]
            if !Byte.isDigit(first), first != UInt8(ascii: "-") { isRepaired = true }
            return .number(String(word.prefix(64)))
        }
    }

    private static func endsWord(_ byte: UInt8) -> Bool {
        switch byte {
        case comma, colon, Byte.quote, UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"): true
        default: Byte.isSpace(byte)
        }
    }

    // MARK: Strings

    /// The index after the string that begins at `start`.
    private func stringEnd(_ text: Span<UInt8>, from start: Int) -> Int {
        var index = text.next(cxml_in_string, from: start + 1, to: text.count)
        while index < text.count, text[index] != Byte.quote {
            index = text.next(cxml_in_string, from: index + (text[index] == Self.backslash ? 2 : 1), to: text.count)
        }
        return min(index + 1, text.count)
    }

    private mutating func string(_ text: Span<UInt8>, _ index: inout Int) -> String {
        let start = index + 1
        let end = stringEnd(text, from: index)
        let isClosed = end > start && text[end - 1] == Byte.quote
        if !isClosed { isRepaired = true }
        index = end
        return unescaped(text, start..<max(start, isClosed ? end - 1 : end))
    }

    private mutating func unescaped(_ text: Span<UInt8>, _ range: Range<Int>) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            let plain = index..<text.next(cxml_in_string, from: index, to: range.upperBound)
            text.extracting(plain).withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
            index = plain.upperBound
            guard index < range.upperBound else { break }
            if text[index] == Self.backslash, index + 1 < range.upperBound {
                index = escape(text, at: index, in: range, into: &bytes)
            } else {
                // Line breaks are kept though JSON forbids them; other controls and NUL are for nobody.
                if text[index] >= 0x20 || Byte.isSpace(text[index]) { bytes.append(text[index]) }
                index += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// RFC 8259, 7. Returns the index after the escape.
    private mutating func escape(_ text: Span<UInt8>, at index: Int, in range: Range<Int>, into bytes: inout [UInt8])
        -> Int
    {
        switch text[index + 1] {
        case UInt8(ascii: "n"): bytes.append(Byte.newline)
        case UInt8(ascii: "t"): bytes.append(UInt8(ascii: "\t"))
        case UInt8(ascii: "r"): bytes.append(UInt8(ascii: "\r"))
        case UInt8(ascii: "b"), UInt8(ascii: "f"): bytes.append(Byte.space)
        case UInt8(ascii: "u"): return unicode(text, at: index, in: range, into: &bytes)
        case let byte: bytes.append(byte)
        }
        return index + 2
    }

    private mutating func unicode(_ text: Span<UInt8>, at index: Int, in range: Range<Int>, into bytes: inout [UInt8])
        -> Int
    {
        guard let high = hex(text, from: index + 2, in: range) else {
            isRepaired = true
            return index + 2
        }
        if (0xD800..<0xDC00).contains(high), index + 11 < range.upperBound, text.has("\\u", at: index + 6),
            let low = hex(text, from: index + 8, in: range), (0xDC00..<0xE000).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        {
            bytes.append(contentsOf: String(Character(scalar)).utf8)
            return index + 12
        }
        if let scalar = Unicode.Scalar(high), Special.isAllowed(scalar) {
            bytes.append(contentsOf: String(Character(scalar)).utf8)
        } else {
            isRepaired = true
        }
        return index + 6
    }

    private func hex(_ text: Span<UInt8>, from start: Int, in range: Range<Int>) -> UInt32? {
        guard start + 4 <= range.upperBound else { return nil }
        return UInt32(text.text(in: start..<start + 4), radix: 16)
    }
}
