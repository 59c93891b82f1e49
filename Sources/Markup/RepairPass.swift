// The pass over a document from its root element on: takes tags and texts apart, copies what is sound, writes anew what
// is not. Everything it remembers is bounded (256 open elements), and every search that fails is remembered too, so that
// no document can make it look twice.

internal import CXML

/// One repair of one document.
struct RepairPass {
    private(set) var tags: [UInt8] = []
    private(set) var texts: [UInt8] = []
    private(set) var marks: [cxml_mark] = []
    /// Texts before this have their place.
    private var marked = 0
    var repairs = Repairs()
    private(set) var entryTags = 0
    private let start: Int
    /// Where the part of a tag begins that is not in `tags` yet.
    private var copied = 0
    /// How long `tags` was when the innermost element's start tag was its end.
    private var tagsOpened = 0
    private var open = OpenElements()
    private var isDone = false
    private var unfound = Unfound()
    /// Where the next entry begins, as far as was looked.
    private var nextEntry: Int?

    /// Searches that came back empty: what follows has none either.
    private struct Unfound {
        var comment = false, section = false, instruction = false, greater = false, entry = false
    }

    init(from start: Int, capacity: Int) {
        self.start = start
        // Most of a feed is text; what tags need beyond this is found by growing.
        texts.reserveCapacity(capacity - start)
        tags.reserveCapacity((capacity - start) / 4)
        // In the wild a text stands in every 180 bytes.
        marks.reserveCapacity((capacity - start) / 128)
    }

    mutating func run(_ input: Span<UInt8>) {
        var index = start
        while !isDone {
            index = input.copy(to: &texts, from: index, to: input.count, stops: cxml_both)
            guard index < input.count else { break }
            index = handle(input, at: index)
        }
        finish(input, at: min(index, input.count))
    }

    /// Closes what is open, and puts the zero byte at the end that libxml2 looks for.
    private mutating func finish(_ input: Span<UInt8>, at end: Int) {
        endText()
        if isDone {
            let junk = (end..<input.count).contains { !Byte.isSpace(input[$0]) }
            repairs.junkDropped += junk ? 1 : 0
        } else {
            repairs.endsEarly = 1
            while let name = open.pop() { close(input, name) }
        }
        tags.append(0)
    }

    private mutating func handle(_ input: Span<UInt8>, at index: Int) -> Int {
        switch input[index] {
        case Byte.less: markup(input, at: index)
        case Byte.ampersand: reference(input, at: index)
        default: character(input, at: index)
        }
    }
}

// MARK: - Texts

extension RepairPass {
    /// A tag begins: what was text until there belongs before it.
    private mutating func endText() {
        guard texts.count > marked else { return }
        marked = texts.count
        marks.append(cxml_mark(at: UInt32(tags.count), end: UInt32(marked)))
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        if scalar.isASCII { texts.append(UInt8(scalar.value)) } else { texts.append(contentsOf: scalar.utf8) }
    }

    private mutating func character(_ input: Span<UInt8>, at index: Int) -> Int {
        // XML 1.0, 2.11: a line ends in a line feed, however it was written.
        if input[index] == Byte.carriageReturn {
            if index + 1 == input.count || input[index + 1] != Byte.newline { texts.append(Byte.newline) }
            return index + 1
        }
        switch Special.look(input, at: index) {
        case .keep(let end):
            texts.append(input[index])
            return end
        case .drop(let end):
            repairs.controlCharacters += 1
            return end
        case .windows1252(let byte, let end):
            repairs.badBytes += 1
            append(Windows1252.scalar(byte))
            return end
        }
    }

    /// What begins no reference stays as it is: a text needs no escapes.
    private mutating func reference(_ input: Span<UInt8>, at index: Int) -> Int {
        let found = CharacterReference.look(input, at: index)
        note(found.kind)
        if let scalar = found.scalar {
            append(scalar)
        } else if found.kind != .bad {
            texts.append(Byte.ampersand)
        }
        return found.end
    }

    private mutating func note(_ kind: CharacterReference.Kind) {
        switch kind {
        case .sound: break
        case .bare: repairs.bareAmpersands += 1
        case .unknown: repairs.unknownEntities += 1
        case .bad: repairs.badReferences += 1
        case .named: repairs.htmlReferences += 1
        }
    }
}

// MARK: - Markup

extension RepairPass {
    private mutating func markup(_ input: Span<UInt8>, at index: Int) -> Int {
        guard index + 1 < input.count else { return noMarkup(at: index) }
        switch input[index + 1] {
        case Byte.slash: return endTag(input, at: index)
        case UInt8(ascii: "!"): return declaration(input, at: index)
        case UInt8(ascii: "?"): return instruction(input, at: index)
        default: return startTag(input, at: index)
        }
    }

    /// A `<` that is text.
    private mutating func noMarkup(at index: Int) -> Int {
        repairs.bareAngles += 1
        texts.append(Byte.less)
        return index + 1
    }

