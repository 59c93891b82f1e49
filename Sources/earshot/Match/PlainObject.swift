// A JSON object that holds nothing but strings, which is what nearly every line of queries and documents is. Reads only
// that, several times as fast as JSONDecoder; whoever gets `nil` asks JSONDecoder, which knows what is wrong.

/// The members of a JSON object of strings (RFC 8259 §4).
struct PlainObject {
    private(set) var members: [(name: String, value: String)] = []

    /// - Returns: `nil` for anything else than an object of strings, and for a name that stands twice.
    init?(_ line: ArraySlice<UInt8>) {
        var reader = PlainReader(line)
        guard reader.take(UInt8(ascii: "{")) else { return nil }
        repeat {
            guard let name = reader.readString(), reader.take(UInt8(ascii: ":")), let value = reader.readString(),
                self[name] == nil
            else { return nil }
            members.append((name, value))
        } while reader.take(UInt8(ascii: ","))
        guard reader.take(UInt8(ascii: "}")), reader.isAtEnd else { return nil }
    }

    subscript(_ name: String) -> String? {
        members.first { $0.name == name }?.value
    }
}

/// Reads strings and single characters, white space before them skipped.
private struct PlainReader {
    private let bytes: ArraySlice<UInt8>
    private var position: Int
    /// A string's bytes, when it holds escapes.
    private var unescaped: [UInt8] = []

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    var isAtEnd: Bool {
        mutating get {
            skipSpace()
            return position == bytes.endIndex
        }
    }

    mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard position < bytes.endIndex, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while position < bytes.endIndex, [0x20, 0x09, 0x0D, 0x0A].contains(bytes[position]) { position += 1 }
    }

    /// A string between quotes; `nil` for one that is not valid UTF-8 or not well escaped.
    mutating func readString() -> String? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = position
        skipPlain()
        guard position < bytes.endIndex else { return nil }
        if bytes[position] == UInt8(ascii: "\"") {
            defer { position += 1 }
            return String(validating: bytes[start..<position], as: UTF8.self)
        }
        unescaped.removeAll(keepingCapacity: true)
        unescaped += bytes[start..<position]
        while position < bytes.endIndex, bytes[position] == UInt8(ascii: "\\") {
            position += 1
            guard readEscape() else { return nil }
            let plain = position
            skipPlain()
            unescaped += bytes[plain..<position]
        }
        guard position < bytes.endIndex, bytes[position] == UInt8(ascii: "\"") else { return nil }
        position += 1
        return String(validating: unescaped, as: UTF8.self)
    }

    /// Moves to the next quote, backslash or control character.
    private mutating func skipPlain() {
        while position < bytes.endIndex {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { return }
            position += 1
        }
    }

    /// Reads what follows a backslash.
    private mutating func readEscape() -> Bool {
        guard position < bytes.endIndex else { return false }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): unescaped.append(byte)
        case UInt8(ascii: "n"): unescaped.append(0x0A)
        case UInt8(ascii: "t"): unescaped.append(0x09)
        case UInt8(ascii: "r"): unescaped.append(0x0D)
        case UInt8(ascii: "b"): unescaped.append(0x08)
        case UInt8(ascii: "f"): unescaped.append(0x0C)
        case UInt8(ascii: "u"): return readScalar()
        default: return false
        }
        return true
    }

    /// Reads `00e9`, or the two halves of a surrogate pair.
    private mutating func readScalar() -> Bool {
        guard var value = readHex() else { return false }
        if value & 0xFC00 == 0xD800 {
            guard position + 1 < bytes.endIndex, bytes[position] == UInt8(ascii: "\\"),
                bytes[position + 1] == UInt8(ascii: "u")
            else { return false }
            position += 2
            guard let low = readHex(), low & 0xFC00 == 0xDC00 else { return false }
            value = 0x10000 + (value & 0x3FF) << 10 + (low & 0x3FF)
        }
        guard let scalar = Unicode.Scalar(value) else { return false }
        unescaped += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
        return true
    }

    private mutating func readHex() -> UInt32? {
        guard position + 4 <= bytes.endIndex else { return nil }
        var value: UInt32 = 0
        for byte in bytes[position..<position + 4] {
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
            case 0x41...0x46, 0x61...0x66: value = value << 4 | UInt32((byte | 0x20) - 0x57)
            default: return nil
            }
        }
        position += 4
        return value
    }
}
