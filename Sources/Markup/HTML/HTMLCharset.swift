// Which encoding a page says it is in (HTML Standard, 13.2.3.2, "prescan"): the first <meta> that names one among the
// first bytes, comments passed over.

extension Charset {
    /// The label in `<meta charset=…>` or `<meta http-equiv=content-type content="…charset=…">`. WHATWG looks at 1,024
    /// bytes; pages with long scripts before it are met, so four times as many are looked at here.
    static func declaredInPage(_ bytes: Span<UInt8>) -> Charset? {
        let head = bytes.extracting(..<min(4096, bytes.count))
        var index = 0
        while let start = head.index(of: Byte.less, from: index) {
            if head.has("<!--", at: start) {
                guard let end = head.end(of: "-->", from: start + 4) else { return nil }
                index = end
                continue
            }
            index = start + 1
            guard head.hasIgnoringCase("<meta", at: start), start + 5 < head.count, !Byte.isLetter(head[start + 5]),
                let end = head.index(of: Byte.greater, from: start)
            else { continue }
            if let charset = label(in: head.extracting(start..<end)) { return charset }
        }
        return nil
    }

    /// Either form has the word, an equals sign and the label, quoted or not.
    private static func label(in tag: Span<UInt8>) -> Charset? {
        for start in 0..<tag.count where tag.hasIgnoringCase("charset", at: start) {
            var index = tag.skipSpace(from: start + 7)
            guard index < tag.count, tag[index] == Byte.equals else { continue }
            index = tag.skipSpace(from: index + 1)
            while index < tag.count, tag[index] == Byte.quote || tag[index] == Byte.apostrophe { index += 1 }
            let first = index
            while index < tag.count, !isEnd(tag[index]) { index += 1 }
            return Charset(label: tag.text(in: first..<index))
        }
        return nil
    }

    private static func isEnd(_ byte: UInt8) -> Bool {
        Byte.isSpace(byte) || byte == Byte.quote || byte == Byte.apostrophe || byte == Byte.semicolon
            || byte == Byte.slash
    }
}
