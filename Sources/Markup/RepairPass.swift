// The pass over a document from its root element on: copies what is sound, writes anew what is not. Everything it
// remembers is bounded (256 open elements), and every search that fails is remembered too, so that no document can make
// it look twice.

/// One repair of one document.
struct RepairPass {
    private(set) var output: [UInt8] = []
    var repairs = Repairs()
    private(set) var entryTags = 0
    private let start: Int
    /// Input before this is in the output already, repaired.
    private var copied: Int
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
        copied = start
        output.reserveCapacity(capacity - start)
    }

    mutating func run(_ input: Span<UInt8>) {
        var index = start
        let table = Special.table
        let special = table.span
        while index < input.count, !isDone {
            if special[Int(input[index])] == 0 {
                index += 1
            } else {
                index = handle(input, at: index)
            }
        }
        finish(input, at: min(index, input.count))
    }

    /// Closes what is open, and puts the zero byte at the end that libxml2 looks for.
    private mutating func finish(_ input: Span<UInt8>, at end: Int) {
        flush(input, to: end)
        if isDone {
            let junk = (end..<input.count).contains { !Byte.isSpace(input[$0]) }
            repairs.junkDropped += junk ? 1 : 0
        } else {
            repairs.endsEarly = 1
            while let name = open.pop() { close(input, name) }
        }
        output.append(0)
    }

    private mutating func handle(_ input: Span<UInt8>, at index: Int) -> Int {
        switch input[index] {
        case Byte.less: markup(input, at: index)
        case Byte.ampersand: reference(input, at: index)
        case Byte.bracket: bracket(input, at: index)
        default: character(input, at: index)
        }
    }

    // MARK: Output

    private mutating func flush(_ input: Span<UInt8>, to end: Int) {
        guard end > copied else { return }
        input.extracting(copied..<end).withUnsafeBufferPointer { output.append(contentsOf: $0) }
        copied = end
    }

    /// Puts `text` in the place of a range of the input and returns its end.
    private mutating func replace(_ input: Span<UInt8>, _ range: Range<Int>, with text: some Sequence<UInt8>) -> Int {
        flush(input, to: range.lowerBound)
        output.append(contentsOf: text)
        copied = range.upperBound
        return range.upperBound
    }

    private mutating func drop(_ input: Span<UInt8>, _ range: Range<Int>) -> Int {
        replace(input, range, with: EmptyCollection())
    }

    private mutating func close(_ input: Span<UInt8>, _ name: Range<Int>) {
        output.append(contentsOf: "</".utf8)
        input.extracting(name).withUnsafeBufferPointer { output.append(contentsOf: $0) }
        output.append(Byte.greater)
        repairs.unclosedElements += 1
    }
}

// MARK: - Characters

extension RepairPass {
    /// `]]>` may only end a section.
    private mutating func bracket(_ input: Span<UInt8>, at index: Int) -> Int {
        guard input.has("]]>", at: index) else { return index + 1 }
        repairs.bareAngles += 1
        return replace(input, index + 2..<index + 3, with: "&gt;".utf8)
    }

    private mutating func character(_ input: Span<UInt8>, at index: Int) -> Int {
        switch Special.look(input, at: index) {
        case .keep(let end):
            return end
        case .drop(let end):
            repairs.controlCharacters += 1
            return drop(input, index..<end)
        case .windows1252(let byte, let end):
            repairs.badBytes += 1
            return replace(input, index..<end, with: Windows1252.utf8(byte))
        }
    }

    private mutating func reference(_ input: Span<UInt8>, at index: Int) -> Int {
        let found = CharacterReference.look(input, at: index)
        switch found.kind {
        case .sound: return found.end
        case .bare: repairs.bareAmpersands += 1
        case .unknown: repairs.unknownEntities += 1
        case .bad: repairs.badReferences += 1
        case .named: repairs.htmlReferences += 1
        }
        return replace(input, index..<found.end, with: found.escaped.utf8)
    }
}

// MARK: - Markup