    private mutating func declaration(_ input: Span<UInt8>, at index: Int) -> Int {
        if input.has("<!--", at: index) { return comment(input, at: index) }
        if input.has("<![CDATA[", at: index) { return section(input, at: index) }
        guard input.hasDoctype(at: index), let end = Self.end(of: ">", input, from: index, &unfound.greater) else {
            return noMarkup(at: index)
        }
        repairs.doctypesDropped += 1
        return end
    }

    /// Nobody reads them; those that XML would not allow are counted.
    private mutating func comment(_ input: Span<UInt8>, at index: Int) -> Int {
        guard let end = Self.end(of: "-->", input, from: index + 4, &unfound.comment) else {
            return noMarkup(at: index)
        }
        if hasControls(input, index + 4..<end - 3)
            || input.extracting(index + 4..<end - 2).end(of: "--", from: 0) != nil
        {
            repairs.commentsDropped += 1
        }
        return end
    }

    private func hasControls(_ input: Span<UInt8>, _ range: Range<Int>) -> Bool {
        range.contains { input[$0] < 0x20 && !Byte.isSpace(input[$0]) }
    }

    private mutating func section(_ input: Span<UInt8>, at index: Int) -> Int {
        var next = index + 9
        guard let end = Self.end(of: "]]>", input, from: next, &unfound.section) else {
            repairs.openSections += 1
            return next
        }
        while true {
            next = input.copy(to: &texts, from: next, to: end - 3, stops: cxml_suspects)
            guard next < end - 3 else { return end }
            next = character(input, at: next)
        }
    }

    private mutating func instruction(_ input: Span<UInt8>, at index: Int) -> Int {
        guard let end = Self.end(of: "?>", input, from: index + 2, &unfound.instruction) else {
            return noMarkup(at: index)
        }
        if input.hasXMLTarget(at: index + 2) {
            repairs.declarationsDropped += 1
        } else if input.nameEnd(from: index + 2) == index + 2 || hasControls(input, index..<end) {
            repairs.commentsDropped += 1
        }
        return end
    }

    /// A search that is not made again once it has failed.
    private static func end(of text: StaticString, _ input: Span<UInt8>, from start: Int, _ failed: inout Bool) -> Int?
    {
        guard !failed else { return nil }
        let found = input.end(of: text, from: start)
        failed = found == nil
        return found
    }
}

// MARK: - Tags

extension RepairPass {
    private mutating func copyTag(_ input: Span<UInt8>, to end: Int) {
        guard end > copied else { return }
        input.extracting(copied..<end).withUnsafeBufferPointer { tags.append(contentsOf: $0) }
        copied = end
    }

    private mutating func close(_ input: Span<UInt8>, _ name: Range<Int>) {
        tags.append(contentsOf: "</".utf8)
        input.extracting(name).withUnsafeBufferPointer { tags.append(contentsOf: $0) }
        tags.append(Byte.greater)
        repairs.unclosedElements += 1
    }

    private mutating func startTag(_ input: Span<UInt8>, at index: Int) -> Int {
        guard let tag = Tag(input, at: index) else { return noMarkup(at: index) }
        let isEntry = tag.isEntry(input) && closeLastEntry(input, before: tag)
        guard !open.isFull || tag.isEmpty || isEntry else {
            repairs.tooDeep += 1
            return tag.end
        }
        endText()
        copied = index
        let isVoid = !tag.isEmpty && tag.isVoid(input)
        if tag.isOversized {
            repairs.oversizedTags += 1
            replaceTag(input, tag, attributes: [], isEmpty: tag.isEmpty || isVoid)
        } else if tag.isBroken || isVoid {
            repairs.brokenTags += 1
            replaceTag(input, tag, attributes: tag.attributes(input), isEmpty: tag.isEmpty || isVoid)
        } else if tag.hasSpecials {
            repairAttributes(input, in: tag.name.upperBound..<tag.end)
        }
        copyTag(input, to: tag.end)
        if !tag.isEmpty, !isVoid {
            open.push(input, tag.name, isEntry: isEntry)
            tagsOpened = tags.count
        }
        if open.isEmpty { isDone = !hasMoreEntries(input, from: tag.end) }
        return tag.end
    }

    /// An entry inside an entry of the same name is one that was never closed: it ends here, or a feed without end
    /// tags would nest deeper with every entry. False for something in an entry that only shares its local name.
    private mutating func closeLastEntry(_ input: Span<UInt8>, before tag: Tag) -> Bool {
        if let depth = open.entryDepth {
            guard input.equal(open[depth], tag.name) else { return false }
            endText()
            while open.count > depth, let inner = open.pop() { close(input, inner) }
        }
        entryTags += 1
        return true
    }

    private mutating func replaceTag(_ input: Span<UInt8>, _ tag: Tag, attributes: [Tag.Attribute], isEmpty: Bool) {
        copyTag(input, to: tag.name.upperBound)
        for attribute in attributes {
            tags.append(Byte.space)
            input.extracting(attribute.name).withUnsafeBufferPointer { tags.append(contentsOf: $0) }
            tags.append(contentsOf: "=\"".utf8)
            copied = attribute.value.lowerBound
            repairAttributes(input, in: attribute.value, escaping: true)
            copyTag(input, to: attribute.value.upperBound)
            tags.append(Byte.quote)
        }
        tags.append(contentsOf: (isEmpty ? "/>" : ">").utf8)
        copied = tag.end
    }

