// Which source has which key, without keeping the keys a second time.

/// Positions in `Sources` by key.
package struct SourceIndex: Sendable {
    /// The first source of each hash.
    private var positions: [UInt64: UInt32] = [:]
    /// Further ones, whose key is another with the same hash: of a million keys none is likely to be here.
    private var others: [UInt64: [UInt32]] = [:]

    package init() {}

    package init(_ sources: Sources) {
        positions.reserveCapacity(sources.count)
        for position in sources.indices { _ = insert(position, of: sources) }
    }

    /// Enters a source unless one with the same key is there already, which it returns then.
    package mutating func insert(_ position: Int, of sources: Sources) -> Int? {
        sources.withKey(at: position) { key in
            if let earlier = find(key, in: sources) { return earlier }
            let hash = Self.hash(key)
            if positions[hash] == nil {
                positions[hash] = UInt32(position)
            } else {
                others[hash, default: []].append(UInt32(position))
            }
            return nil
        }
    }

    /// The position of the source with this key.
    package func position(of key: UnsafeRawBufferPointer, in sources: Sources) -> Int? {
        find(key, in: sources)
    }

    private func find(_ key: UnsafeRawBufferPointer, in sources: Sources) -> Int? {
        let hash = Self.hash(key)
        guard let first = positions[hash] else { return nil }
        return ([first] + (others.isEmpty ? [] : others[hash] ?? [])).lazy.map { Int($0) }.first { position in
            sources.withKey(at: position) { $0.count == key.count && $0.elementsEqual(key) }
        }
    }

    private static func hash(_ key: UnsafeRawBufferPointer) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(bytes: key)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}
