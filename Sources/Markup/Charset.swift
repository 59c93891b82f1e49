// Which encoding a document is in: by byte order mark, by being valid UTF-8, by the HTTP charset, by its own
// declaration, in that order. Labels become the names that iconv knows, with the supersets that browsers read
// (WHATWG Encoding Standard, 4.2): a page labelled latin-1 is Windows-1252, gb2312 is gb18030, shift_jis is cp932.

/// An encoding, by the name the web calls it and the name iconv knows it by.
struct Charset: Equatable {
    /// Lower case, as WHATWG or the document spells it.
    var name: String
    var iconvName: String

    static let utf8 = Charset(name: "utf-8", iconvName: "UTF-8")
    static let windows1252 = Charset(name: "windows-1252", iconvName: "CP1252")

    init(name: String, iconvName: String) {
        self.name = name
        self.iconvName = iconvName
    }

    /// The charset that a label stands for, `nil` for a label that could not be one.
    init?(label: some StringProtocol) {
        let label = label.lowercased().filter { !" \t\r\n\"'".contains($0) }
        guard !label.isEmpty, label.utf8.count <= 40, label.utf8.allSatisfy(Self.isLabelByte) else { return nil }
        let key = label.filter { $0 != "-" && $0 != "_" }
        // Stateful and never used for feeds; their converters have had more than their share of faults.
        guard key != "utf7", !key.hasPrefix("iso2022cn") else { return nil }
        self = Self.known[key] ?? Charset(name: label, iconvName: label.replacing("_", with: "-").uppercased())
    }

    private static func isLabelByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ":"): true
        default: false
        }
    }

    /// Labels without hyphens and underscores, where iconv's own reading is not what the web means.
    private static let known: [String: Charset] = {
        var known: [String: Charset] = [:]
        for (name, iconvName, labels) in supersets {
            for label in labels.split(separator: " ") {
                known[String(label)] = Charset(name: name, iconvName: iconvName)
            }
        }
        return known
    }()

    private static let supersets: [(name: String, iconvName: String, labels: String)] = [
        ("utf-8", "UTF-8", "utf8 unicode11utf8 unicode20utf8 xunicode20utf8 utf8mb4"),
        (
            "windows-1252", "CP1252",
            """
            usascii ascii ansix3.41968 iso88591 iso8859-1 latin1 l1 cp819 ibm819 isoir100 csisolatin1 windows1252 cp1252 \
            xcp1252 1252 ansi iso646us
            """
        ),
        ("windows-1254", "CP1254", "iso88599 latin5 l5 isoir148 csisolatin5 windows1254 cp1254 xcp1254"),
        ("windows-874", "CP874", "tis620 iso885911 dos874 windows874 cp874"),
        ("gb18030", "GB18030", "gb2312 gbk gb18030 xgbk cp936 gb231280 euccn csgb2312 chinese isoir58 hzgb2312"),
        ("big5", "BIG5-HKSCS", "big5 big5hkscs cnbig5 csbig5 xxbig5 cp950"),
        ("shift_jis", "CP932", "shiftjis sjis xsjis mskanji windows31j cp932 ms932 csshiftjis"),
        ("euc-jp", "EUC-JP-MS", "eucjp xeucjp cseucpkdfmtjapanese"),
        ("euc-kr", "CP949", "euckr ksc56011987 ksc5601 ksc56011989 korean csksc56011987 cp949 uhc windows949 isoir149"),
        ("macintosh", "MACINTOSH", "macintosh mac macroman xmacroman csmacintosh maciceland macturkish maccroatian"),
        ("x-mac-cyrillic", "MAC-CYRILLIC", "xmaccyrillic maccyrillic xmacukrainian"),
        ("koi8-u", "KOI8-U", "koi8u koi8ru"),
        ("utf-16le", "UTF-16LE", "utf16 utf16le unicode csunicode ucs2 iso10646ucs2 unicodefeff u16"),
        ("utf-16be", "UTF-16BE", "utf16be unicodefffe"),
        ("utf-32le", "UTF-32LE", "utf32 utf32le u32"),
        ("utf-32be", "UTF-32BE", "utf32be ucs4 iso10646ucs4 csucs4"),
        ("viscii", "VISCII", "viscii csviscii"),
        ("tcvn", "TCVN5712-1", "tcvn tcvn5712 tcvn57121"),
        ("cp856", "CP856", "cp856 856"), ("cp861", "CP861", "cp861 861 cpis csibm861 ibm861"),
        ("cp855", "CP855", "cp855 855 csibm855 ibm855"), ("cp864", "CP864", "cp864 864 csibm864 ibm864"),
        ("cp437", "CP437", "cp437 437 ibm437 cspc8codepage437"), ("cp852", "CP852", "cp852 852 ibm852 cspcp852"),
        ("cp037", "CP037", "cp037 037 ibm037 ebcdiccpus ebcdiccpca ebcdiccpwt ebcdiccpnl csibm037"),
        ("cp500", "CP500", "cp500 500 ibm500 ebcdiccpbe ebcdiccpch csibm500"),
        ("windows-1251", "CP1251", "windows1251 cp1251 xcp1251 1251 win1251 mscyrl"),
        ("windows-1250", "CP1250", "windows1250 cp1250 xcp1250 1250 win1250 msee"),
    ]
}