extension RepairPass {
    private mutating func markup(_ input: Span<UInt8>, at index: Int) -> Int {
        guard index + 1 < input.count else { return escape(input, at: index) }
        switch input[index + 1] {
        case Byte.slash: return endTag(input, at: index)
        case UInt8(ascii: "!"): return declaration(input, at: index)
        case UInt8(ascii: "?"): return instruction(input, at: index)
        default: return startTag(input, at: index)
        }
    }

    /// A `<` that is no markup.
    private mutating func escape(_ input: Span<UInt8>, at index: Int) -> Int {
        repairs.bareAngles += 1
        return replace(input, index..<index + 1, with: "&lt;".utf8)
    }

    private mutating func declaration(_ input: Span<UInt8>, at index: Int) -> Int {
        if input.has("<!--", at: index) { return comment(input, at: index) }
        if input.has("<![CDATA[", at: index) { return section(input, at: index) }
        guard input.hasDoctype(at: index), let end = end(of: ">", input, from: index, \.greater) else {
            return escape(input, at: index)
        }
        repairs.doctypesDropped += 1
        return drop(input, index..<end)
    }

    private mutating func comment(_ input: Span<UInt8>, at index: Int) -> Int {
        guard let end = end(of: "-->", input, from: index + 4, \.comment) else { return escape(input, at: index) }
        // XML forbids "--" and control characters inside, and nobody reads them: such a comment goes.
        guard
            (index + 4..<end - 3).contains(where: { input[$0] < 0x20 && !Byte.isSpace(input[$0]) })
                || input.extracting(index + 4..<end - 2).end(of: "--", from: 0) != nil
        else { return end }
        repairs.commentsDropped += 1
        return drop(input, index..<end)
    }

    private mutating func section(_ input: Span<UInt8>, at index: Int) -> Int {
        let begin = index + 9
        guard let end = end(of: "]]>", input, from: begin, \.section) else {
            repairs.openSections += 1
            return drop(input, index..<begin)
        }
        repairCharacters(input, in: begin..<end - 3)
        return end
    }

    private mutating func instruction(_ input: Span<UInt8>, at index: Int) -> Int {
        guard let end = end(of: "?>", input, from: index + 2, \.instruction) else { return escape(input, at: index) }
        if input.hasXMLTarget(at: index + 2) {
            repairs.declarationsDropped += 1
        } else if input.nameEnd(from: index + 2) > index + 2,
            !(index..<end).contains(where: { input[$0] < 0x20 && !Byte.isSpace(input[$0]) })
        {
            return end
        } else {
            repairs.commentsDropped += 1
        }
        return drop(input, index..<end)
    }

    /// A search that is not made again once it has failed.
    private mutating func end(
        of text: StaticString, _ input: Span<UInt8>, from start: Int, _ failed: WritableKeyPath<Unfound, Bool>
    ) -> Int? {
        guard !unfound[keyPath: failed] else { return nil }
        let found = input.end(of: text, from: start)
        unfound[keyPath: failed] = found == nil
        return found
    }

    /// Repairs characters where markup means nothing, in sections, or where it was checked, in tags.
    private mutating func repairCharacters(_ input: Span<UInt8>, in range: Range<Int>, references: Bool = false) {
        let table = Special.table
        let special = table.span
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = input[index]
            if special[Int(byte)] == 0 || byte == Byte.less || byte == Byte.bracket {
                index += 1
            } else if byte == Byte.ampersand {
                index = references ? reference(input, at: index) : index + 1
            } else {
                index = character(input, at: index)
            }
        }
    }
}

// MARK: - Tags

