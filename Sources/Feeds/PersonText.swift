// A person written as one line of text, taken apart: RSS's `me@example.com (Name)` and what people write instead.

internal import Markup
internal import Model

extension Person {
    /// `a@b.c (Name)`, `Name (a@b.c)`, `Name <a@b.c>`, `a@b.c`, `Name`, `mailto:a@b.c`.
    init(stated text: String) {
        self.init()
        // Most authors are a name and nothing else.
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "@") || $0 == UInt8(ascii: "(") }) else {
            name = text.isEmpty ? nil : text
            return
        }
        let words = text.split { $0.isWhitespace || "()<>[],;\"".contains($0) }
        guard let address = words.first(where: Self.isAddress) else {
            name = Self.tidy(text[...])
            return
        }
        let isLink = address.lowercased().hasPrefix("mailto:")
        email = String(isLink ? address.dropFirst("mailto:".count) : address)
        name = Self.tidy(text[..<address.startIndex] + " " + text[address.endIndex...])
    }

    private static func isAddress(_ word: Substring) -> Bool {
        guard let at = word.firstIndex(of: "@"), at > word.startIndex else { return false }
        let host = word[word.index(after: at)...]
        return host.contains(".") && !host.contains("@") && host.first != "." && host.last != "."
    }

    /// Without the brackets that held the address, or that are all there is around the name.
    private static func tidy(_ text: Substring) -> String? {
        var name = String(text)
        for empty in ["()", "( )", "<>", "< >", "[]", "[ ]"] { name = name.replacing(empty, with: " ") }
        name = name.trimmingASCIISpace()
        if name.hasPrefix("("), name.hasSuffix(")") { name = String(name.dropFirst().dropLast()) }
        name = name.trimmingASCIISpace()
        return name.isEmpty ? nil : name
    }
}
