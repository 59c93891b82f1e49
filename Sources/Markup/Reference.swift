// Relative links made absolute, as RFC 3986, section 5.2 says, on the text as it is written: nothing is encoded,
// decoded or put into another case, so that an id or a link stays what the document states.

/// A link that may be relative.
package enum Reference {
    /// In bytes: a longer link is no base, because every relative link of a document would repeat it in memory.
    /// sitemaps.org gives the addresses of pages as much.
    private static let longestBase = 2 << 10

    /// `reference` resolved against `base`; unchanged if either makes that impossible, or if `base` is over 2 KiB.
    package static func resolve(_ reference: String, against base: String?) -> String {
        let reference = reference.trimmingASCIISpace()
        guard let base, base.utf8.count <= longestBase, !isAbsolute(reference), let ends = Ends(base.utf8.span) else {
            return reference
        }
        return resolve(reference, against: base.utf8.span, ends)
    }

    /// Whether a link says where it leads without a base: it has a scheme.
    package static func isAbsolute(_ reference: String) -> Bool {
        schemeLength(reference.utf8.span) != nil
    }

    /// Whether a link can be a base: http or https, and at most 2 KiB long. `javascript:` is none.
    package static func isBase(_ reference: String) -> Bool {
        guard reference.utf8.count <= longestBase else { return false }
        let scheme = scheme(of: reference)?.lowercased()
        return scheme == "http" || scheme == "https"
    }

    /// RFC 3986, 3.1: a letter, then letters, digits, "+", "-" and "."; at most 32 here, before the first ":".
    static func scheme(of reference: String) -> Substring? {
        schemeLength(reference.utf8.span).map { Substring(reference.utf8.prefix($0)) }
    }

    private static func schemeLength(_ reference: Span<UInt8>) -> Int? {
        guard !reference.isEmpty, Byte.isLetter(reference[0]) else { return nil }
        for index in 1..<max(1, min(33, reference.count)) {
            switch reference[index] {
            case UInt8(ascii: ":"): return index
            case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): break
            case let byte where Byte.isLetter(byte) || Byte.isDigit(byte): break
            default: return nil
            }
        }
        return nil
    }

    /// Where the pieces of an absolute link end that resolving needs, as offsets of its bytes.
    private struct Ends {
        let scheme: Int
        /// The scheme's end if there is none.
        let authority: Int
        let path: Int
        let query: Int

        init?(_ base: Span<UInt8>) {
            guard let length = Reference.schemeLength(base) else { return nil }
            scheme = length + 1
            query = base.index(of: Byte.hash, from: scheme) ?? base.count
            authority = base.has("//", at: scheme) ? base.endOfPiece(from: scheme + 2, to: query, Byte.slash) : scheme
            path = base.endOfPiece(from: authority, to: query, Byte.question)
        }
    }

    /// RFC 3986, 5.2.2, for a reference that has no scheme.
    private static func resolve(_ reference: String, against base: Span<UInt8>, _ ends: Ends) -> String {
        let stated = reference.utf8.span
        if stated.has("//", at: 0) { return base.text(in: 0..<ends.scheme) + reference }
        if stated.isEmpty || stated[0] == Byte.hash { return base.text(in: 0..<ends.query) + reference }
        if stated[0] == Byte.question { return base.text(in: 0..<ends.path) + reference }
        let end = stated.endOfPiece(from: 0, to: stated.count, Byte.hash)
        let path = (stated[0] == Byte.slash ? "" : directory(of: base, ends)) + stated.text(in: 0..<end)
        return base.text(in: 0..<ends.authority) + withoutDots(path.utf8.span) + stated.text(in: end..<stated.count)
    }

    /// The path up to its last "/".
    private static func directory(of base: Span<UInt8>, _ ends: Ends) -> String {
        var end = ends.path
        while end > ends.authority, base[end - 1] != Byte.slash { end -= 1 }
        guard end > ends.authority else { return ends.authority > ends.scheme ? "/" : "" }
        return base.text(in: ends.authority..<end)
    }

    /// RFC 3986, 5.2.4. In one pass over the bytes, because a base may have two thousand segments, and a document a
    /// hundred thousand links.
    private static func withoutDots(_ path: Span<UInt8>) -> String {
        var kept: [UInt8] = []
        kept.reserveCapacity(path.count)
        var segments = 0
        var start = 0
        while start <= path.count {
            let end = path.index(of: Byte.slash, from: start) ?? path.count
            let isParent = end - start == 2 && path.has("..", at: start)
            let isDots = isParent || end - start == 1 && path[start] == Byte.dot
            if isParent, segments > 1, let last = kept.lastIndex(of: Byte.slash) {
                kept.removeSubrange(last...)
                segments -= 1
            }
            if !isDots || end == path.count {
                if segments > 0 { kept.append(Byte.slash) }
                if !isDots { path.extracting(start..<end).withUnsafeBufferPointer { kept.append(contentsOf: $0) } }
                segments += 1
            }
            start = end + 1
        }
        return String(decoding: kept, as: UTF8.self)
    }
}

extension Span<UInt8> {
    /// The index of the next "?" or `mark` at or after `start`; `end` if there is none before.
    fileprivate func endOfPiece(from start: Int, to end: Int, _ mark: UInt8) -> Int {
        var index = start
        while index < end, self[index] != mark, self[index] != Byte.question { index += 1 }
        return index
    }
}

extension String {
    /// Without the white space around it that documents put there.
    package func trimmingASCIISpace() -> String {
        guard let first = utf8.first, let last = utf8.last, Byte.isSpace(first) || Byte.isSpace(last) else {
            return self
        }
        let head = utf8.drop { Byte.isSpace($0) }
        let end = head.lastIndex { !Byte.isSpace($0) }.map { head.index(after: $0) } ?? head.startIndex
        return String(Substring(head[..<end]))
    }
}
