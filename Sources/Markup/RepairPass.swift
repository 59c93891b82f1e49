// The pass over a document from its root element on: takes tags and texts apart, copies what is sound, writes anew what
// is not. Everything it remembers is bounded (256 open elements), and every search that fails is remembered too, so
// that no document can make it look twice. What it does with tags is in `RepairPassTags.swift`.

internal import CXML

/// One repair of one document.
struct RepairPass {
    var tags: [UInt8] = []
    private(set) var texts: [UInt8] = []
    private(set) var marks: [cxml_mark] = []
    /// Texts before this have their place.
    private var marked = 0
    var repairs = Repairs()
    var entryTags = 0
    private let start: Int
    /// Where the part of a tag begins that is not in `tags` yet.
    var copied = 0
    /// How long `tags` was when the innermost element's start tag was its end.
    var tagsOpened = 0
    var open = OpenElements()
    var isDone = false
    var unfound = Unfound()
    var nextItem = NextTag("<item")
    var nextEntry = NextTag("<entry")

    /// Searches that came back empty: what follows has none either.
    struct Unfound {
        var comment = false, section = false, instruction = false, greater = false
    }

    /// Where a tag comes next, as far as was looked: each byte is looked at once.
    struct NextTag {
        private let tag: StaticString
        /// Where the last one that was found ends, or nowhere.
        private var end = 0

        init(_ tag: StaticString) {
            self.tag = tag
        }

        mutating func isAhead(_ input: Span<UInt8>, from index: Int) -> Bool {
            if end <= index { end = input.end(of: tag, from: index) ?? .max }
            return end < .max
        }
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
    mutating func endText() {
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

    mutating func note(_ kind: CharacterReference.Kind) {
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
    mutating func noMarkup(at index: Int) -> Int {
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
