// Plain text out of markup, for matching and for people: blocks are set apart by a blank line, `<br>` by a line break,
// inline elements by nothing; scripts and styles vanish; references are decoded, twice where they were escaped twice.
// One pass over bytes, linear in their number; unclosed and nested tags cost nothing, because nothing is remembered.

internal import CXML

/// Makes plain text.
package enum PlainText {
    /// The text of an HTML fragment.
    package static func fromHTML(_ html: String) -> String {
        var html = html
        return html.withUTF8 { buffer in
            var stripper = HTMLStripper(capacity: buffer.count)
            stripper.run(buffer.span)
            return String(decoding: stripper.output, as: UTF8.self)
        }
    }

    /// Plain text made tidy: references that were escaped once too often are decoded, spaces collapse, line breaks
    /// stay.
    package static func fromPlain(_ text: String) -> String {
        var text = text
        return text.withUTF8 { buffer in
            var stripper = HTMLStripper(capacity: buffer.count, isPlain: true)
            stripper.run(buffer.span)
            return String(decoding: stripper.output, as: UTF8.self)
        }
    }

    /// The same as `fromHTML` for text that has no markup in it: line breaks are spaces.
    package static func fromPlainLine(_ text: String) -> String {
        var text = text
        return text.withUTF8 { buffer in
            var stripper = HTMLStripper(capacity: buffer.count, isPlain: true, breaksLines: false)
            stripper.run(buffer.span)
            return String(decoding: stripper.output, as: UTF8.self)
        }
    }

    /// The same for a String.
    package static func looksLikeHTML(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { looksLikeHTML($0.span) }
    }

    /// Whether text that may be either is markup: it holds a tag of HTML, or a reference. RSS never says which.
    package static func looksLikeHTML(_ text: Span<UInt8>) -> Bool {
        var index = text.next(cxml_markup, from: 0, to: text.count)
        while index < text.count {
            if text[index] == Byte.ampersand, HTMLStripper.decode(text, at: index) != nil { return true }
            if text[index] == Byte.less, HTMLTag(text, at: index)?.kind != nil { return true }
            index = text.next(cxml_markup, from: index + 1, to: text.count)
        }
        return false
    }
}

/// A tag of HTML as a browser would take it, as far as its end.
struct HTMLTag {
    var kind: HTMLKind?
    var isEnd: Bool
    var name: Range<Int>
    /// The index after its `>`.
    var end: Int

    /// `nil` if the `<` at `index` begins no tag: `<3`, `a < b`, `<john@example.com>`, `<KLM>`.
    init?(_ text: Span<UInt8>, at index: Int) {
        isEnd = index + 1 < text.count && text[index + 1] == Byte.slash
        let start = index + (isEnd ? 2 : 1)
        name = start..<text.nameEnd(from: start)
        guard !name.isEmpty, name.upperBound < text.count else { return nil }
        let next = text[name.upperBound]
        guard next == Byte.greater || next == Byte.slash || Byte.isSpace(next) else { return nil }
        kind = HTMLNames.kind(text.extracting(name))
        let isPlainWord = kind == nil && !isEnd && next == Byte.greater && !text.hasPunctuation(name)
        guard !isPlainWord, text[name.upperBound - 1] != UInt8(ascii: ":") else { return nil }
        guard let end = Self.end(text, from: name.upperBound) else { return nil }
        self.end = end
    }

    /// The index after the `>`, past quoted attribute values; a quote that never ends, or ends far away, is none. A `<`
    /// outside quotes ends the search: without that, `<a <a <a …` would be searched again from every one of them.
    private static func end(_ text: Span<UInt8>, from start: Int) -> Int? {
        var index = start
        var quote: UInt8 = 0
        var firstGreater: Int?
        let limit = min(text.count, start + TagLimits.bytes)
        while index < limit {
            let byte = text[index]
            if byte == Byte.greater {
                if quote == 0 { return index + 1 }
                firstGreater = firstGreater ?? index + 1
            } else if byte == Byte.less, quote == 0 {
                return nil
            } else if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == Byte.quote || byte == Byte.apostrophe, text[index - 1] == Byte.equals {
                quote = byte
            }
            index += 1
        }
        return firstGreater
    }
}

/// The pass over one text.
struct HTMLStripper {
    private(set) var output: [UInt8] = []
    private let isPlain: Bool
    private let breaksLines: Bool
    /// What separates the last word from the next.
    private var gap = Gap.none
    // Searches for an end that failed: what follows has none either.
    private var hasNoCommentEnd = false
    private var noEndTags: Set<String> = []
    private var noGreaterBefore = 0

    private enum Gap: UInt8, Comparable {
        case none, space, line, blank

        static func < (one: Gap, other: Gap) -> Bool { one.rawValue < other.rawValue }
    }

    init(capacity: Int, isPlain: Bool = false, breaksLines: Bool = true) {
        self.isPlain = isPlain
        self.breaksLines = isPlain && breaksLines
        output.reserveCapacity(capacity)
    }

    mutating func run(_ text: Span<UInt8>) {
        let table = Self.stops
        let stops = table.span
        var index = 0
        while index < text.count {
            if stops[Int(text[index])] == 0 {
                index = word(text, from: index, stops)
            } else {
                index = stop(text, at: index)
            }
        }
    }

    /// Copies a run of text, single spaces between words included.
    private mutating func word(_ text: Span<UInt8>, from start: Int, _ stops: Span<UInt8>) -> Int {
        var index = start + 1
        while index < text.count {
            let isPlainSpace = text[index] == Byte.space && index + 1 < text.count && stops[Int(text[index + 1])] == 0
            guard isPlainSpace || stops[Int(text[index])] == 0 else { break }
            index += 1
        }
        separate()
        text.extracting(start..<index).withUnsafeBufferPointer { output.append(contentsOf: $0) }
        return index
    }

