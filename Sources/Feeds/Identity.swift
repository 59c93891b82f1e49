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

    /// Fills in `identity` and `marks` of all entries, which stand in the order that `init` saw.
    mutating func identify(_ entries: inout [Entry], _ findings: inout Findings) {
        var aliases: [UInt64: Int] = [:]
        for index in entries.indices {
            let content = Self.content(entries[index])
            let identity = unique(candidates(for: index, entries[index].title?.value ?? "", content), &findings)
            let alias = Self.alias(entries[index], identity: identity)
            aliases[alias, default: 0] += 1
            entries[index].identity = identity
            entries[index].marks = EntryMarks(
                identity: Fingerprint.of(identity), alias: alias, content: content)
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

    private static func content(_ entry: Entry) -> UInt64 {
        var fingerprint = Fingerprint()
        fingerprint.add(entry.title?.value)
        fingerprint.add(entry.summary?.value)
        for content in entry.contents { fingerprint.add(content.value) }
        for author in entry.authors { fingerprint.add(author.name) }
        if let rating = entry.rating { fingerprint.add("\(rating)") }
        return fingerprint.value
    }

    private static func alias(_ entry: Entry, identity: String) -> UInt64 {
        guard entry.link != nil || entry.title != nil else { return Fingerprint.of(identity) }
        return Fingerprint.of(entry.link.map(NormalLink.init)?.text, entry.title?.value)
    }
}

/// A link without what sites change about their links: the scheme, `www.`, the trailing slash, campaign parameters.
struct NormalLink {
    let text: String

    init(_ link: String) {
        var rest = link[...]
        if let scheme = rest.firstRange(of: "://") { rest = rest[scheme.upperBound...] }
        let host = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        var name = host.lowercased()
        if name.hasPrefix("www.") { name.removeFirst(4) }
        var path = rest[host.endIndex...].prefix { $0 != "#" }
        let query = path.firstIndex(of: "?").map { path[path.index(after: $0)...] } ?? ""
        path = path.prefix { $0 != "?" }
        while path.hasSuffix("/") { path = path.dropLast() }
        let kept = query.split(separator: "&").filter { !Self.isCampaign($0) }
        text = name + path + (kept.isEmpty ? "" : "?" + kept.joined(separator: "&"))
    }

    /// Parameters that say where a reader came from and not what they read.
    private static func isCampaign(_ parameter: Substring) -> Bool {
        let name = parameter.prefix { $0 != "=" }.lowercased()
        return name.hasPrefix("utm_") || ["fbclid", "gclid", "mc_cid", "mc_eid", "ref", "source"].contains(name)
    }
}
