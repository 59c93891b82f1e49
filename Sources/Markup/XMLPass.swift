// The pass over a repaired document: opens and closes elements, and puts the texts back between the tags. A text that is
// one run is handed over where it stands; one in several pieces is collected first.

/// One pass over one document.
struct XMLPass {
    private struct Element {
        var number: Int32
        var inside: XMLInside
        /// The name as written, a range of the tags.
        var name: XMLName
        /// Where its text begins among what is collected.
        var text: Int
        /// What to go back to when it closes.
        var scope: XMLNames.Scope?
    }

    private(set) var outcome = XMLOutcome()
    private let reader: XMLReader
    private let textLimit: Int
    private var open: [Element] = []
    private var names = XMLNames()
    private var attributes: XMLAttributes
    /// The end of the innermost element's text, still where it stands among the texts.
    private var run = 0..<0
    /// What comes before it, and what the outer elements have.
    private var collected: [UInt8] = []
    /// The text being collected has reached its limit.
    private var isCutting = false

    /// Deeper than the repair lets a document be.
    private static let depth = TagLimits.depth + 8

    init(_ reader: XMLReader, _ tags: [UInt8], textLimit: Int) {
        self.reader = reader
        self.textLimit = textLimit
        attributes = XMLAttributes(in: tags)
        open.reserveCapacity(16)
    }

    mutating func run(_ document: RepairedXML) {
        let tags = document.tags.span
        let texts = document.texts.span
        let marks = document.marks.span
        var index = 0
        var mark = 0
        var taken = 0
        while index + 1 < tags.count, !outcome.isCutShort {
            while mark < marks.count, marks[mark].at <= index {
                take(texts, taken..<Int(marks[mark].end))
                taken = Int(marks[mark].end)
                mark += 1
            }
            if tags[index + 1] == Byte.slash {
                index = endTag(tags, texts, at: index)
                if open.isEmpty { return }
            } else {
                index = startTag(tags, texts, at: index)
            }
        }
        while !open.isEmpty { close(texts) }
    }
}

// MARK: - Tags

extension XMLPass {
    private mutating func startTag(_ tags: Span<UInt8>, _ texts: Span<UInt8>, at index: Int) -> Int {
        let name = XMLName(tags, at: index + 1)
        let scope = names.scope
        attributes.removeAll()
        let (end, isEmpty) = readAttributes(tags, from: name.end)
        guard open.count < Self.depth, !names.isFull else {
            outcome.isCutShort = true
            return end
        }
        endRun(texts)
        let outer = open.last?.inside ?? .elements
        var element = Element(number: 0, inside: outer, name: name, text: open.last?.text ?? 0)
        if names.scope != scope { element.scope = scope }
        if outer.reportsElements {
            element.text = collected.count
            element.number = names.number(of: name, tags, reader, &outcome)
            element.inside = reader.open(element.number, attributes)
        } else if outer.writesElements {
            writeTag(tags, name)
        }
        open.append(element)
        if isEmpty { finish(element, tags, texts) }
        return end
    }

    /// Reads the attributes, of which those that declare namespaces come into force.
    private mutating func readAttributes(_ tags: Span<UInt8>, from start: Int) -> (end: Int, isEmpty: Bool) {
        var index = start
        while index < tags.count {
            let byte = tags[index]
            if byte == Byte.greater { return (index + 1, false) }
            if byte == Byte.slash { return (min(index + 2, tags.count), true) }
            guard !Byte.isSpace(byte) else {
                index += 1
                continue
            }
            let name = XMLName(tags, at: index)
            let quote = tags.skipSpace(from: tags.skipSpace(from: name.end) + 1)
            guard quote < tags.count, let end = tags.index(of: tags[quote], from: quote + 1) else {
                // The repair leaves nothing of the kind; were it not so, the entries would still be looked for one by one.
                outcome.isCutShort = true
                break
            }
            let attribute = XMLAttributes.Attribute(prefix: name.prefix, name: name.local, value: quote + 1..<end)
            if !names.declare(attribute, tags) { attributes.append(attribute) }
            index = end + 1
        }
        return (tags.count, false)
    }

    /// Every end tag of a whole document is that of the innermost element; in a part of one it is taken for it.
    private mutating func endTag(_ tags: Span<UInt8>, _ texts: Span<UInt8>, at index: Int) -> Int {
        guard let element = open.last else { return tags.count }
        finish(element, tags, texts)
        let end = index + 2 + element.name.count
        return end < tags.count && tags[end] == Byte.greater ? end + 1 : tags.end(of: ">", from: index) ?? tags.count
    }

    private mutating func finish(_ element: Element, _ tags: Span<UInt8>, _ texts: Span<UInt8>) {
        if open.count > 1, open[open.count - 2].inside.writesElements {
            endRun(texts)
            write("</")
            collect(tags, element.name.local)
            write(">")
        }
        close(texts)
    }

    private mutating func close(_ texts: Span<UInt8>) {
        guard let element = open.last else { return }
        // What was collected before, or a limit to cut at: the run cannot stay where it is.
        if collected.count > element.text || run.count > textLimit { endRun(texts) }
        open.removeLast()
        if let scope = element.scope { names.leave(to: scope) }
        if let outer = open.last, !outer.inside.reportsElements { return }
        outcome.cutTexts += isCutting ? 1 : 0
        isCutting = false
        if collected.count > element.text {
            reader.close(element.number, collected.span.extracting(element.text...))
            collected.removeSubrange(element.text...)
        } else {
            reader.close(element.number, texts.extracting(run))
        }
        run = 0..<0
    }
}

// MARK: - Texts

extension XMLPass {
    private mutating func take(_ texts: Span<UInt8>, _ text: Range<Int>) {
        switch open.last?.inside {
        case .markup: collectEscaped(texts, text)
        case .text, .mixed:
            if !run.isEmpty, run.upperBound == text.lowerBound {
                run = run.lowerBound..<text.upperBound
            } else {
                endRun(texts)
                run = text
            }
        case .elements, .nothing, nil: break
        }
    }

    /// Something else follows: the run becomes part of what is collected. Most texts are one run and are never copied.
    private mutating func endRun(_ texts: Span<UInt8>) {
        guard !run.isEmpty else { return }
        collect(texts, run)
        run = 0..<0
    }

    private mutating func collect(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        let room = textLimit - (collected.count - (open.last?.text ?? 0))
        if range.count > room { isCutting = true }
        bytes.extracting(range.prefix(room)).withUnsafeBufferPointer { collected.append(contentsOf: $0) }
    }

    private mutating func write(_ text: StaticString) {
        text.withUTF8Buffer { collect($0.span, 0..<$0.count) }
    }

    private mutating func collectEscaped(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        var plain = range.lowerBound
        for index in range {
            guard let escape = Self.escape(of: bytes[index]) else { continue }
            collect(bytes, plain..<index)
            write(escape)
            plain = index + 1
        }
        collect(bytes, plain..<range.upperBound)
    }

    private static func escape(of byte: UInt8) -> StaticString? {
        switch byte {
        case Byte.ampersand: "&amp;"
        case Byte.less: "&lt;"
        case Byte.greater: "&gt;"
        case Byte.quote: "&quot;"
        default: nil
        }
    }

    /// An element of a collected text: its tag is written down again.
    private mutating func writeTag(_ tags: Span<UInt8>, _ name: XMLName) {
        write("<")
        collect(tags, name.local)
        for attribute in attributes.list {
            write(" ")
            collect(tags, attribute.name)
            write("=\"")
            let value = attributes.bytes(of: attribute)
            collectEscaped(value.span, 0..<value.count)
            write("\"")
        }
        write(">")
    }
}
