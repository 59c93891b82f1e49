// Makes a document that libxml2 reads to the end out of one that it would not: starts at the root element, escapes what
// only looks like markup, resolves HTML's entities, closes what was left open. Works on clean UTF-8, in one pass over
// the bytes that is linear in their number whatever they are, and never looks outside them. What it does is counted.

internal import CXML

/// Bounds on what one tag may be; beyond them libxml2's time grows with the square (40,000 attributes: 28.8 s).
enum TagLimits {
    static let bytes = 64 << 10
    static let attributes = 256
    /// Deepest seen in the wild: 63.
    static let depth = 256
}

/// A repaired document, ready for `XMLReader`. Its texts stand apart from its tags: libxml2 takes its time over every
/// character, and a text that is clean and has its references resolved holds nothing that it could find.
package struct RepairedXML: Sendable {
    /// Well-formed XML from the root element on, without its texts, ending in the zero byte that libxml2 wants.
    var tags: [UInt8] = []
    /// The texts as they are meant: references and sections resolved, line ends normalised.
    var texts: [UInt8] = []
    /// Where each text belongs, in order.
    var marks: [cxml_mark] = []
    package var repairs = Repairs()
    /// Start tags named `item` or `entry`: how many entries should come out.
    package var entryTags = 0
    /// The root element's name as written, `nil` if no element of a feed is there.
    package var root: String?

    /// - Parameters:
    ///   - text: clean UTF-8.
    ///   - roots: the local names, lower case, that the document may begin with.
    package init(_ text: CleanText, roots: Set<String>) {
        self.init(text.bytes.span, roots: roots)
    }

    init(_ input: Span<UInt8>, roots: Set<String>) {
        var prolog = Prolog(roots: roots)
        let start = prolog.findRoot(input)
        repairs = prolog.repairs
        root = prolog.root
        guard root != nil else { return }
        var pass = RepairPass(from: start, capacity: input.count + 1)
        pass.run(input)
        pass.repairs.junkDropped += repairs.junkDropped
        pass.repairs.declarationsDropped += repairs.declarationsDropped
        pass.repairs.doctypesDropped += repairs.doctypesDropped
        repairs = pass.repairs
        tags = pass.tags
        texts = pass.texts
        marks = pass.marks
        entryTags = pass.entryTags
    }
}

/// What stands before the root element. Nothing in it is needed: a DOCTYPE is dropped unread.
struct Prolog {
    let roots: Set<String>
    var repairs = Repairs()
    var root: String?

    init(roots: Set<String>) {
        self.roots = roots
    }

    /// Where the root element begins; the end if there is none.
    mutating func findRoot(_ input: Span<UInt8>) -> Int {
        var index = 0
        var junk = 0
        var declarations = 0
        while index < input.count {
            guard input[index] == Byte.less else {
                if !Byte.isSpace(input[index]) { junk += 1 }
                index += 1
                continue
            }
            if let name = rootName(input, at: index) {
                root = name
                break
            }
            let end = skip(input, from: index, declarations: &declarations)
            junk += end.isJunk ? end.index - index : 0
            index = end.index
        }
        repairs.junkDropped = junk
        repairs.declarationsDropped = max(0, declarations - 1)
        return index
    }

    private func rootName(_ input: Span<UInt8>, at index: Int) -> String? {
        let name = input.text(in: index + 1..<input.nameEnd(from: index + 1))
        let local = name.split(separator: ":").last.map { $0.lowercased() } ?? ""
        return roots.contains(local) ? name : nil
    }

    /// Steps over one construct of the prolog, or over one `<` that begins none.
    private mutating func skip(
        _ input: Span<UInt8>, from index: Int, declarations: inout Int
    ) -> (index: Int, isJunk: Bool) {
        if input.has("<!--", at: index) { return (input.end(of: "-->", from: index + 4) ?? input.count, false) }
        if input.has("<?", at: index) {
            if input.hasXMLTarget(at: index + 2) { declarations += 1 }
            return (input.end(of: "?>", from: index + 2) ?? input.count, false)
        }
        if input.hasDoctype(at: index) {
            repairs.doctypesDropped += 1
            // Only the first may have an internal subset: looking for the end of one costs up to 64 KiB.
            let isFirst = repairs.doctypesDropped == 1
            return (isFirst ? input.doctypeEnd(from: index) : input.end(of: ">", from: index) ?? input.count, false)
        }
        return (index + 1, true)
    }
}

extension RepairedXML {
    /// The root element's start tag as written, at most 64 KiB of it.
    package var rootTag: String {
        let span = tags.span
        let end = span.extracting(..<min(span.count, TagLimits.bytes)).end(of: ">", from: 0) ?? 0
        return span.text(in: 0..<end)
    }

    /// Hands out every element named `item` or `entry` as a document of its own, inside the root element's start tag.
    /// One that is never closed reaches to the end of the document.
    package func forEachEntry(limit: Int, _ body: (RepairedXML) -> Void) {
        let span = tags.span
        let head = Array(rootTag.utf8)
        var index = head.count
        var firstMark = 0
        var found = 0
        while found < limit, let start = Self.nextEntry(span, from: index) {
            let end = Self.nextEntry(span, from: start + 1) ?? span.count - 1
            while firstMark < marks.count, marks[firstMark].at <= start { firstMark += 1 }
            let marked = marks[firstMark...].prefix { $0.at <= end }
            body(entry(head, start..<end, marked))
            found += 1
            index = end
        }
    }

    private func entry(_ head: [UInt8], _ range: Range<Int>, _ marked: ArraySlice<cxml_mark>) -> RepairedXML {
        let before = marked.startIndex > 0 ? marks[marked.startIndex - 1].end : 0
        var entry = RepairedXML()
        entry.root = root
        entry.tags = head + tags[range] + [0]
        entry.texts = Array(texts[Int(before)..<Int(marked.last?.end ?? before)])
        entry.marks = marked.map {
            cxml_mark(at: UInt32(Int($0.at) - range.lowerBound + head.count), end: $0.end - before)
        }
        entry.entryTags = 1
        return entry
    }

    private init() {}

    private static func nextEntry(_ span: Span<UInt8>, from start: Int) -> Int? {
        var index = start
        while let after = span.end(of: "<", from: index) {
            let name = after..<span.nameEnd(from: after)
            if let tag = Tag(span, at: after - 1), tag.isEntry(span), !name.isEmpty { return after - 1 }
            index = after
        }
        return nil
    }
}
