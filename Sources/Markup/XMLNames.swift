// The names of a document: cut at their colon, told apart by the namespaces in force (Namespaces in XML 1.0), and asked
// for once each.

/// A name as written, a range of the tags.
struct XMLName {
    let start: Int
    /// After the colon; the start where there is none.
    let localStart: Int
    let end: Int
    /// FNV-1a over its bytes.
    let hash: UInt64

    @inline(__always)
    init(_ tags: Span<UInt8>, at start: Int) {
        var index = start
        var local = start
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        while index < tags.count, Byte.isName(tags[index]) {
            hash = (hash ^ UInt64(tags[index])) &* 0x100_0000_01B3
            index += 1
            if tags[index - 1] == UInt8(ascii: ":"), local == start { local = index }
        }
        self.start = start
        localStart = local
        end = index
        self.hash = hash
    }

    /// Namespaces in XML 1.0, productions 7–11: a name, or two with a colon between them.
    func isQualified(_ input: Span<UInt8>) -> Bool {
        guard start < end, Byte.startsName(input[start]) else { return false }
        guard localStart > start else { return true }
        return localStart < end && Byte.startsName(input[localStart])
            && !local.contains { input[$0] == UInt8(ascii: ":") }
    }

    var count: Int { end - start }
    var range: Range<Int> { start..<end }
    var local: Range<Int> { localStart..<end }
    /// Without its colon; empty where there is none.
    var prefix: Range<Int> { start..<max(start, localStart - 1) }
}

/// The namespaces in force, and what names mean in them.
struct XMLNames {
    /// What is in force: how many declarations, and since which.
    struct Scope: Equatable {
        var count = 0
        var id = 0
    }

    private struct Declaration {
        var prefix: Range<Int>
        var space: Range<Int>
    }

    private struct Slot {
        var name: Range<Int> = 0..<0
        var hash: UInt64 = 0
        /// The scope that it was asked in; -1 for a slot that is free.
        var scope = -1
        var number: Int32 = 0
    }

    private(set) var scope = Scope()
    private var lastScope = 0
    private var declarations: [Declaration] = []
    /// Distinct names in a feed: about 40.
    private var slots = [Slot](repeating: Slot(), count: 128)

    /// In the wild 1–60 are in force at once; every name that is new walks them all.
    var isFull: Bool { declarations.count > 256 }

    /// Whether an attribute declares a namespace, which is then in force.
    mutating func declare(_ attribute: XMLAttributes.Attribute, _ tags: Span<UInt8>) -> Bool {
        let isDefault = attribute.prefix.isEmpty
        let xmlns = isDefault ? attribute.name : attribute.prefix
        guard xmlns.count == 5, tags.has("xmlns", at: xmlns.lowerBound) else { return false }
        // Namespaces in XML 1.0, 6.1: only the default can be taken back.
        guard isDefault || !attribute.value.isEmpty else { return true }
        let prefix = isDefault ? attribute.prefix : attribute.name
        declarations.append(Declaration(prefix: prefix, space: attribute.value))
        lastScope += 1
        scope = Scope(count: declarations.count, id: lastScope)
        return true
    }

    /// The element that declared something has closed.
    mutating func leave(to outer: Scope) {
        declarations.removeSubrange(outer.count...)
        scope = outer
    }

    /// The reader's number of a name.
    mutating func number(
        of name: XMLName, _ tags: Span<UInt8>, _ reader: XMLReader, _ outcome: inout XMLOutcome
    ) -> Int32 {
        let place = Int((name.hash ^ name.hash >> 32) & 127)
        let slot = slots[place]
        if slot.hash == name.hash, slot.scope == scope.id, tags.equal(slot.name, name.range) { return slot.number }
        let space = space(of: name.prefix, tags)
        if space == nil, !name.prefix.isEmpty { outcome.undeclared += 1 }
        let number = reader.name(
            tags.extracting(space ?? 0..<0), tags.extracting(name.prefix), tags.extracting(name.local))
        slots[place] = Slot(name: name.range, hash: name.hash, scope: scope.id, number: number)
        return number
    }

    private func space(of prefix: Range<Int>, _ tags: Span<UInt8>) -> Range<Int>? {
        declarations.last { tags.equal($0.prefix, prefix) }?.space
    }
}
