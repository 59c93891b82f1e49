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
        guard let base, base.utf8.count <= longestBase, !isAbsolute(reference), let parts = Parts(base),
            !parts.scheme.isEmpty
        else {
            return reference
        }
        guard !reference.isEmpty else { return String(base.prefix { $0 != "#" }) }
        return parts.resolve(reference)
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

    /// The pieces of an absolute link that resolving needs.
    private struct Parts {
        var scheme: Substring
        /// With its "//"; empty if there is none.
        var authority: Substring
        var path: Substring
        var query: Substring

        init?(_ base: String) {
            guard let scheme = Reference.scheme(of: base) else { return nil }
            self.scheme = scheme
            var rest = base[...].dropFirst(scheme.count + 1)
            rest = rest.prefix { $0 != "#" }
            let hasAuthority = rest.hasPrefix("//")
            let end =
                hasAuthority
                ? rest.dropFirst(2).firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex : rest.startIndex
            authority = rest[..<end]
            path = rest[end...].prefix { $0 != "?" }
            query = rest[path.endIndex...]
        }

        func resolve(_ reference: String) -> String {
            if reference.hasPrefix("//") { return "\(scheme):\(reference)" }
            let root = "\(scheme):\(authority)"
            if reference.hasPrefix("#") { return "\(root)\(path)\(query)\(reference)" }
            if reference.hasPrefix("?") { return "\(root)\(path)\(reference)" }
            let end = reference.firstIndex { $0 == "?" || $0 == "#" } ?? reference.endIndex
            let relative = reference[..<end]
            let merged = relative.hasPrefix("/") ? String(relative) : "\(directory)\(relative)"
            return "\(root)\(Reference.withoutDots(merged))\(reference[end...])"
        }

        /// The path up to its last "/".
        private var directory: Substring {
            path.lastIndex(of: "/").map { path[...$0] } ?? (authority.isEmpty ? "" : "/")
        }
    }

    /// RFC 3986, 5.2.4.
    private static func withoutDots(_ path: String) -> String {
        var kept: [Substring] = []
        let segments = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map(
            Substring.init)
        guard segments.contains(where: { $0 == "." || $0 == ".." }) else { return path }
        for (index, segment) in segments.enumerated() {
            let isLast = index == segments.count - 1
            if segment == ".." {
                if kept.count > 1 { kept.removeLast() }
                if isLast { kept.append("") }
            } else if segment == "." {
                if isLast { kept.append("") }
            } else {
                kept.append(segment)
            }
        }
        return kept.joined(separator: "/")
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
