// A start tag as it is written, told from text that only looks like one, and the elements that are open around it.

internal import CXML
internal import Glibc

/// A start tag. Making one never looks further than the tag limits allow.
struct Tag {
    /// Ranges of the input.
    struct Attribute {
        var name: Range<Int>
        var value: Range<Int>
    }

    private(set) var name: Range<Int>
    /// Where the name's part after its prefix begins.
    private let local: Int
    /// The index after its `>`.
    private(set) var end: Int
    private(set) var isEmpty = false
    /// An attribute lacks its value, a quote or the space before it, or holds a `<`.
    private(set) var isBroken = false
    private(set) var isOversized = false
    /// References or forbidden characters stand in it.
    private(set) var hasSpecials = false
    private var attributeCount = 0
    private var bareCount = 0

    /// `nil` if what begins at `index` is no tag: `<3`, `<john@example.com>`, `a <b and c`.
    @inline(__always)  // Handed back in memory, a tag is read faster than it is written, and waits for that.
    init?(_ input: Span<UInt8>, at index: Int) {
        let found = input.name(from: index + 1)
        name = index + 1..<index + 1 + found.count
        local = name.lowerBound + found.local
        end = name.upperBound
        guard !name.isEmpty, end < input.count, found.isQualified(input, at: name.lowerBound) else { return nil }
        guard input[end] != Byte.greater else {
            end += 1
            return
        }
        guard Byte.isSpace(input[end]) || input[end] == Byte.slash else { return nil }
        guard scan(input, from: index) else { return nil }
        // "x <y and z>" is text; "<input disabled>" is not.
        if bareCount > 0, attributeCount == 0, !HTMLNames.isKnown(input.extracting(name)) { return nil }
    }

    func isEntry(_ input: Span<UInt8>) -> Bool {
        switch name.upperBound - local {
        case 4: input.hasIgnoringCase("item", at: local)
        case 5: input.hasIgnoringCase("entry", at: local)
        default: false
        }
    }

    /// HTML's elements without an end tag, as far as no element of a feed shares the name.
    func isVoid(_ input: Span<UInt8>) -> Bool {
        switch name.count {
        case 2: input.hasIgnoringCase("br", at: name.lowerBound) || input.hasIgnoringCase("hr", at: name.lowerBound)
        case 3: input.hasIgnoringCase("img", at: name.lowerBound) || input.hasIgnoringCase("wbr", at: name.lowerBound)
        default: false
        }
    }
}

// MARK: - Reading one

extension Tag {
    /// Walks the attributes, remembering only what is wrong with them; false if this is no tag after all.
    private mutating func scan(_ input: Span<UInt8>, from start: Int) -> Bool {
        var index = name.upperBound
        while let next = step(input, from: index, in: start) {
            index = next
            if attributeCount > TagLimits.attributes || index - start > TagLimits.bytes {
                isOversized = true
                // Looked for in 1 MiB, which a kilobyte of attributes pays for: no document makes this search long.
                let rest = input.extracting(index..<min(input.count, index + (1 << 20)))
                return finish(after: rest.end(of: ">", from: 0).map { index + $0 })
            }
        }
        return end > name.upperBound
    }

    private mutating func finish(after end: Int?) -> Bool {
        guard let end else { return false }
        self.end = end
        return true
    }

    /// Steps over white space and one attribute; `nil` at the end, which is then set, or where the tag breaks off.
    private mutating func step(_ input: Span<UInt8>, from start: Int, in tagStart: Int) -> Int? {
        let index = input.skipSpace(from: start)
        guard index < input.count else { return nil }
        switch input[index] {
        case Byte.greater:
            end = index + 1
            return nil
        case Byte.slash where index + 1 < input.count && input[index + 1] == Byte.greater:
            isEmpty = true
            end = index + 2
            return nil
        case Byte.less:
            // The next tag: this one lacks its ">", if it is one.
            if attributeCount > 0 {
                isBroken = true
                end = index
            }
            return nil
        case let byte where Byte.startsName(byte):
            if index == start { isBroken = true }
            return attribute(input, from: index)?.end
        default:
            guard attributeCount > 0 || input[index] == Byte.slash else { return nil }
            isBroken = true
            return index + 1
        }
    }

    /// Reads one attribute and notes what is wrong with it.
    private mutating func attribute(_ input: Span<UInt8>, from start: Int) -> (attribute: Attribute, end: Int)? {
        let name = start..<input.nameEnd(from: start)
        let equals = input.skipSpace(from: name.upperBound)
        guard equals < input.count, input[equals] == Byte.equals else {
            bareCount += 1
            isBroken = true
            return (Attribute(name: name, value: name), name.upperBound)
        }
        let value = input.skipSpace(from: equals + 1)
        guard value < input.count else { return nil }
        attributeCount += 1
        let quote = input[value]
        if quote == Byte.quote || quote == Byte.apostrophe, let close = closingQuote(input, from: value, quote) {
            return (Attribute(name: name, value: value + 1..<close), close + 1)
        }
        isBroken = true
        let end = unquotedEnd(input, from: value)
        return (Attribute(name: name, value: value..<end), end)
    }