    private mutating func stop(_ text: Span<UInt8>, at index: Int) -> Int {
        switch text[index] {
        case Byte.less where !isPlain: return markup(text, at: index)
        case Byte.ampersand: return reference(text, at: index)
        case 0xC2 where text.has("\u{A0}", at: index): return space(.space, end: index + 2)
        case Byte.newline where breaksLines: return space(gap == .line ? .blank : .line, end: index + 1)
        case let byte where byte <= Byte.space: return space(.space, end: index + 1)
        default: return copy(text, index..<index + 1)
        }
    }

    private mutating func space(_ wanted: Gap, end: Int) -> Int {
        gap = max(gap, wanted)
        return end
    }

    private mutating func copy(_ text: Span<UInt8>, _ range: Range<Int>) -> Int {
        separate()
        for index in range { output.append(text[index]) }
        return range.upperBound
    }

    /// Writes the separator that is due; none at the very start.
    private mutating func separate() {
        defer { gap = .none }
        guard gap != .none, !output.isEmpty else { return }
        switch gap {
        case .none: break
        case .space: output.append(Byte.space)
        case .line: output.append(Byte.newline)
        case .blank: output.append(contentsOf: "\n\n".utf8)
        }
    }

    // MARK: Markup

    private mutating func markup(_ text: Span<UInt8>, at index: Int) -> Int {
        if text.has("<!", at: index) || text.has("<?", at: index) { return declaration(text, at: index) }
        guard let tag = HTMLTag(text, at: index) else { return copy(text, index..<index + 1) }
        switch tag.kind {
        case .block: gap = .blank
        case .line: gap = max(gap, .line)
        case .gap: gap = max(gap, .space)
        case .hidden where !tag.isEnd: return hidden(text, tag)
        default: break
        }
        return tag.end
    }

    /// Skips to the end tag of the same name; an element that is never closed hides nothing but its tag.
    private mutating func hidden(_ text: Span<UInt8>, _ tag: HTMLTag) -> Int {
        let name = text.text(in: tag.name).lowercased()
        guard text[tag.end - 2] != Byte.slash, !noEndTags.contains(name) else { return tag.end }
        var index = tag.end
        while let end = text.end(of: "</", from: index) {
            if text.equalIgnoringCase(end..<text.nameEnd(from: end), tag.name) {
                return text.end(of: ">", from: end) ?? text.count
            }
            index = end
        }
        noEndTags.insert(name)
        return tag.end
    }

    private mutating func declaration(_ text: Span<UInt8>, at index: Int) -> Int {
        if text.has("<!--", at: index) {
            guard !hasNoCommentEnd, let end = text.end(of: "-->", from: index + 4) else {
                hasNoCommentEnd = true
                return copy(text, index..<index + 1)
            }
            return end
        }
        if text.has("<![CDATA[", at: index) { return index + 9 }
        guard index >= noGreaterBefore else { return copy(text, index..<index + 1) }
        let limit = min(text.count, index + TagLimits.bytes)
        if let end = text.extracting(index..<limit).end(of: ">", from: 0) { return index + end }
        noGreaterBefore = limit
        return copy(text, index..<index + 1)
    }

    // MARK: References

    private mutating func reference(_ text: Span<UInt8>, at index: Int) -> Int {
        guard var found = Self.decode(text, at: index) else { return copy(text, index..<index + 1) }
        // "AT&amp;amp;T": escaped twice, so it is decoded twice.
        if found.scalar == "&", let again = Self.decodeRest(text, at: found.end) { found = again }
        if found.scalar.properties.isWhitespace { return space(.space, end: found.end) }
        guard Special.isAllowed(found.scalar) else { return found.end }
        separate()
        output.append(contentsOf: String(Character(found.scalar)).utf8)
        return found.end
    }

    /// The character that a reference at `index` stands for, and the index after it; `nil` where there is none.
    static func decode(_ text: Span<UInt8>, at index: Int) -> (scalar: Unicode.Scalar, end: Int)? {
        decodeRest(text, at: index + 1)
    }

    /// The same, from after the ampersand: a name or number of at most 32 bytes and its semicolon.
    private static func decodeRest(_ text: Span<UInt8>, at start: Int) -> (scalar: Unicode.Scalar, end: Int)? {
        let limit = min(text.count, start + 32)
        var end = start
        while end < limit, Byte.isLetter(text[end]) || Byte.isDigit(text[end]) || end == start && text[end] == Byte.hash
        {
            end += 1
        }
        guard end > start, end < text.count, text[end] == Byte.semicolon else { return nil }
        let name = text.extracting(start..<end)
        let scalar = name[0] == Byte.hash ? Entities.numeric(name.extracting(1...)) : Entities.scalar(name)
        return scalar.map { ($0, end + 1) }
    }

    /// 1 for every byte that ends a run of text.
    private static let stops: [UInt8] = (0...255).map { byte in
        byte <= 0x20 || byte == 0x3C || byte == 0x26 || byte == 0xC2 ? 1 : 0
    }
}

extension Span<UInt8> {
    /// Whether a name has what words do not have: a hyphen, a dot, a colon, an underscore.
    fileprivate func hasPunctuation(_ name: Range<Int>) -> Bool {
        name.contains { !Byte.isLetter(self[$0]) && !Byte.isDigit(self[$0]) }
    }
}
