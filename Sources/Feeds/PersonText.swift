// A person written as one line of text, taken apart: RSS's `me@example.com (Name)` and what people write instead. Over
// bytes, because every entry of every poll has one.

internal import Markup
internal import Model

extension Person {
    /// `a@b.c (Name)`, `Name (a@b.c)`, `Name <a@b.c>`, `a@b.c`, `Name`, `mailto:a@b.c`.
    init(stated text: String) {
        self.init()
        let bytes = text.utf8
        // Most authors are a name and nothing else.
        guard Self.hasMore(bytes.span) else {
            name = text.isEmpty ? nil : text
            return
        }
        let words = bytes.split { $0 <= UInt8(ascii: " ") || Self.separators.contains($0) }
        guard let address = words.first(where: Self.isAddress) else {
            name = Self.tidy(Array(bytes))
            return
        }
        let isLink = address.count > 7 && Substring(address.prefix(7)).lowercased() == "mailto:"
        email = String(Substring(isLink ? address.dropFirst(7) : address))
        name = Self.tidy(bytes[..<address.startIndex] + [UInt8(ascii: " ")] + bytes[address.endIndex...])
    }

    /// Whether an address or a bracket may stand in it.
    private static func hasMore(_ text: Span<UInt8>) -> Bool {
        for index in 0..<text.count where text[index] == UInt8(ascii: "@") || text[index] == UInt8(ascii: "(") {
            return true
        }
        return false
    }

    private static let separators = Array("()<>[],;\"".utf8)

    private static func isAddress(_ word: Substring.UTF8View) -> Bool {
        let at = UInt8(ascii: "@")
        let dot = UInt8(ascii: ".")
        guard let start = word.firstIndex(of: at), start > word.startIndex else { return false }
        let host = word[word.index(after: start)...]
        return host.contains(dot) && !host.contains(at) && host.first != dot && host.last != dot
    }

    /// Without the brackets that held the address, or that are all there is around the name.
    private static func tidy(_ text: [UInt8]) -> String? {
        var name: [UInt8] = []
        for byte in text {
            name.append(byte)
            guard let open = opening(byte) else { continue }
            let inside = name.dropLast().last == UInt8(ascii: " ") ? 2 : 1
            guard name.dropLast(inside).last == open else { continue }
            name.removeLast(inside + 1)
            name.append(UInt8(ascii: " "))
        }
        var trimmed = String(decoding: name, as: UTF8.self).trimmingASCIISpace()
        if trimmed.hasPrefix("("), trimmed.hasSuffix(")") {
            trimmed = String(trimmed.dropFirst().dropLast()).trimmingASCIISpace()
        }
        return trimmed.isEmpty ? nil : trimmed
    }

    /// The bracket that a closing bracket closes.
    private static func opening(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: ")"): UInt8(ascii: "(")
        case UInt8(ascii: ">"): UInt8(ascii: "<")
        case UInt8(ascii: "]"): UInt8(ascii: "[")
        default: nil
        }
    }
}
