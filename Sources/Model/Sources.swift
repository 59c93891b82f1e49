// All sources of a configuration, by the million: their texts in one arena, and what a section gives to all of its
// sources kept once. A source of a list costs its address and 12 bytes.

/// The sources in the configuration's order.
package struct Sources: Sendable, RandomAccessCollection {
    /// Addresses and names, one after the other.
    private var texts: [UInt8] = []
    private var places: [Place] = []
    /// Sources without address and name: what those of one section share.
    private var sections: [Source] = []

    private struct Place: Sendable {
        var urlEnd: UInt32
        /// Equal to `urlEnd` for a source that goes by its address.
        var nameEnd: UInt32
        var section: UInt32
    }

    package init() {}

    package var startIndex: Int { 0 }
    package var endIndex: Int { places.count }

    /// Whether there is room for no further text: offsets have 32 bits, and one address and name is never a gigabyte.
    package var isFull: Bool { texts.count > 3 << 30 }

    package subscript(position: Int) -> Source {
        let place = places[position]
        var source = sections[Int(place.section)]
        source.url = url(at: position)
        source.name =
            place.nameEnd == place.urlEnd
            ? Source.name(ofAddress: source.url) : text(Int(place.urlEnd)..<Int(place.nameEnd))
        return source
    }

    /// A source's address as configured, without making the rest of it.
    package func url(at position: Int) -> String {
        text(urlRange(position))
    }

    /// `Source.key`, without making the rest of it.
    package func key(at position: Int) -> String {
        Address.divided(url(at: position)).bare
    }

    /// What a source shares with the others of its section.
    package func cadence(at position: Int) -> Cadence {
        sections[Int(places[position].section)].cadence
    }

    package mutating func reserveCapacity(_ count: Int, textBytes: Int) {
        places.reserveCapacity(places.count + count)
        texts.reserveCapacity(texts.count + textBytes)
    }

    /// Adds a source; what it has in common with the one before it is kept once.
    package mutating func append(_ source: Source) {
        let name = source.name == Source.name(ofAddress: source.url) ? nil : source.name
        append(url: source.url, name: name, like: source)
    }

    /// Adds a source of which all but address and name is as in `section`.
    package mutating func append(url: String, name: String?, like section: Source) {
        var common = section
        common.url = ""
        common.name = ""
        if sections.last != common { sections.append(common) }
        texts.append(contentsOf: url.utf8)
        let urlEnd = texts.count
        if let name { texts.append(contentsOf: name.utf8) }
        places.append(
            Place(urlEnd: UInt32(urlEnd), nameEnd: UInt32(texts.count), section: UInt32(sections.count - 1)))
    }

    package mutating func removeLast() {
        places.removeLast()
        texts.removeSubrange(Int(places.last?.nameEnd ?? 0)...)
    }

    /// Calls `body` with the bytes of a source's key (`Source.key`).
    package func withKey<Result>(at position: Int, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result
    {
        let range = urlRange(position)
        guard texts[range].contains(UInt8(ascii: "@")) else {
            return try texts.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
        }
        return try Array(key(at: position).utf8).withUnsafeBytes(body)
    }

    private func urlRange(_ position: Int) -> Range<Int> {
        let start = position == 0 ? 0 : Int(places[position - 1].nameEnd)
        return start..<Int(places[position].urlEnd)
    }

    private func text(_ range: Range<Int>) -> String {
        String(decoding: texts[range], as: UTF8.self)
    }
}

extension Sources: Equatable, ExpressibleByArrayLiteral {
    package static func == (left: Sources, right: Sources) -> Bool {
        left.elementsEqual(right)
    }

    package init(arrayLiteral elements: Source...) {
        for source in elements { append(source) }
    }
}
