// Paths as robots.txt compares them: octet by octet, after both sides are percent-encoded alike (RFC 9309, 2.2.2).

import FoundationEssentials
import Model

enum RobotsPath {
    /// Path and query of an address, in normal form.
    static func path(of address: String) -> [UInt8] {
        let bytes = Array(address.utf8)
        guard let origin = Address.parse(address) else { return normal(bytes[...]) }
        let path = origin.path(percentEncoded: true)
        let query = origin.query(percentEncoded: true).map { "?" + $0 } ?? ""
        return normal(Array(((path.isEmpty ? "/" : path) + query).utf8)[...])
    }

    /// What is not ASCII is encoded; an encoded character that needs no encoding is not; hexadecimal digits are
    /// capitals.
    static func normal(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var normal: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let value = hexadecimal(rest.prefix(2)) {
                rest = rest.dropFirst(2)
                if isUnreserved(value) { normal.append(value) } else { append(encoded: value, to: &normal) }
            } else if byte > 0x7E || byte <= 0x20 {
                append(encoded: byte, to: &normal)
            } else {
                normal.append(byte)
            }
        }
        return normal
    }

    /// Whether `path` begins as `pattern` says, where `*` is any run and a `$` at the end is the path's end. Linear in
    /// practice and never more than the product of the lengths: one step back, to the last star.
    static func matches(_ pattern: [UInt8], _ path: [UInt8]) -> Bool {
        let isAnchored = pattern.last == UInt8(ascii: "$")
        let pattern = isAnchored ? pattern.dropLast() : pattern[...]
        var (at, place) = (pattern.startIndex, 0)
        var star: (pattern: Int, path: Int)?
        while true {
            if at == pattern.endIndex {
                if !isAnchored || place == path.count { return true }
            } else if pattern[at] == UInt8(ascii: "*") {
                star = (at + 1, place)
                at += 1
                continue
            } else if place < path.count, pattern[at] == path[place] {
                at += 1
                place += 1
                continue
            }
            guard let last = star, last.path < path.count else { return false }
            star = (last.pattern, last.path + 1)
            (at, place) = (last.pattern, last.path + 1)
        }
    }

    private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt8? {
        guard digits.count == 2 else { return nil }
        return UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    private static func append(encoded byte: UInt8, to text: inout [UInt8]) {
        let digits = Array("0123456789ABCDEF".utf8)
        text += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }

    /// RFC 3986, 2.3.
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x61...0x7A, 0x41...0x5A, 0x30...0x39: true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        default: false
        }
    }
}