    /// A value may hold a `<` only if it is short: a quote that was forgotten must not swallow the document.
    private mutating func closingQuote(_ input: Span<UInt8>, from start: Int, _ quote: UInt8) -> Int? {
        var limit = min(input.count, start + TagLimits.bytes)
        var index = input.next(cxml_in_value, from: start + 1, to: limit)
        while index < limit {
            switch input[index] {
            case quote: return index
            case Byte.quote, Byte.apostrophe: break
            case Byte.less:
                isBroken = true
                limit = min(limit, start + Self.longestValueWithMarkup)
            default: hasSpecials = true
            }
            index = input.next(cxml_in_value, from: index + 1, to: limit)
        }
        return nil
    }

    private static let longestValueWithMarkup = 1024

    private func unquotedEnd(_ input: Span<UInt8>, from start: Int) -> Int {
        let limit = min(input.count, start + TagLimits.bytes)
        var index = start
        while index < limit, !Byte.isSpace(input[index]), input[index] != Byte.greater, input[index] != Byte.less {
            index += 1
        }
        return index
    }

    /// The attributes once more, for a tag that has to be written anew. A name that stands twice is kept once.
    func attributes(_ input: Span<UInt8>) -> [Attribute] {
        var again = self
        var found: [Attribute] = []
        var index = name.upperBound
        while index < end {
            index = input.skipSpace(from: index)
            guard index < end else { break }
            guard Byte.startsName(input[index]), let next = again.attribute(input, from: index) else {
                index += 1
                continue
            }
            let isNew = !found.contains { input.equal($0.name, next.attribute.name) }
            if isNew, input.name(from: index).isQualified(input, at: index) { found.append(next.attribute) }
            index = next.end
        }
        return found
    }
}

extension cxml_name {
    /// Whether the name, which stands at `start`, is one with at most one prefix (Namespaces in XML, production 7).
    fileprivate func isQualified(_ input: Span<UInt8>, at start: Int) -> Bool {
        colons == 0 || colons == 1 && local < count && Byte.startsName(input[start + local])
    }
}

extension Span<UInt8> {
    func equal(_ one: Range<Int>, _ other: Range<Int>) -> Bool {
        guard one.count == other.count else { return false }
        let (one, other) = (extracting(one), extracting(other))
        return one.withUnsafeBytes { one in
            other.withUnsafeBytes { other in
                // Both have as many bytes as are compared.
                guard let one = one.baseAddress, let first = other.baseAddress else { return true }
                return memcmp(one, first, other.count) == 0
            }
        }
    }

    func equalIgnoringCase(_ one: Range<Int>, _ other: Range<Int>) -> Bool {
        guard one.count == other.count else { return false }
        for offset in 0..<one.count {
            let difference = self[one.lowerBound + offset] ^ self[other.lowerBound + offset]
            guard difference == 0 || difference == 0x20 else { return false }
        }
        return true
    }
}

// MARK: - What is open

/// The names of the open elements, as ranges of the input.
struct OpenElements {
    private struct Element {
        var name: Range<Int>
        var hash: UInt8
    }

    private var elements: [Element] = []
    /// How many open names have a hash: an end tag that matches none is known without a search.
    private var counts = [UInt16](repeating: 0, count: 256)
    /// Where the open entry stands.
    private(set) var entryDepth: Int?

    var count: Int { elements.count }
    var isEmpty: Bool { elements.isEmpty }
    var isFull: Bool { elements.count >= TagLimits.depth }

    mutating func push(_ input: Span<UInt8>, _ name: Range<Int>, isEntry: Bool) {
        if isEntry { entryDepth = elements.count }
        let hash = Self.hash(input, name)
        elements.append(Element(name: name, hash: hash))
        counts[Int(hash)] += 1
    }

    mutating func pop() -> Range<Int>? {
        guard let name = elements.last?.name else { return nil }
        removeInnermost()
        return name
    }

    mutating func removeInnermost() {
        let element = elements.removeLast()
        counts[Int(element.hash)] -= 1
        if entryDepth == elements.count { entryDepth = nil }
    }

    subscript(depth: Int) -> Range<Int> { elements[depth].name }

    /// The index after the end tag at `index` if it is the innermost element's to the letter, as it nearly always is.
    func endOfInnermost(_ input: Span<UInt8>, at index: Int) -> Int? {
        guard let name = elements.last?.name else { return nil }
        let end = index + 2 + name.count
        guard end < input.count, input[end] == Byte.greater, input.equal(name, index + 2..<end) else { return nil }
        return end + 1
    }

    /// The depth of the innermost element of that name; its case need not match.
    func depth(of name: Range<Int>, in input: Span<UInt8>) -> Int? {
        let hash = Self.hash(input, name)
        guard counts[Int(hash)] > 0 else { return nil }
        return elements.lastIndex { $0.hash == hash && input.equalIgnoringCase($0.name, name) }
    }

    private static func hash(_ input: Span<UInt8>, _ name: Range<Int>) -> UInt8 {
        // Length, first and last letter tell most names apart; the rest is compared.
        let (first, last) = (input[name.lowerBound] | 0x20, input[name.upperBound - 1] | 0x20)
        return UInt8(truncatingIfNeeded: name.count) &* 31 &+ first &* 7 &+ last
    }
}
