// Where a request goes: its URL as libcurl is given it, and host and port as libcurl will read them in it. Whoever
// looks the name up or judges the address must see the same host as libcurl, so what is not plain is read by libcurl.

import CNet
import FoundationEssentials
import Model

/// The destination of a request.
struct Target: Sendable, Equatable {
    /// Without anything that may not stand in a URL.
    let url: String
    /// As it is written in `url`.
    private let host: String
    private let port: Int
    /// The host in lower case, without the dot at the end of a full name or the brackets of an address.
    let name: String
    /// Whether the host is an IP address, so that there is nothing to look up.
    let isAddress: Bool
    /// Whether nothing but scheme, host, port and path is in the URL; above all, no credentials.
    let isPlain: Bool

    /// - Throws: `.badAddress` for what is not an http or https URL.
    init(_ text: String) throws(FetchFailure) {
        if let plain = Target(plain: text) {
            self = plain
        } else {
            // As it was parsed, not as it was written, so that libcurl cannot see another host in it than we did.
            guard let url = Address.parse(text)?.absoluteString, let read = Target(asLibcurlReads: url) else {
                throw .badAddress
            }
            self = read
        }
    }

    /// Host and port, as libcurl's cache of names has them: `example.com:443`.
    var endpoint: String {
        // Most have no port, and its digits need not be made.
        port == 443 ? host + ":443" : port == 80 ? host + ":80" : "\(host):\(port)"
    }

    private init(url: String, host: String, port: Int, name: String, isAddress: Bool, isPlain: Bool) {
        self.url = url
        self.host = host
        self.port = port
        self.name = name
        self.isAddress = isAddress
        self.isPlain = isPlain
    }

    private init?(asLibcurlReads text: String) {
        guard let parts = curl_url() else { return nil }
        defer { curl_url_cleanup(parts) }
        guard curl_url_set(parts, CURLUPART_URL, text, 0) == CURLUE_OK,
            let host = Self.part(CURLUPART_HOST, of: parts), host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            let port = Self.part(CURLUPART_PORT, of: parts).flatMap({ Int($0) })
        else { return nil }
        let bare = host.hasPrefix("[") ? host.dropFirst().dropLast() : host[...]
        let name = (bare.hasSuffix(".") ? bare.dropLast() : bare).lowercased()
        self.init(
            url: text, host: host, port: port, name: name, isAddress: IPAddress(String(bare)) != nil, isPlain: false)
    }

    private static func part(_ part: CURLUPart, of parts: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(parts, part, &text, UInt32(CURLU_DEFAULT_PORT)) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}

// MARK: Plain URLs

extension Target {
    /// A URL in which nothing can be read in two ways, as nearly all are: parsing one in full takes several times as
    /// long as all else that a request takes of us. `nil` for any other, good or bad.
    private init?(plain text: String) {
        guard text.utf8.count <= Address.maximumLength else { return nil }
        let reading = text.utf8.withContiguousStorageIfAvailable { PlainReading(UnsafeRawBufferPointer($0)) }
        guard let reading = reading ?? nil else { return nil }
        let bytes = text.utf8
        let start = bytes.index(bytes.startIndex, offsetBy: reading.host.lowerBound)
        let end = bytes.index(start, offsetBy: reading.host.count)
        let host = String(text[start..<end])
        let name = reading.hasCapitals ? host.lowercased() : host
        self.init(
            url: text, host: host, port: reading.port, name: name, isAddress: reading.isAddress, isPlain: true)
    }
}

/// `http` or `https`, a host of letters, digits, dots, hyphens and underscores whose last label begins with a letter,
/// or an IPv4 address as everybody writes it, perhaps a port, and a path of characters that may stand in one: no
/// credentials, no fragment, no brackets.
private struct PlainReading {
    private(set) var host = 0..<0
    private(set) var port = 0
    private(set) var hasCapitals = false
    private(set) var isAddress = false

    init?(_ bytes: UnsafeRawBufferPointer) {
        let start: Int
        if bytes.starts(with: "https://".utf8) {
            (start, port) = (8, 443)
        } else if bytes.starts(with: "http://".utf8) {
            (start, port) = (7, 80)
        } else {
            return nil
        }
        var index = start
        guard let end = readHost(bytes, &index) else { return nil }
        host = start..<end
        guard readPort(bytes, &index), isPlainPath(UnsafeRawBufferPointer(rebasing: bytes[index...])) else {
            return nil
        }
    }

    /// - Returns: where the host ends.
    private mutating func readHost(_ bytes: UnsafeRawBufferPointer, _ index: inout Int) -> Int? {
        let start = index
        var label = start
        while index < bytes.count, let kind = HostByte(bytes[index]) {
            if kind == .dot {
                guard index > label else { return nil }
                label = index + 1
            }
            if kind == .capital { hasCapitals = true }
            index += 1
        }
        guard index > label, index - start <= 253, let first = HostByte(bytes[label]) else { return nil }
        if first == .capital || first == .letter { return index }
        // Any other last label may be an odd way to write an address (WHATWG URL §3.5).
        isAddress = Self.isAddress(bytes[start..<index])
        return isAddress ? index : nil
    }

    /// Whether it is four numbers up to 255 without a leading zero, which some read as octal.
    private static func isAddress(_ host: Slice<UnsafeRawBufferPointer>) -> Bool {
        var (dots, digits, number) = (0, 0, 0)
        for byte in host {
            if byte == UInt8(ascii: ".") {
                (dots, digits, number) = (dots + 1, 0, 0)
                continue
            }
            let isSecondOfZero = digits > 0 && number == 0
            (digits, number) = (digits + 1, number * 10 + Int(byte & 0x0F))
            guard (0x30...0x39).contains(byte), !isSecondOfZero, number < 256 else { return false }
        }
        return dots == 3 && digits > 0
    }

    private mutating func readPort(_ bytes: UnsafeRawBufferPointer, _ index: inout Int) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: ":") else { return true }
        index += 1
        let digits = bytes[index...].prefix { (0x30...0x39).contains($0) }
        guard (1...5).contains(digits.count), digits.first != 0x30 else { return false }
        index += digits.count
        port = digits.reduce(0) { $0 * 10 + Int($1 & 0x0F) }
        return port <= 65_535
    }

    private func isPlainPath(_ path: UnsafeRawBufferPointer) -> Bool {
        guard let first = path.first else { return true }
        guard first == UInt8(ascii: "/") else { return false }
        var escape = 0
        for byte in path {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
                UInt8(ascii: "A")...UInt8(ascii: "F"):
                escape = max(0, escape - 1)
            case _ where escape > 0: return false
            case UInt8(ascii: "%"): escape = 2
            case UInt8(ascii: "g")...UInt8(ascii: "z"), UInt8(ascii: "G")...UInt8(ascii: "Z"), UInt8(ascii: "!"),
                UInt8(ascii: "$"), UInt8(ascii: "&")...UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: ";"),
                UInt8(ascii: "="), UInt8(ascii: "?"), UInt8(ascii: "@"), UInt8(ascii: "_"), UInt8(ascii: "~"):
                break
            default: return false
            }
        }
        return escape == 0
    }
}

/// What may stand in a plain host.
private enum HostByte {
    case letter, capital, other, dot

    init?(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): self = .letter
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): self = .capital
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"): self = .other
        case UInt8(ascii: "."): self = .dot
        default: return nil
        }
    }
}
