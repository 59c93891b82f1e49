// Character references: which name stands for which character. HTML 4's table is libxml2's; to it come the names of
// HTML 5 that turn up in feeds. A name that is not here is text.

internal import CXML

/// The names of characters.
enum Entities {
    /// The longest name in the table: `thetasym`.
    static let longestName = 8

    /// The scalar that a name stands for, looked up without making a String of it.
    static func scalar(_ name: Span<UInt8>) -> Unicode.Scalar? {
        guard name.count <= longestName else { return nil }
        return table[key(name)]
    }

    /// The scalar of a numeric reference as HTML reads it: 0x80–0x9F are Windows-1252 (HTML Standard, 13.2.5.80).
    /// - Parameter digits: what stands between `&#` and `;`, with its `x` if it is hexadecimal.
    static func numeric(_ digits: Span<UInt8>) -> Unicode.Scalar? {
        let isHex = digits.count > 1 && digits[0] | 0x20 == UInt8(ascii: "x")
        var value: UInt32 = 0
        guard digits.count > (isHex ? 1 : 0), digits.count <= 12 else { return nil }
        for index in (isHex ? 1 : 0)..<digits.count {
            guard let digit = Character(Unicode.Scalar(digits[index])).hexDigitValue, isHex || digit < 10 else {
                return nil
            }
            value = value &* (isHex ? 16 : 10) &+ UInt32(digit)
            guard value <= 0x10FFFF else { return nil }
        }
        return value >= 0x80 && value < 0xA0 ? Windows1252.scalar(UInt8(value)) : Unicode.Scalar(value)
    }

    /// A name of at most eight bytes as a number: comparing it compares the name.
    private static func key(_ name: Span<UInt8>) -> UInt64 {
        var key: UInt64 = 0
        for index in 0..<name.count { key = key << 8 | UInt64(name[index]) }
        return key
    }

    private static let table: [UInt64: Unicode.Scalar] = {
        var table: [UInt64: Unicode.Scalar] = [:]
        for (name, scalar) in html4() + html5 { table[key(Array(name.utf8).span)] = scalar }
        return table
    }()

    private static func html4() -> [(String, Unicode.Scalar)] {
        let list = [cxml_entity](unsafeUninitializedCapacity: 300) { buffer, count in
            count = buffer.baseAddress.map { cxml_entities($0, buffer.count) } ?? 0
        }
        return list.compactMap { entity in
            Unicode.Scalar(entity.character).map { (String(cString: entity.name), $0) }
        }
    }

    private static let html5: [(String, Unicode.Scalar)] = [
        ("apos", "'"), ("AMP", "&"), ("LT", "<"), ("GT", ">"), ("QUOT", "\""), ("COPY", "©"), ("REG", "®"),
        ("TRADE", "™"), ("excl", "!"), ("num", "#"), ("dollar", "$"), ("percnt", "%"), ("lpar", "("), ("rpar", ")"),
        ("ast", "*"), ("plus", "+"), ("comma", ","), ("period", "."), ("sol", "/"), ("colon", ":"), ("semi", ";"),
        ("equals", "="), ("quest", "?"), ("commat", "@"), ("lsqb", "["), ("lbrack", "["), ("bsol", "\\"),
        ("rsqb", "]"), ("rbrack", "]"), ("Hat", "^"), ("lowbar", "_"), ("grave", "`"), ("lbrace", "{"), ("lcub", "{"),
        ("vert", "|"), ("verbar", "|"), ("rbrace", "}"), ("rcub", "}"), ("hyphen", "\u{2010}"), ("dash", "\u{2010}"),
        ("horbar", "\u{2015}"), ("rsquor", "\u{2019}"), ("ldquor", "\u{201E}"), ("lsquor", "\u{201A}"),
        ("Tab", "\t"), ("NewLine", "\n"), ("zwsp", "\u{200B}"), ("numsp", "\u{2007}"), ("puncsp", "\u{2008}"),
        ("hairsp", "\u{200A}"), ("nldr", "‥"), ("mldr", "…"), ("bullet", "•"), ("middot", "·"), ("check", "✓"),
        ("checkmar", "✓"), ("cross", "✗"), ("star", "☆"), ("starf", "★"), ("phone", "☎"), ("inodot", "ı"),
        ("Scaron", "Š"), ("scaron", "š"), ("Ccaron", "Č"), ("ccaron", "č"), ("Zcaron", "Ž"), ("zcaron", "ž"),
        ("Rcaron", "Ř"), ("rcaron", "ř"), ("Ecaron", "Ě"), ("ecaron", "ě"), ("Ncaron", "Ň"), ("ncaron", "ň"),
        ("Dcaron", "Ď"), ("dcaron", "ď"), ("Tcaron", "Ť"), ("tcaron", "ť"), ("Uring", "Ů"), ("uring", "ů"),
        ("Aogon", "Ą"), ("aogon", "ą"), ("Eogon", "Ę"), ("eogon", "ę"), ("Lstrok", "Ł"), ("lstrok", "ł"),
        ("Nacute", "Ń"), ("nacute", "ń"), ("Sacute", "Ś"), ("sacute", "ś"), ("Zacute", "Ź"), ("zacute", "ź"),
        ("Zdot", "Ż"), ("zdot", "ż"), ("Cacute", "Ć"), ("cacute", "ć"), ("Gbreve", "Ğ"), ("gbreve", "ğ"),
        ("Scedil", "Ş"), ("scedil", "ş"), ("Idot", "İ"), ("Odblac", "Ő"), ("odblac", "ő"), ("Udblac", "Ű"),
        ("udblac", "ű"), ("Abreve", "Ă"), ("abreve", "ă"), ("IJlig", "Ĳ"), ("ijlig", "ĳ"), ("half", "½"),
    ]
}
