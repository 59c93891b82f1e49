// The text of an element: plain or markup by its type and mode (RFC 4287, 3.1; Atom 0.3; RSS, which says nothing), in
// base64 or as it is. Strings are made here, of what is kept and of nothing else.

internal import FoundationEssentials
internal import Markup
internal import Model

extension UTF8Span {
    /// As a String; `nil` if there is nothing in it.
    var string: String? { isEmpty ? nil : String(copying: self) }
}

extension Span<UInt8> {
    /// As a String; `nil` if there is nothing in it.
    var string: String? {
        guard !isEmpty else { return nil }
        return withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    /// FNV-1a over the bytes, ASCII in lower case: finds a word in a table without making a String of it. That no two
    /// words of a table share it is tested.
    var foldedHash: UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in 0..<count {
            let byte = self[index]
            let isUpper = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
            hash = (hash ^ UInt64(isUpper ? byte | 0x20 : byte)) &* 0x100_0000_01B3
        }
        return hash
    }
}

extension FieldAttributes {
    /// Whether the element's inside is markup itself: Atom's xhtml, Atom 0.3's mode="xml" with a type to match.
    var isMarkup: Bool {
        guard mode != "escaped", mode != "base64" else { return false }
        return type == "xhtml" || type == "application/xhtml+xml" || type == "application/xml" || type == "text/xml"
            || type?.hasSuffix("+xml") == true
    }

    var isHTML: Bool {
        type == "html" || type == "text/html" || isMarkup || type == "application/xhtml+xml"
    }

    /// RFC 4287, 4.1.3.3: any type but text and XML is in base64. Seen in the wild on titles and summaries too.
    var isBase64: Bool {
        if mode == "base64" { return true }
        guard mode == nil, let type, type.contains("/") else { return false }
        return !type.hasPrefix("text/") && !isMarkup && !type.hasPrefix("multipart/")
    }
}

extension XMLFeedReader {
    /// `nil` if there is no text, or none that could be read.
    func richText(_ frame: Frame, _ field: UTF8Span) -> RichText? {
        guard !field.isEmpty else { return nil }
        let decoded = kept.isBase64 ? Self.base64(field.span) : nil
        guard var value = decoded ?? field.string else { return nil }
        let isHTML = decoded.map { kept.isHTML || PlainText.looksLikeHTML($0) } ?? isMarkup(frame, field.span)
        if context.isDoubleEncoded, let undone = DoubleEncoding.undone(value) { value = undone }
        return RichText(value, form: isHTML ? .html : .plain, in: scope)
    }

    private func isMarkup(_ frame: Frame, _ field: Span<UInt8>) -> Bool {
        switch kept.type {
        case nil, "": frame.tag == .body || frame.tag == .encoded || PlainText.looksLikeHTML(field)
        case "text", "text/plain", "plain": false
        default: kept.isHTML || kept.isBase64 || PlainText.looksLikeHTML(field)
        }
    }

    private static func base64(_ field: Span<UInt8>) -> String? {
        let encoded = field.withUnsafeBufferPointer { Data(buffer: $0) }
        guard let decoded = Data(base64Encoded: encoded, options: .ignoreUnknownCharacters) else { return nil }
        // Trimmed like every other text.
        return String(validating: decoded, as: UTF8.self)?.trimmingASCIISpace()
    }
}
