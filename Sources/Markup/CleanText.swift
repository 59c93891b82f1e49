// Any bytes become clean UTF-8: inflated if they are gzip, decoded by the rules in `Charset`, with bytes that make no
// sense read as Windows-1252. What comes out is always valid UTF-8 and never has a byte order mark.

internal import CXML
internal import Glibc

/// A document's text as valid UTF-8.
package struct CleanText: Sendable {
    package var bytes: [UInt8]
    /// The encoding it was read in, lower case.
    package var encoding: String
    package var repairs = Repairs()
    package var wasCompressed = false
    /// Whether a compressed body grows beyond the limit, so that what is here is only its beginning.
    package var isCutShort = false

    /// Decodes `bytes`.
    /// - Parameters:
    ///   - charset: the label in the HTTP content type, if there is one.
    ///   - limit: the most bytes that a compressed body may grow to; what lies beyond is cut off.
    package init(_ bytes: [UInt8], charset: String?, limit: Int) {
        if let inflated = Self.inflate(bytes, limit: limit) {
            self.init(decoding: inflated, charset: charset)
            wasCompressed = true
            isCutShort = inflated.count > limit
        } else {
            self.init(decoding: bytes, charset: charset)
        }
    }

    /// Whether `text` stands among the first `count` bytes.
    package func begins(with text: StaticString, within count: Int) -> Bool {
        bytes.span.extracting(..<min(count, bytes.count)).end(of: text, from: 0) != nil
    }

    private init(decoding bytes: [UInt8], charset label: String?) {
        let span = bytes.span
        let marked = Charset.marked(span)
        let body = span.extracting((marked?.mark ?? 0)...)
        let ebcdic = Self.ebcdic(span)
        let declared = Charset.declared(span) ?? Charset.declaredInPage(span)
        let stated = [label.flatMap(Charset.init(label:)), declared].compactMap(\.self).first { !$0.isWide }
        if let marked, marked.charset != .utf8 {
            self.init(body, as: marked.charset)
        } else if let ebcdic {
            self.init(body, as: ebcdic)
        } else if let stated, stated.iconvName.hasPrefix("ISO-2022"), Self.isEscaped(body) {
            self.init(body, as: stated)
        } else if let isASCII = Self.validUTF8(body) {
            self.init(bytes: marked == nil ? bytes : Array(bytes[3...]), encoding: "")
            encoding = (isASCII && marked == nil ? stated ?? .utf8 : .utf8).name
        } else {
            self.init(body, as: marked == nil ? stated ?? .utf8 : .utf8)
        }
        repairs.doubleEncoded = DoubleEncoding.count(in: self.bytes.span)
    }

    private init(bytes: [UInt8], encoding: String) {
        self.bytes = bytes
        self.encoding = encoding
    }

    private init(_ body: Span<UInt8>, as charset: Charset) {
        if charset != .utf8, let iconv = Iconv(charset) {
            var (text, badBytes) = iconv.convert(body)
            if text.span.validUTF8 < text.count {
                // glibc writes what UCS-4 holds beyond Unicode as it once was UTF-8, five and six bytes long.
                let repaired = Self.repaired(text.span)
                (text, badBytes) = (repaired.text, badBytes + repaired.badBytes)
            }
            self.init(bytes: Self.withoutMarks(text), encoding: charset.name)
            repairs.badBytes = badBytes
        } else {
            let (text, badBytes, isMultibyte) = Self.repaired(body)
            self.init(bytes: text, encoding: isMultibyte || charset == .utf8 ? "utf-8" : "windows-1252")
            repairs.badBytes = badBytes
        }
    }

    /// A second byte order mark, seen in the wild after a template engine put one in front of another.
    private static func withoutMarks(_ text: [UInt8]) -> [UInt8] {
        text.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(text[3...]) : text
    }

    private static func inflate(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
        // RFC 1952, 2.3.1: ID1, ID2 and the only compression method there is.
        guard bytes.starts(with: [0x1F, 0x8B, 8]) else { return nil }
        return bytes.withUnsafeBufferPointer { source in
            guard let start = source.baseAddress else { return nil }
            var inflated: UnsafeMutablePointer<UInt8>?
            let count = cxml_gunzip(start, source.count, limit + 1, &inflated)
            defer { free(inflated) }
            return count > 0 ? Array(UnsafeBufferPointer(start: inflated, count: count)) : nil
        }
    }

    /// Mainframes still publish: `<?xm` in EBCDIC, of which the declaration then names the code page.
    private static func ebcdic(_ bytes: Span<UInt8>) -> Charset? {
        guard bytes.count > 4, bytes[0] == 0x4C, bytes[1] == 0x6F, bytes[2] == 0xA7, bytes[3] == 0x94 else {
            return nil
        }
        let head = bytes.extracting(first: min(512, bytes.count))
        let invariant = Charset(name: "cp037", iconvName: "CP037")
        guard let iconv = Iconv(invariant) else { return nil }
        let declaration = iconv.convert(head).text
        return Charset.declared(declaration.span) ?? invariant
    }

    /// ISO-2022-JP is pure ASCII to the eye of a validator, but for its escapes.
    private static func isEscaped(_ bytes: Span<UInt8>) -> Bool {
        bytes.end(of: "\u{1B}", from: 0) != nil
    }

    /// Whether valid UTF-8 is plain ASCII; `nil` for bytes that are not valid.
    private static func validUTF8(_ bytes: Span<UInt8>) -> Bool? {
        bytes.validUTF8 == bytes.count ? bytes.isASCII : nil
    }

    /// Keeps what is valid UTF-8 and reads every other byte as Windows-1252.
    private static func repaired(_ bytes: Span<UInt8>) -> (text: [UInt8], badBytes: Int, isMultibyte: Bool) {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + 64)
        var next = 0
        var badBytes = 0
        var isMultibyte = false
        while next < bytes.count {
            let valid = bytes.extracting(next...).validUTF8
            let run = bytes.extracting(next..<next + valid)
            isMultibyte = isMultibyte || !run.isASCII
            run.withUnsafeBufferPointer { text.append(contentsOf: $0) }
            next += valid
            guard next < bytes.count else { break }
            text += Windows1252.utf8(bytes[next])
            badBytes += 1
            next += 1
        }
        return (text, badBytes, isMultibyte)
    }
}