// MARK: - Finding out

extension Charset {
    /// The charset that the first bytes alone give away, and how many bytes the mark takes.
    static func marked(_ bytes: Span<UInt8>) -> (charset: Charset, mark: Int)? {
        func starts(_ prefix: UInt8...) -> Bool {
            bytes.count >= prefix.count && prefix.indices.allSatisfy { bytes[$0] == prefix[$0] }
        }
        if starts(0xEF, 0xBB, 0xBF) { return (.utf8, 3) }
        if starts(0xFF, 0xFE, 0, 0) { return (.utf32LittleEndian, 4) }
        if starts(0, 0, 0xFE, 0xFF) { return (.utf32BigEndian, 4) }
        if starts(0xFF, 0xFE) { return (.utf16LittleEndian, 2) }
        if starts(0xFE, 0xFF) { return (.utf16BigEndian, 2) }
        // No mark, but "<" in the width of a UTF-16 or UTF-32 unit (XML 1.0, appendix F).
        if starts(0, 0, 0, 0x3C) { return (.utf32BigEndian, 0) }
        if starts(0x3C, 0, 0, 0) { return (.utf32LittleEndian, 0) }
        if starts(0, 0x3C, 0) { return (.utf16BigEndian, 0) }
        if starts(0x3C, 0) { return (.utf16LittleEndian, 0) }
        return nil
    }

    private static let utf16LittleEndian = Charset(name: "utf-16le", iconvName: "UTF-16LE")
    private static let utf16BigEndian = Charset(name: "utf-16be", iconvName: "UTF-16BE")
    private static let utf32LittleEndian = Charset(name: "utf-32le", iconvName: "UTF-32LE")
    private static let utf32BigEndian = Charset(name: "utf-32be", iconvName: "UTF-32BE")

    /// UTF-16 and UTF-32 cannot be what a label says of bytes that begin with plain ASCII.
    var isWide: Bool { iconvName.hasPrefix("UTF-16") || iconvName.hasPrefix("UTF-32") }

    /// The label in `<?xml … encoding="…"?>`, looked for in the first 1,024 bytes.
    static func declared(_ bytes: Span<UInt8>) -> Charset? {
        let head = bytes.extracting(..<min(1024, bytes.count))
        guard let start = head.end(of: "<?xml", from: 0), let end = head.end(of: "?>", from: start),
            let name = head.end(of: "encoding", from: start), name < end
        else { return nil }
        var quote = name
        while quote < end, head[quote] == Byte.equals || Byte.isSpace(head[quote]) { quote += 1 }
        guard head[quote] == Byte.quote || head[quote] == Byte.apostrophe else { return nil }
        var close = quote + 1
        while close < end, head[close] != head[quote] { close += 1 }
        return Charset(label: head.text(in: quote + 1..<close))
    }
}