    /// Repairs what stands in a tag.
    /// - Parameter escaping: the range is one value, which will stand in double quotes.
    private mutating func repairAttributes(_ input: Span<UInt8>, in range: Range<Int>, escaping: Bool = false) {
        var index = input.next(cxml_in_value, from: range.lowerBound, to: range.upperBound)
        while index < range.upperBound {
            index = min(tagCharacter(input, at: index, escaping: escaping), range.upperBound)
            index = input.next(cxml_in_value, from: index, to: range.upperBound)
        }
    }

    private mutating func tagCharacter(_ input: Span<UInt8>, at index: Int, escaping: Bool) -> Int {
        switch input[index] {
        case Byte.ampersand:
            let found = CharacterReference.look(input, at: index)
            note(found.kind)
            if found.kind != .sound { rewrite(input, index..<found.end, as: found.escaped) }
            return found.end
        case Byte.quote where escaping: rewrite(input, index..<index + 1, as: "&quot;")
        case Byte.less where escaping: rewrite(input, index..<index + 1, as: "&lt;")
        case Byte.quote, Byte.apostrophe, Byte.less, Byte.carriageReturn: break
        default: return forbiddenCharacter(input, at: index)
        }
        return index + 1
    }

    private mutating func forbiddenCharacter(_ input: Span<UInt8>, at index: Int) -> Int {
        switch Special.look(input, at: index) {
        case .keep(let end):
            return end
        case .drop(let end):
            repairs.controlCharacters += 1
            rewrite(input, index..<end, as: "")
            return end
        case .windows1252(let byte, let end):
            repairs.badBytes += 1
            rewrite(input, index..<end, as: String(Character(Windows1252.scalar(byte))))
            return end
        }
    }

    /// Puts `text` in the place of a range of a tag.
    private mutating func rewrite(_ input: Span<UInt8>, _ range: Range<Int>, as text: String) {
        copyTag(input, to: range.lowerBound)
        tags.append(contentsOf: text.utf8)
        copied = range.upperBound
    }

    private mutating func endTag(_ input: Span<UInt8>, at index: Int) -> Int {
        if open.count > 1, let end = open.endOfInnermost(input, at: index) {
            open.removeInnermost()
            if tags.count == tagsOpened {
                closeLeaf()
            } else {
                endText()
                copied = index
                copyTag(input, to: end)
            }
            return end
        }
        let name = index + 2..<input.nameEnd(from: index + 2)
        guard !name.isEmpty else { return noMarkup(at: index) }
        let after = input.skipSpace(from: name.upperBound)
        let isSound = after < input.count && input[after] == Byte.greater
        let end = isSound ? after + 1 : endOfBrokenEndTag(input, from: after)
        guard let depth = open.depth(of: name, in: input) else {
            repairs.strayEndTags += 1
            return end
        }
        endText()
        while open.count > depth + 1, let inner = open.pop() { close(input, inner) }
        return closeMatching(input, index..<end, name: name, isSound: isSound)
    }

    /// An element without others in it: `<a/>` says as much as `<a></a>`, and takes libxml2 two thirds of the time. The
    /// text has its place before the slash.
    private mutating func closeLeaf() {
        tags.removeLast()
        endText()
        tags.append(Byte.slash)
        tags.append(Byte.greater)
    }

    private mutating func closeMatching(_ input: Span<UInt8>, _ range: Range<Int>, name: Range<Int>, isSound: Bool)
        -> Int
    {
        if open.count == 1, hasMoreEntries(input, from: range.upperBound) {
            repairs.strayEndTags += 1
            return range.upperBound
        }
        guard let opened = open.pop() else { return range.upperBound }
        isDone = open.isEmpty
        if isSound, input.equal(opened, name) {
            copied = range.lowerBound
            copyTag(input, to: range.upperBound)
        } else {
            close(input, opened)
        }
        return range.upperBound
    }

    /// `</b foo>` ends at the `>`, `</b <i>` before the `<`.
    private func endOfBrokenEndTag(_ input: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index < input.count, input[index] != Byte.less {
            index += 1
            if input[index - 1] == Byte.greater { break }
        }
        return index
    }

    /// Whether an entry follows the end of the root: seen in the wild after two feeds were glued together.
    private mutating func hasMoreEntries(_ input: Span<UInt8>, from index: Int) -> Bool {
        if let nextEntry, nextEntry >= index { return true }
        guard !unfound.entry else { return false }
        let item = input.end(of: "<item", from: index)
        let entry = input.end(of: "<entry", from: index)
        nextEntry = [item, entry].compactMap(\.self).min()
        unfound.entry = nextEntry == nil
        return nextEntry != nil
    }
}
