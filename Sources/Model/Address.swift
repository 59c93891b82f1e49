// URLs as text: what may be fetched, what may be shown, what belongs together. An address of ours or a stranger's goes
// through here before anything else looks at it, so that all of us, and libcurl, see the same parts in it. Nothing here
// looks a name up.

package import FoundationEssentials

/// What is done with an http or https URL that is kept as a String.
package enum Address {
    /// The most bytes an address may have; RFC 9110 §4.1 asks for at least 8,000.
    package static let maximumLength = 8_192

    /// The parts of `text` if it may be fetched: http or https, a host, a port from 1 to 65535.
    ///
    /// What a URL may not hold raw, a space or a letter outside ASCII, comes out percent-encoded, as browsers do.
    /// A host with a control character or a delimiter hidden in it is refused.
    package static func parse(_ text: String) -> URL? {
        guard text.utf8.count <= maximumLength, let url = URL(string: text), isWeb(url.scheme) else { return nil }
        guard let host = url.host, !host.isEmpty, !host.utf8.contains(where: isForbiddenInHost) else { return nil }
        guard url.port.map({ (1...65_535).contains($0) }) ?? true else { return nil }
        return url
    }

    /// `text` as it may be written to a log, a metric, the journal or a payload: without user name and password, and
    /// with `…` for each value of the query that looks like a credential.
    ///
    /// What does not parse loses everything up to its last `@`: a password with a slash in it ends the host too early
    /// for any parser, and must not be shown for that.
    package static func shown(_ text: String) -> String {
        let isBare = text.utf8.withContiguousStorageIfAvailable { bytes in
            !bytes.contains { $0 == UInt8(ascii: "@") || $0 == UInt8(ascii: "?") }
        }
        if isBare == true { return text }
        guard let sign = text.utf8.lastIndex(of: UInt8(ascii: "@")) else { return hidingTokens(text) }
        return hidingTokens(parse(text) == nil ? String(text[text.utf8.index(after: sign)...]) : divided(text).bare)
    }

    private static func hidingTokens(_ text: String) -> String {
        guard let mark = text.utf8.firstIndex(of: UInt8(ascii: "?")) else { return text }
        let pairs = text[text.utf8.index(after: mark)...].split(separator: "&", omittingEmptySubsequences: false)
        let shown = pairs.map { pair in
            guard let equals = pair.firstIndex(of: "="), isToken(pair[..<equals], pair[pair.index(after: equals)...])
            else { return String(pair) }
            return pair[...equals] + "…"
        }
        return text[...mark] + shown.joined(separator: "&")
    }

    /// By its name, or by its look: long, and of letters and digits both, as the tokens of private feeds are.
    private static func isToken(_ name: Substring, _ value: Substring) -> Bool {
        let name = name.lowercased()
        if ["token", "key", "auth", "secret", "pass", "pwd", "sig", "session"].contains(where: name.contains) {
            return true
        }
        return value.utf8.count >= 20 && value.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
            && value.contains { $0.isNumber } && value.contains { $0.isLetter }
    }

    /// `text` cut in two: the address without credentials, and the credentials as they stood before the `@`.
    package static func divided(_ text: String) -> (bare: String, credentials: String?) {
        guard let authority = authority(of: text),
            let sign = text.utf8[authority].lastIndex(of: UInt8(ascii: "@"))
        else { return (text, nil) }
        let bare = text[..<authority.lowerBound] + text[text.utf8.index(after: sign)...]
        return (String(bare), String(text[authority.lowerBound..<sign]))
    }

    /// The opposite of `divided`.
    package static func joined(_ bare: String, credentials: String?) -> String {
        guard let credentials, let authority = authority(of: bare) else { return bare }
        return bare[..<authority.lowerBound] + credentials + "@" + bare[authority.lowerBound...]
    }

    /// Scheme, host and port, in lower case and with the port always there: `https://example.com:443`.
    ///
    /// Two addresses with the same origin belong to the same server (RFC 6454 §4).
    package static func origin(_ text: String) -> String? {
        guard let url = parse(text), let scheme = url.scheme?.lowercased(), let host = host(text) else { return nil }
        return "\(scheme)://\(host):\(url.port ?? (scheme == "https" ? 443 : 80))"
    }

    /// The host in lower case, without the brackets of an IPv6 address and the dot at the end of a full name.
    package static func host(_ text: String) -> String? {
        guard let host = parse(text)?.host?.lowercased() else { return nil }
        return host.hasSuffix(".") ? String(host.dropLast()) : host
    }

    /// `text` with its scheme and host in lower case, and `/` where it has no path (RFC 3986 §6.2.2.1, §6.2.3).
    ///
    /// What is no http or https address comes back as it is.
    package static func normalised(_ text: String) -> String {
        guard let authority = authority(of: text), isWeb(text.split(separator: ":").first.map(String.init)) else {
            return text
        }
        let sign = text.utf8[authority].lastIndex(of: UInt8(ascii: "@"))
        let host = sign.map { text.utf8.index(after: $0) } ?? authority.lowerBound
        let rest = text[authority.upperBound...]
        return text[..<authority.lowerBound].lowercased() + text[authority.lowerBound..<host]
            + text[host..<authority.upperBound].lowercased() + (rest.first == "/" ? "" : "/") + rest
    }

    /// The address that `reference` means in a document at `base` (RFC 3986 §5), or `nil` if it is not one to fetch.
    package static func resolved(_ reference: String, against base: String) -> String? {
        guard reference.utf8.count <= maximumLength, let base = parse(base) else { return nil }
        guard let url = URL(string: reference, relativeTo: base) else { return nil }
        return parse(url.absoluteString)?.absoluteString
    }

    private static func isWeb(_ scheme: String?) -> Bool {
        guard let scheme = scheme?.lowercased() else { return false }
        return scheme == "http" || scheme == "https"
    }

    /// The forbidden host code points of the WHATWG URL standard, but for the colon, which an IPv6 address has.
    private static func isForbiddenInHost(_ byte: UInt8) -> Bool {
        switch UnicodeScalar(byte) {
        case "\0"..." ", "\u{7F}", "#", "%", "/", "<", ">", "?", "@", "[", "\\", "]", "^", "|": true
        default: false
        }
    }

    /// Where user, password, host and port stand in `text`: after `//`, up to the path, query or fragment.
    private static func authority(of text: String) -> Range<String.Index>? {
        let bytes = text.utf8
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes[colon...].starts(with: "://".utf8) else {
            return nil
        }
        let start = bytes.index(colon, offsetBy: 3)
        let end = bytes[start...].firstIndex { "/?#".utf8.contains($0) } ?? bytes.endIndex
        return start..<end
    }
}
