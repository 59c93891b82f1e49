// The tags of a document in repair: copied where they are sound, written anew where they are not, and closed in order.

internal import CXML

extension RepairPass {
    private mutating func copyTag(_ input: Span<UInt8>, to end: Int) {
        guard end > copied else { return }
        input.extracting(copied..<end).withUnsafeBufferPointer { tags.append(contentsOf: $0) }
        copied = end
    }

    mutating func close(_ input: Span<UInt8>, _ name: Range<Int>) {
        tags.append(contentsOf: "</".utf8)
        input.extracting(name).withUnsafeBufferPointer { tags.append(contentsOf: $0) }
        tags.append(Byte.greater)
        repairs.unclosedElements += 1
    }

    mutating func startTag(_ input: Span<UInt8>, at index: Int) -> Int {
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

    mutating func endTag(_ input: Span<UInt8>, at index: Int) -> Int {
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
        nextItem.isAhead(input, from: index) || nextEntry.isAhead(input, from: index)
    }
}
