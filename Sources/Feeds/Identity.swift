// What makes an entry the same entry at the next poll. By the id; by id and link where a feed gives one id to several
// entries; by the link; by title and text. And the marks: hashes of that, of link and title, and of the text.

internal import Markup
internal import Model

/// Gives the entries of one document their identities and marks.
struct Identifier {
    /// What an identity is made of, as the document states it.
    struct Stated {
        var id: String?
        var link: String?
    }

    private let stated: [Stated]
    private var idCounts: [String: Int] = [:]
    private var linkCounts: [String: Int] = [:]
    private var taken: Set<String> = []
    /// How many entries were the same to the letter as one before.
    private var repeats: [String: Int] = [:]

    init(_ stated: [Stated]) {
        self.stated = stated
        for entry in stated {
            if let id = entry.id { idCounts[id, default: 0] += 1 }
            if let link = entry.link { linkCounts[link, default: 0] += 1 }
        }
    }

    /// Fills in `identity` and the mark of it for all entries, which stand in the order that `init` saw and have their
    /// other marks already.
    mutating func identify(_ entries: inout [Entry], _ findings: inout Findings) {
        var aliases: [UInt64: Int] = [:]
        for index in entries.indices {
            let content = entries[index].marks.content
            let identity = unique(candidates(for: index, entries[index].title?.value ?? "", content), &findings)
            entries[index].identity = identity
            entries[index].marks.identity = Fingerprint.of(identity)
            let isBare = entries[index].link == nil && entries[index].title == nil
            if isBare { entries[index].marks.alias = entries[index].marks.identity }
            aliases[entries[index].marks.alias, default: 0] += 1
        }
        // Replies to one post may share link and title: then these say nothing about which is which.
        for index in entries.indices where aliases[entries[index].marks.alias, default: 0] > 1 {
            entries[index].marks.alias = entries[index].marks.identity
        }
    }

    /// From the shortest to the most particular.
    private func candidates(for index: Int, _ title: String, _ content: UInt64) -> [String] {
        if let id = stated[index].id {
            let withLink = "\(id)\n\(stated[index].link ?? "")"
            return idCounts[id] == 1 ? [id] : [withLink, "\(withLink)\n\(content)"]
        }
        if let link = stated[index].link {
            return linkCounts[link] == 1 ? [link] : ["\(link)\n\(title)", "\(link)\n\(content)"]
        }
        return ["\(title)\n\(content)"]
    }

    private mutating func unique(_ candidates: [String], _ findings: inout Findings) -> String {
        if candidates.count > 1 { findings.note(.duplicateIDs) }
        for candidate in candidates where taken.insert(candidate).inserted { return candidate }
        // The same entry twice over, to the letter.
        let last = candidates.last ?? ""
        repeats[last, default: 1] += 1
        while !taken.insert("\(last)\n\(repeats[last, default: 1])").inserted { repeats[last, default: 1] += 1 }
        return "\(last)\n\(repeats[last, default: 1])"
    }

    // MARK: Hashes

    /// The mark of everything that a query can look at.
    static func content(_ entry: Entry) -> UInt64 {
        var fingerprint = Fingerprint()
        fingerprint.add(entry.title?.value)
        fingerprint.add(entry.summary?.value)
        for content in entry.contents { fingerprint.add(content.value) }
        for author in entry.authors { fingerprint.add(author.name) }
        if let rating = entry.rating { fingerprint.add("\(rating)") }
        return fingerprint.value
    }

    /// The mark of link and title.
    static func alias(_ entry: Entry) -> UInt64 {
        var fingerprint = Fingerprint()
        if let link = entry.link { fingerprint.add(NormalLink(link).bytes) }
        fingerprint.add(entry.title?.value)
        return fingerprint.value
    }
}

/// A link without what sites change about their links: the scheme, `www.`, the case of the host, the trailing slash, the
/// fragment, campaign parameters. Over bytes, because every entry of every poll has one.
struct NormalLink {
    private(set) var bytes: [UInt8] = []

    init(_ link: String) {
        var link = link
        link.withUTF8 { read($0.span) }
    }

    private mutating func read(_ link: Span<UInt8>) {
        bytes.reserveCapacity(link.count)
        var index = Self.hostStart(link)
        let isEnd: (UInt8) -> Bool = { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
        while index < link.count, !isEnd(link[index]) {
            let byte = link[index]
            bytes.append(byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte)
            index += 1
        }
        if bytes.starts(with: "www.".utf8) { bytes.removeFirst(4) }
        while index < link.count, link[index] != UInt8(ascii: "?"), link[index] != UInt8(ascii: "#") {
            bytes.append(link[index])
            index += 1
        }
        while bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
        if index < link.count, link[index] == UInt8(ascii: "?") { readQuery(link, from: index + 1) }
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

    private mutating func readQuery(_ link: Span<UInt8>, from start: Int) {
        var index = start
        while index < link.count, link[index] != UInt8(ascii: "#") {
            let mark = bytes.count
            bytes.append(UInt8(ascii: "&"))
            while index < link.count, link[index] != UInt8(ascii: "&"), link[index] != UInt8(ascii: "#") {
                bytes.append(link[index])
                index += 1
            }
            if index == link.count || link[index] == UInt8(ascii: "&") { index += 1 }
            if Self.isCampaign(bytes[(mark + 1)...]) { bytes.removeSubrange(mark...) }
        }
    }

    /// Parameters that say where a reader came from and not what they read.
    private static func isCampaign(_ parameter: ArraySlice<UInt8>) -> Bool {
        campaigns.contains { parameter.starts(with: $0.utf8) }
    }

    private static let campaigns = ["utm_", "fbclid=", "gclid=", "mc_cid=", "mc_eid=", "ref=", "source="]
}
