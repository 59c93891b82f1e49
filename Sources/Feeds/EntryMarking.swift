// The marks of entries: hashes of what makes an entry the same, of link and title, and of its text.

package import Model

extension [Entry] {
    /// The marks of one document's entries, in their order.
    /// - Parameters:
    ///   - key: `nil` for marks as they were made before there were keys.
    ///   - hasAliases: whether link and title say which entry it is. Those of a page do not: its posts share its address,
    ///     and the only post on it may be another one at the next poll.
    package func marks(keyedBy key: MarkKey?, hasAliases: Bool) -> [EntryMarks] {
        if let key { marks(SipHash(key), hasAliases) } else { marks(Fingerprint(), hasAliases) }
    }

    private func marks(_ hash: some TextHash, _ hasAliases: Bool) -> [EntryMarks] {
        var hash = hash
        var link: [UInt8] = []
        var counts: [UInt64: Int] = [:]
        counts.reserveCapacity(count)
        let entries = span  // From which each is lent; an array would copy them, and count every text in them.
        var marks = indices.map { index in
            let identity = hash.of(entries[index].identity)
            let alias = hasAliases ? entries[index].alias(&hash, &link) ?? identity : identity
            counts[alias, default: 0] += 1
            return EntryMarks(identity: identity, alias: alias, content: entries[index].content(&hash))
        }
        // Replies to one post may share link and title: then these say nothing about which is which.
        for index in marks.indices where counts[marks[index].alias, default: 0] > 1 {
            marks[index].alias = marks[index].identity
        }
        return marks
    }
}

extension Entry {
    /// The hash of everything that a query can look at.
    @inline(__always)  // Called, it would be given a copy of the entry.
    func content(_ hash: inout some TextHash) -> UInt64 {
        hash.add(title?.value)
        hash.add(summary?.value)
        // By index: a copy of each would cost a count on every text in it.
        for index in contents.indices { hash.add(contents[index].value) }
        for index in authors.indices { hash.add(authors[index].name) }
        if let rating { hash.add("\(rating)") }
        return hash.finish()
    }

    /// The hash of link and title; `nil` where there are none.
    @inline(__always)
    fileprivate func alias(_ hash: inout some TextHash, _ room: inout [UInt8]) -> UInt64? {
        guard link != nil || title != nil else { return nil }
        if let link {
            room.removeAll(keepingCapacity: true)
            NormalLink.append(link.utf8.span, to: &room)
            hash.add(room.span)
            hash.add(0xFF)
        }
        hash.add(title?.value)
        return hash.finish()
    }
}
