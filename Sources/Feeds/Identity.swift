// What makes an entry the same entry at the next poll. By the id; by id and link where a feed gives one id to several
// entries; by the link; by title and text. And the marks: hashes of that, of link and title, and of the text.

internal import Markup
internal import Model

/// Gives the entries of one document their identities and marks.
struct Identifier {
    private let stated: [Stated]
    private var fingerprint = Fingerprint()
    /// How many entries have an id, or without one a link, by `countKey`.
    private var counts: [UInt64: Int] = [:]
    /// The hashes of the identities that are given already.
    private var taken: Set<UInt64> = []
    /// How many entries were the same to the letter as one before.
    private var repeats: [String: Int] = [:]

    /// Fills in `identity` and the marks of all entries.
    /// - Parameter stated: what each of them states.
    static func identify(_ entries: inout [Entry], _ stated: [Stated], _ findings: inout Findings) {
        var identifier = Identifier(stated: stated)
        identifier.identify(&entries, &findings)
    }

    private init(stated: [Stated]) {
        self.stated = stated
        counts.reserveCapacity(stated.count)
        taken.reserveCapacity(stated.count)
    }

    private mutating func identify(_ entries: inout [Entry], _ findings: inout Findings) {
        var aliases: [UInt64: Int] = [:]
        aliases.reserveCapacity(entries.count)
        for index in entries.indices {
            entries[index].marks.identity = fingerprint.of(stated[index].id ?? entries[index].link ?? "")
            counts[countKey(entries[index], stated[index].id), default: 0] += 1
        }
        for index in entries.indices {
            entries[index].markContent(&fingerprint)
            identify(&entries[index], stated[index].id, &findings)
            entries[index].markAlias(&fingerprint)
            aliases[entries[index].marks.alias, default: 0] += 1
        }
        // Replies to one post may share link and title: then these say nothing about which is which.
        for index in entries.indices where aliases[entries[index].marks.alias, default: 0] > 1 {
            entries[index].marks.alias = entries[index].marks.identity
        }
    }

    /// Nearly every entry is known by its id, or else by its link, and no other of its document has the same.
    private mutating func identify(_ entry: inout Entry, _ id: String?, _ findings: inout Findings) {
        if let name = id ?? entry.link, counts[countKey(entry, id)] == 1, taken.insert(entry.marks.identity).inserted {
            entry.identity = name
        } else {
            entry.identity = unique(candidates(for: entry, id), &findings)
            entry.marks.identity = fingerprint.of(entry.identity)
        }
    }

    /// Ids and links are counted apart: one entry's id may be another's link.
    private func countKey(_ entry: Entry, _ id: String?) -> UInt64 {
        id == nil ? ~entry.marks.identity : entry.marks.identity
    }

    /// What names an entry that shares its id or link, or has neither: from the shortest to the most particular.
    private func candidates(for entry: Entry, _ id: String?) -> [String] {
        let content = entry.marks.content
        if let id {
            let withLink = "\(id)\n\(entry.link ?? "")"
            return [withLink, "\(withLink)\n\(content)"]
        }
        let title = entry.title?.value ?? ""
        guard let link = entry.link else { return ["\(title)\n\(content)"] }
        return ["\(link)\n\(title)", "\(link)\n\(content)"]
    }

    private mutating func unique(_ candidates: [String], _ findings: inout Findings) -> String {
        if candidates.count > 1 { findings.note(.duplicateIDs) }
        for candidate in candidates where take(candidate) { return candidate }
        // The same entry twice over, to the letter.
        let last = candidates.last ?? ""
        repeats[last, default: 1] += 1
        while !take("\(last)\n\(repeats[last, default: 1])") { repeats[last, default: 1] += 1 }
        return "\(last)\n\(repeats[last, default: 1])"
    }

    private mutating func take(_ identity: String) -> Bool {
        taken.insert(fingerprint.of(identity)).inserted
    }
}

extension Entry {
    /// Marks everything that a query can look at.
    fileprivate mutating func markContent(_ fingerprint: inout Fingerprint) {
        fingerprint.add(title?.value)
        fingerprint.add(summary?.value)
        // By index: a copy of each would cost a count on every text in it.
        for index in contents.indices { fingerprint.add(contents[index].value) }
        for index in authors.indices { fingerprint.add(authors[index].name) }
        if let rating { fingerprint.add("\(rating)") }
        marks.content = fingerprint.finish()
    }

    /// Marks link and title; where there are none, the identity.
    fileprivate mutating func markAlias(_ fingerprint: inout Fingerprint) {
        guard link != nil || title != nil else {
            marks.alias = marks.identity
            return
        }
        if let link { fingerprint.add(link: link) }
        fingerprint.add(title?.value)
        marks.alias = fingerprint.finish()
    }
}

/// A link without what sites change about their links: the scheme, `www.`, the case of the host, the trailing slash, the
/// fragment, campaign parameters. Over bytes, because every entry of every poll has one.
enum NormalLink {
    static func append(_ link: Span<UInt8>, to bytes: inout [UInt8]) {
        let start = bytes.count
        var index = hostStart(link)
        if link.starts(with: "www.", at: index) { index += 4 }
        while index < link.count, !isEndOfHost(link[index]) {
            let byte = link[index]
            bytes.append(byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte)
            index += 1
        }
        while index < link.count, link[index] != UInt8(ascii: "?"), link[index] != UInt8(ascii: "#") {
            bytes.append(link[index])
            index += 1
        }
        while bytes.count > start, bytes[bytes.count - 1] == UInt8(ascii: "/") { bytes.removeLast() }
        if index < link.count, link[index] == UInt8(ascii: "?") { appendQuery(link, from: index + 1, to: &bytes) }
    }

    private static func isEndOfHost(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
    }

    /// After "://", looked for in the first 12 bytes.
    private static func hostStart(_ link: Span<UInt8>) -> Int {
        for index in 0..<min(10, max(0, link.count - 2))
        where link[index] == UInt8(ascii: ":") && link[index + 1] == UInt8(ascii: "/")
            && link[index + 2] == UInt8(ascii: "/")
        {
            return index + 3
        }
        return 0
    }

    private static func appendQuery(_ link: Span<UInt8>, from start: Int, to bytes: inout [UInt8]) {
        var index = start
        while index < link.count, link[index] != UInt8(ascii: "#") {
            let parameter = index
            while index < link.count, link[index] != UInt8(ascii: "&"), link[index] != UInt8(ascii: "#") { index += 1 }
            if !campaigns.contains(where: { link.starts(with: $0, at: parameter) }) {
                bytes.append(UInt8(ascii: "&"))
                for place in parameter..<index { bytes.append(link[place]) }
            }
            if index == link.count || link[index] == UInt8(ascii: "&") { index += 1 }
        }
    }

    /// Parameters that say where a reader came from and not what they read.
    private static let campaigns: [StaticString] = [
        "utm_", "fbclid=", "gclid=", "mc_cid=", "mc_eid=", "ref=", "source=",
    ]
}

extension Span<UInt8> {
    /// Whether `text`, which is lower case, stands at `index`, in any case.
    fileprivate func starts(with text: StaticString, at index: Int) -> Bool {
        guard index + text.utf8CodeUnitCount <= count else { return false }
        for offset in 0..<text.utf8CodeUnitCount {
            let byte = self[index + offset]
            let isUpper = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
            guard (isUpper ? byte | 0x20 : byte) == text.utf8Start[offset] else { return false }
        }
        return true
    }
}
