// The marks of entries: hashes of what makes an entry the same, of link and title, and of its text.

package import Model

extension [Entry] {
    /// The marks of one document's entries, in their order.
    /// - Parameters:
    ///   - key: the source's own, or the marks say nothing; `nil` for marks as they were made before there were keys.
    ///   - hasAliases: whether link and title say which entry it is. Those of a page do not: its posts share its
    ///     address, and the only post on it may be another one at the next poll.
    package func marks(keyedBy key: MarkKey?, hasAliases: Bool) -> [EntryMarks] {
        if let key { marks(SipHash(key), hasAliases) } else { marks(Fingerprint(), hasAliases) }
    }

    private func marks(_ hash: some TextHash, _ hasAliases: Bool) -> [EntryMarks] {
        var hash = hash
        var room: [UInt8] = []
        let entries = span
        var marks = indices.map { index in
            // Field by field: to hand an entry over is to copy it, and to count every text in it.
            let title = entries[index].title?.value
            let identity = hash.of(entries[index].identity)
            let alias = hasAliases ? hash.alias(link: entries[index].link, title: title, &room) ?? identity : identity
            let content = hash.content(
                title: title, summary: entries[index].summary?.value, contents: entries[index].contents,
                authors: entries[index].authors, rating: entries[index].rating)
            return EntryMarks(identity: identity, alias: alias, content: content)
        }
        // Replies to one post may share link and title: then these say nothing about which is which.
        let shared = marks.map(\.alias).repeated
        for index in marks.indices where shared.contains(marks[index].alias) {
            marks[index].alias = marks[index].identity
        }
        return marks
    }
}

extension TextHash {
    /// The hash of everything in an entry that a query can look at.
    mutating func content(
        title: String?, summary: String?, contents: [RichText], authors: [Person], rating: Double?
    ) -> UInt64 {
        add(title)
        add(summary)
        for index in contents.indices { add(contents[index].value) }
        for index in authors.indices { add(authors[index].name) }
        if let rating { add("\(rating)") }
        return finish()
    }

    /// The hash of link and title; `nil` where there are none.
    /// - Parameter room: for the link in its normal form.
    fileprivate mutating func alias(link: String?, title: String?, _ room: inout [UInt8]) -> UInt64? {
        guard link != nil || title != nil else { return nil }
        if let link {
            room.removeAll(keepingCapacity: true)
            room.append(addingCapacity: link.utf8.count) { NormalLink.append(link.utf8.span, to: &$0) }
            add(room.span)
            add(0xFF)
        }
        add(title)
        return finish()
    }
}
