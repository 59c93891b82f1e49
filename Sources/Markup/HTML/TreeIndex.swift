// Where the elements of a name, a class or an id are: made in one pass over a tree, so that a selector looks at the few
// elements that can match and not at all of them.

internal import CXML

/// Elements by name, by class and by id, each in document order.
struct TreeIndex: Sendable {
    private var named = Postings()
    private var marked = Postings()
    private(set) var tokens = TokenTable()

    init(
        _ nodes: Span<cxml_node>, _ attributes: Span<cxml_html_attribute>, _ values: Span<UInt8>, _ known: KnownNames,
        names: Int
    ) {
        var pairs: [(key: Int32, node: Int32)] = []
        pairs.reserveCapacity(attributes.count)
        var elements: [(key: Int32, node: Int32)] = []
        elements.reserveCapacity(nodes.count)
        for node in 0..<nodes.count where nodes[node].name > 0 {
            elements.append((nodes[node].name, Int32(node)))
            let end = node + 1 < nodes.count ? Int(nodes[node + 1].attributes) : attributes.count
            for index in Int(nodes[node].attributes)..<end {
                let attribute = attributes[index]
                let value = Int(attribute.value)..<Int(attribute.value) + Int(attribute.count)
                if attribute.name == known.class {
                    addWords(values, value, Int32(node), &pairs)
                } else if attribute.name == known.id {
                    pairs.append((tokens.number(Self.key(values, value) ^ Self.idSeed), Int32(node)))
                }
            }
        }
        named = Postings(elements, keys: names)
        marked = Postings(pairs, keys: tokens.count)
    }

    private mutating func addWords(
        _ values: Span<UInt8>, _ value: Range<Int>, _ node: Int32, _ pairs: inout [(key: Int32, node: Int32)]
    ) {
        var start = value.lowerBound
        while start < value.upperBound {
            var end = start
            while end < value.upperBound, !Byte.isSpace(values[end]) { end += 1 }
            if end > start { pairs.append((tokens.number(Self.key(values, start..<end)), node)) }
            start = end + 1
        }
    }

    /// Ids and classes share a table; an id's hash is told from a class's by this.
    private static let idSeed: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// Under a key of this process, so that no page can bring names that all go to one place of the table. Equal hashes
    /// of different names only make a selector look at an element too many.
    private static func key(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
        var hasher = Hasher()
        bytes.extracting(range).withUnsafeBytes { hasher.combine(bytes: $0) }
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }

    func elements(named number: Int32) -> ArraySlice<Int32> { named[number] }

    func elements(withClass name: [UInt8]) -> ArraySlice<Int32> {
        marked[tokens.known(Self.key(name.span, 0..<name.count))]
    }

    func elements(withID name: [UInt8]) -> ArraySlice<Int32> {
        marked[tokens.known(Self.key(name.span, 0..<name.count) ^ Self.idSeed)]
    }
}

/// Nodes grouped by a small number.
private struct Postings: Sendable {
    private var ends: [Int32] = [0]
    private var nodes: [Int32] = []

    init() {}

    /// - Parameter keys: one more than the greatest, or more.
    init(_ pairs: [(key: Int32, node: Int32)], keys: Int) {
        ends = [Int32](repeating: 0, count: keys + 1)
        for pair in pairs { ends[Int(pair.key) + 1] += 1 }
        for key in 1..<ends.count { ends[key] += ends[key - 1] }
        nodes = [Int32](repeating: 0, count: pairs.count)
        var next = ends
        for pair in pairs {
            nodes[Int(next[Int(pair.key)])] = pair.node
            next[Int(pair.key)] += 1
        }
    }

    subscript(key: Int32) -> ArraySlice<Int32> {
        guard key >= 0, Int(key) + 1 < ends.count else { return [] }
        return nodes[Int(ends[Int(key)])..<Int(ends[Int(key) + 1])]
    }
}

/// Gives each hash a small number, in the order they come.
struct TokenTable: Sendable {
    private var keys = [UInt64](repeating: 0, count: 1_024)
    /// By place; -1 where nothing is.
    private(set) var numbers = [Int32](repeating: -1, count: 1_024)
    private(set) var count = 0

    mutating func number(_ key: UInt64) -> Int32 {
        let slot = slot(key)
        if numbers[slot] >= 0 { return numbers[slot] }
        keys[slot] = key
        numbers[slot] = Int32(count)
        count += 1
        if count * 2 > keys.count { grow() }
        return Int32(count - 1)
    }

    func known(_ key: UInt64) -> Int32 { numbers[slot(key)] }

    /// Where the key is, or would go; at least half of the slots are free.
    private func slot(_ key: UInt64) -> Int {
        var slot = Int(truncatingIfNeeded: key ^ key >> 29) & (keys.count - 1)
        while numbers[slot] >= 0, keys[slot] != key { slot = (slot + 1) & (keys.count - 1) }
        return slot
    }

    private mutating func grow() {
        let old = zip(keys, numbers).filter { $0.1 >= 0 }
        keys = [UInt64](repeating: 0, count: keys.count * 2)
        numbers = [Int32](repeating: -1, count: keys.count)
        for (key, number) in old {
            let slot = slot(key)
            keys[slot] = key
            numbers[slot] = number
        }
    }
}