extension RepairPass {
    private mutating func startTag(_ input: Span<UInt8>, at index: Int) -> Int {
        guard let tag = Tag(input, at: index) else { return escape(input, at: index) }
        let isEntry = tag.isEntry(input) && closeLastEntry(input, before: tag, at: index)
        guard !open.isFull || tag.isEmpty || isEntry else {
            repairs.tooDeep += 1
            return drop(input, index..<tag.end)
        }
        let isVoid = !tag.isEmpty && tag.isVoid(input)
        if tag.isOversized {
            repairs.oversizedTags += 1
            replaceTag(input, tag, attributes: [], isEmpty: tag.isEmpty || isVoid)
        } else if tag.isBroken || isVoid {
            repairs.brokenTags += 1
            replaceTag(input, tag, attributes: tag.attributes(input), isEmpty: tag.isEmpty || isVoid)
        } else if tag.hasSpecials {
            repairCharacters(input, in: tag.name.upperBound..<tag.end, references: true)
        }
        if !tag.isEmpty, !isVoid { open.push(input, tag.name, isEntry: isEntry) }
        if open.isEmpty { isDone = !hasMoreEntries(input, from: tag.end) }
        return tag.end
    }

    /// An entry inside an entry of the same name is one that was never closed: it ends here, or a feed without end
    /// tags would nest deeper with every entry. False for something in an entry that only shares its local name.
    private mutating func closeLastEntry(_ input: Span<UInt8>, before tag: Tag, at index: Int) -> Bool {
        if let depth = open.entryDepth {
            guard input.equal(open[depth], tag.name) else { return false }
            flush(input, to: index)
            while open.count > depth, let inner = open.pop() { close(input, inner) }
        }
        entryTags += 1
        return true
    }

    private mutating func replaceTag(_ input: Span<UInt8>, _ tag: Tag, attributes: [Tag.Attribute], isEmpty: Bool) {
        flush(input, to: tag.name.upperBound)
        for attribute in attributes {
            output.append(Byte.space)
            input.extracting(attribute.name).withUnsafeBufferPointer { output.append(contentsOf: $0) }
            output.append(contentsOf: "=\"".utf8)
            copied = attribute.value.lowerBound
            repairCharacters(input, in: attribute.value, quotes: true)
            flush(input, to: attribute.value.upperBound)
            output.append(Byte.quote)
        }
        output.append(contentsOf: (isEmpty ? "/>" : ">").utf8)
        copied = tag.end
    }

    /// As above, for a value that will stand in double quotes.
    private mutating func repairCharacters(_ input: Span<UInt8>, in range: Range<Int>, quotes: Bool) {
        var index = range.lowerBound
        while index < range.upperBound {
            switch input[index] {
            case Byte.quote: index = replace(input, index..<index + 1, with: "&quot;".utf8)
            case Byte.less: index = replace(input, index..<index + 1, with: "&lt;".utf8)
            case Byte.ampersand: index = min(reference(input, at: index), range.upperBound)
            case let byte where Special.table[Int(byte)] != 0 && byte != Byte.bracket:
                index = character(input, at: index)
            default: index += 1
            }
        }
    }

    private mutating func endTag(_ input: Span<UInt8>, at index: Int) -> Int {
        let name = index + 2..<input.nameEnd(from: index + 2)
        guard !name.isEmpty else { return escape(input, at: index) }
        let after = input.skipSpace(from: name.upperBound)
        let isSound = after < input.count && input[after] == Byte.greater
        let end = isSound ? after + 1 : endOfBrokenEndTag(input, from: after)
        guard let depth = open.depth(of: name, in: input) else {
            repairs.strayEndTags += 1
            return drop(input, index..<end)
        }
        flush(input, to: index)
        while open.count > depth + 1, let inner = open.pop() { close(input, inner) }
        return closeMatching(input, index..<end, name: name, isSound: isSound)
    }

    private mutating func closeMatching(_ input: Span<UInt8>, _ range: Range<Int>, name: Range<Int>, isSound: Bool)
        -> Int
    {
        if open.count == 1, hasMoreEntries(input, from: range.upperBound) {
            repairs.strayEndTags += 1
            return drop(input, range)
        }
        guard let opened = open.pop() else { return range.upperBound }
        isDone = open.isEmpty
        guard !isSound || !input.equal(opened, name) else { return range.upperBound }
        close(input, opened)
        copied = range.upperBound
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
