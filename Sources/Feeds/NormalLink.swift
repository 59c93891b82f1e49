// Links as they are compared, whatever a site does to theirs between two polls.

/// A link without what sites change about their links: the scheme, `www.`, the case of the host, the trailing slash,
/// the fragment, campaign parameters. Over bytes, because every entry of every poll has one.
enum NormalLink {
    /// - Parameter bytes: has room for as many as the link has.
    static func append(_ link: Span<UInt8>, to bytes: inout OutputSpan<UInt8>) {
        let start = bytes.count
        var index = hostStart(link)
        if link.starts(with: "www.", at: index) { index += 4 }
        while index < link.count, !isEndOfHost(link[index]) {
            let byte = link[index]
            bytes.append(byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte)
            index += 1
        }
        while index < link.count, link[index] != UInt8(ascii: "?"), link[index] != UInt8(ascii: "#") {
            bytes.append(link[index])
            index += 1
        }
        while bytes.count > start, bytes[bytes.count - 1] == UInt8(ascii: "/") { _ = bytes.removeLast() }
        if index < link.count, link[index] == UInt8(ascii: "?") { appendQuery(link, from: index + 1, to: &bytes) }
    }

    private static func isEndOfHost(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
    }

    /// After "://", looked for in the first 12 bytes.
    private static func hostStart(_ link: Span<UInt8>) -> Int {
        for index in 0..<min(10, max(0, link.count - 2))
        where link[index] == UInt8(ascii: ":") && link[index + 1] == UInt8(ascii: "/")
            && link[index + 2] == UInt8(ascii: "/")
        {
            return index + 3
        }
        return 0
    }

    private static func appendQuery(_ link: Span<UInt8>, from start: Int, to bytes: inout OutputSpan<UInt8>) {
        var index = start
        while index < link.count, link[index] != UInt8(ascii: "#") {
            let parameter = index
            while index < link.count, link[index] != UInt8(ascii: "&"), link[index] != UInt8(ascii: "#") { index += 1 }
            if !campaigns.contains(where: { link.starts(with: $0, at: parameter) }) {
                bytes.append(UInt8(ascii: "&"))
                for place in parameter..<index { bytes.append(link[place]) }
            }
            if index == link.count || link[index] == UInt8(ascii: "&") { index += 1 }
        }
    }

    /// Parameters that say where a reader came from and not what they read.
    private static let campaigns: [StaticString] = [
        "utm_", "fbclid=", "gclid=", "mc_cid=", "mc_eid=", "ref=", "source=",
    ]
}

extension Span<UInt8> {
    /// Whether `text`, which is lower case, stands at `index`, in any case.
    fileprivate func starts(with text: StaticString, at index: Int) -> Bool {
        guard index + text.utf8CodeUnitCount <= count else { return false }
        for offset in 0..<text.utf8CodeUnitCount {
            let byte = self[index + offset]
            let isUpper = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
            guard (isUpper ? byte | 0x20 : byte) == text.utf8Start[offset] else { return false }
        }
        return true
    }
}
