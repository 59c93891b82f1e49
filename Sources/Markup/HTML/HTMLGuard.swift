// What libxml2's HTML parser must not see: tags with attributes by the thousand (each is compared with every other),
// end tags of what is not open (each walks the whole stack), zero bytes (it takes them for the end). One pass over
// clean UTF-8, linear in it; what is dropped is overwritten with spaces, so that nothing moves.

/// Makes a page safe to parse.
struct HTMLGuard {
    /// The page, ending in the zero byte that libxml2 wants.
    private(set) var bytes: [UInt8]
    private(set) var oversizedTags = 0
    private(set) var strayEndTags = 0

    /// Most attributes seen on one element of a page: 40.
    static let attributes = 256

    /// Names are told apart by a hash; where two share one, a stray end tag stays.
    private var open = [Int32](repeating: 0, count: 1024)
    private var dropped: [Range<Int>] = []
    /// Where the last tag of the page can end: beyond it nobody need look for an end.
    private let lastEnd: Int

    init(_ page: [UInt8]) {
        bytes = page
        lastEnd = page.lastIndex(of: Byte.greater) ?? -1
        scan(page.span)
        for range in dropped { for index in range { bytes[index] = Byte.space } }
        var next = 0
        while let zero = bytes.span.index(of: 0, from: next) {
            bytes[zero] = Byte.space
            next = zero + 1
        }
        bytes.append(0)
    }

    private mutating func scan(_ page: Span<UInt8>) {
        var index = 0
        while let start = page.index(of: Byte.less, from: index) {
            index = tag(page, at: start)
        }
    }

    private mutating func tag(_ page: Span<UInt8>, at start: Int) -> Int {
        guard start + 1 < page.count else { return page.count }
        if page[start + 1] == Byte.slash { return endTag(page, at: start) }
        if page.has("<!--", at: start) { return Self.commentEnd(page, from: start + 4) }
        guard Byte.isLetter(page[start + 1]) else { return start + 1 }
        return startTag(page, at: start)
    }

    /// Where libxml2 2.9.14 sees a comment end, so that both see the same tags: at `-->`, at `--!>`, or with the page.
    /// Not at once with `<!-->`, as browsers do.
    private static func commentEnd(_ page: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while let end = page.end(of: "--", from: index) {
            if page.has(">", at: end) { return end + 1 }
            if page.has("!>", at: end) { return end + 2 }
            index = end - 1
        }
        return page.count
    }

    private mutating func endTag(_ page: Span<UInt8>, at start: Int) -> Int {
        let name = start + 2..<page.nameEnd(from: start + 2)
        guard !name.isEmpty else { return start + 2 }
        let slot = Self.slot(page, name)
        guard open[slot] == 0 else {
            open[slot] -= 1
            return name.upperBound
        }
        let hasEnd = name.upperBound <= lastEnd
        let end = hasEnd ? page.index(of: Byte.greater, from: name.upperBound).map { $0 + 1 } : nil
        dropped.append(start..<(end ?? name.upperBound))
        strayEndTags += 1
        return end ?? name.upperBound
    }

    private mutating func startTag(_ page: Span<UInt8>, at start: Int) -> Int {
        let name = start + 1..<page.nameEnd(from: start + 1)
        let (end, attributes) = Self.attributes(page, from: name.upperBound)
        guard attributes <= Self.attributes else {
            dropped.append(start..<end)
            oversizedTags += 1
            return end
        }
        let isClosed = end >= 2 && page[end - 1] == Byte.greater && page[end - 2] == Byte.slash
        if !isClosed {
            open[Self.slot(page, name)] += 1
            if let rest = Self.rawTextEnd(page, name, from: end) { return rest }
        }
        return end
    }

    /// The index after the tag and how many attributes it has, as libxml2 will see them: a quote that never ends takes
    /// the rest of the page with it.
    private static func attributes(_ page: Span<UInt8>, from start: Int) -> (end: Int, count: Int) {
        var index = start
        var count = 0
        var isBetween = true
        while index < page.count {
            let byte = page[index]
            if byte == Byte.greater { return (index + 1, count) }
            if Byte.isSpace(byte) || byte == Byte.slash {
                isBetween = true
            } else if byte == Byte.equals, let quote = quote(page, after: index) {
                guard let close = page.index(of: page[quote], from: quote + 1) else { return (page.count, count) }
                index = close
                isBetween = true
            } else if isBetween, byte != Byte.equals {
                count += 1
                isBetween = false
            }
            index += 1
        }
        return (page.count, count)
    }

    private static func quote(_ page: Span<UInt8>, after equals: Int) -> Int? {
        let index = page.skipSpace(from: equals + 1)
        guard index < page.count, page[index] == Byte.quote || page[index] == Byte.apostrophe else { return nil }
        return index
    }

    /// Where a script's or a style's end tag begins: what looks like tags in it are none.
    private static func rawTextEnd(_ page: Span<UInt8>, _ name: Range<Int>, from start: Int) -> Int? {
        let isScript = name.count == 6 && page.hasIgnoringCase("script", at: name.lowerBound)
        guard isScript || name.count == 5 && page.hasIgnoringCase("style", at: name.lowerBound) else { return nil }
        var index = start
        while let found = page.end(of: "</", from: index) {
            if page.hasIgnoringCase(isScript ? "script" : "style", at: found) { return found - 2 }
            index = found
        }
        return page.count
    }

    private static func slot(_ page: Span<UInt8>, _ name: Range<Int>) -> Int {
        var key: UInt32 = 0
        for index in name { key = key &* 31 &+ UInt32(page[index] | 0x20) }
        return Int(key & 1023)
    }
}
