// What an ampersand begins, and which characters a document may not hold: one look at one place, no state.

/// A character reference, or an ampersand that begins none.
struct CharacterReference {
    enum Kind {
        /// XML knows it; it may stay as it is.
        case sound
        /// HTML knows it: `&nbsp;`, or a number that only HTML reads.
        case named
        /// A name that nobody knows; a number that is no character; an ampersand alone.
        case unknown, bad, bare
    }

    var kind: Kind
    /// The index after the reference; after the ampersand where there is none.
    var end: Int
    /// What it stands for, if it stands for anything.
    var scalar: Unicode.Scalar?

    private init(_ kind: Kind, end: Int, _ scalar: Unicode.Scalar? = nil) {
        self.kind = kind
        self.end = end
        self.scalar = scalar
    }

    /// What to write in its place where text is escaped.
    var escaped: String {
        switch scalar {
        case nil: kind == .bad ? "" : "&amp;"
        case "&": "&amp;"
        case "<": "&lt;"
        case "\"": "&quot;"
        case let scalar?: String(Character(scalar))
        }
    }

    /// Looks at the ampersand at `index`, at most 40 bytes far.
    static func look(_ input: Span<UInt8>, at index: Int) -> CharacterReference {
        guard index + 1 < input.count else { return CharacterReference(.bare, end: index + 1) }
        if let found = predefined(input, at: index + 1) { return found }
        return input[index + 1] == Byte.hash ? numeric(input, at: index) : named(input, at: index)
    }

    /// XML 1.0, 4.6; they are nearly all that occur.
    private static func predefined(_ input: Span<UInt8>, at start: Int) -> CharacterReference? {
        switch input[start] {
        case UInt8(ascii: "l"): input.has("lt;", at: start) ? CharacterReference(.sound, end: start + 3, "<") : nil
        case UInt8(ascii: "g"): input.has("gt;", at: start) ? CharacterReference(.sound, end: start + 3, ">") : nil
        case UInt8(ascii: "q"): input.has("quot;", at: start) ? CharacterReference(.sound, end: start + 5, "\"") : nil
        case UInt8(ascii: "a"):
            if input.has("amp;", at: start) {
                CharacterReference(.sound, end: start + 4, "&")
            } else {
                input.has("apos;", at: start) ? CharacterReference(.sound, end: start + 5, "'") : nil
            }
        default: nil
        }
    }

    private static func named(_ input: Span<UInt8>, at index: Int) -> CharacterReference {
        var end = index + 1
        let limit = min(input.count, index + 34)
        while end < limit, Byte.isLetter(input[end]) || Byte.isDigit(input[end]) { end += 1 }
        guard end > index + 1, end < input.count, input[end] == Byte.semicolon else {
            return CharacterReference(.bare, end: index + 1)
        }
        guard let scalar = Entities.scalar(input.extracting(index + 1..<end)) else {
            return CharacterReference(.unknown, end: index + 1)
        }
        return CharacterReference(.named, end: end + 1, scalar)
    }

    private static func numeric(_ input: Span<UInt8>, at index: Int) -> CharacterReference {
        guard let number = Number(input, at: index) else { return CharacterReference(.bare, end: index + 1) }
        // Emoji written as two surrogates, each a reference of its own.
        if (0xD800..<0xDC00).contains(number.value), let low = Number(input, at: number.end),
            (0xDC00..<0xE000).contains(low.value),
            let scalar = Unicode.Scalar(0x10000 + (number.value - 0xD800) << 10 + (low.value - 0xDC00))
        {
            return CharacterReference(.named, end: low.end, scalar)
        }
        guard let scalar = number.scalar, Special.isAllowed(scalar) else {
            return CharacterReference(.bad, end: number.end)
        }
        let isSound = number.isXML && scalar.value == number.value
        return CharacterReference(isSound ? .sound : .named, end: number.end, scalar)
    }

    /// `&#8217;`, `&#x2019;`, and as HTML allows it `&#X2019;` and a number without its semicolon.
    private struct Number {
        var value: UInt32 = 0
        var end: Int
        /// Whether XML would read it so too.
        var isXML: Bool

        var scalar: Unicode.Scalar? {
            value >= 0x80 && value < 0xA0 ? Windows1252.scalar(UInt8(value)) : Unicode.Scalar(value)
        }

        init?(_ input: Span<UInt8>, at index: Int) {
            guard input.has("&#", at: index), index + 2 < input.count else { return nil }
            let isHex = input[index + 2] | 0x20 == UInt8(ascii: "x")
            isXML = input[index + 2] != UInt8(ascii: "X")
            end = index + (isHex ? 3 : 2)
            let first = end
            while end < min(input.count, index + 40), let digit = Self.digit(input[end], isHex: isHex) {
                value = min(value &* (isHex ? 16 : 10) &+ digit, 0x11_0000)
                end += 1
            }
            guard end > first else { return nil }
            if end < input.count, input[end] == Byte.semicolon { end += 1 } else { isXML = false }
        }

        private static func digit(_ byte: UInt8, isHex: Bool) -> UInt32? {
            if Byte.isDigit(byte) { return UInt32(byte - UInt8(ascii: "0")) }
            let lower = byte | 0x20
            guard isHex, lower >= UInt8(ascii: "a"), lower <= UInt8(ascii: "f") else { return nil }
            return UInt32(lower - UInt8(ascii: "a") + 10)
        }
    }
}

/// Characters that need a second look.
enum Special {
    enum Verdict {
        case keep(end: Int)
        case drop(end: Int)
        /// A C1 control that was meant as Windows-1252 (U+0092 for an apostrophe).
        case windows1252(UInt8, end: Int)
    }

    static func look(_ input: Span<UInt8>, at index: Int) -> Verdict {
        let byte = input[index]
        if byte < 0x20 { return .drop(end: index + 1) }
        if byte == 0xC2, index + 1 < input.count, input[index + 1] < 0xA0, input[index + 1] != 0x85 {
            return .windows1252(input[index + 1], end: index + 2)
        }
        if byte == 0xEF, input.has("\u{FFFE}", at: index) || input.has("\u{FFFF}", at: index) {
            return .drop(end: index + 3)
        }
        // A byte order mark that a concatenation left behind.
        return byte == 0xEF && input.has("\u{FEFF}", at: index) ? .drop(end: index + 3) : .keep(end: index + 1)
    }

    /// XML 1.0, production 2.
    static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x9, 0xA, 0xD, 0x20...0xFFFD, 0x10000...: true
        default: false
        }
    }
}
