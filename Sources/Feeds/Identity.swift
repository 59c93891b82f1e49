// What makes an entry the same entry at the next poll. By the id; by id and link where a feed gives one id to several
// entries; by the link; by title and text. Entries that are the same to the letter are one.

internal import FoundationEssentials
internal import Model

/// Gives the entries of one document their identities.
struct Identifier {
    private let stated: [Stated]
    private var hash = SipHash(Self.key)
    /// The hashes of the identities that are given already.
    private var taken: Set<UInt64> = []
    /// How many entries that nothing names were the same as one before.
    private var repeats: [String: Int] = [:]

    /// Texts of one document are told apart by it, and none of its hashes is kept.
    private static let key = MarkKey.random()

    /// Fills in `identity` of all entries.
    /// - Parameter stated: what each of them states.
    static func identify(_ entries: inout [Entry], _ stated: [Stated], _ findings: inout Findings) {
        var identifier = Identifier(stated: stated)
        identifier.identify(&entries, &findings)
    }

    private init(stated: [Stated]) {
        self.stated = stated
    }

    private mutating func identify(_ entries: inout [Entry], _ findings: inout Findings) {
        let names = entries.indices.map { hash.of(Self.name(stated[$0].id, entries[$0].link) ?? "") }
        let hasNames = !names.contains(hash.of(""))
        if hasNames, names.repeated.isEmpty {
            // Nearly every document: each entry is known by its id, or else by its link, and no other has the same.
            for index in entries.indices {
                entries[index].identity = Self.name(stated[index].id, entries[index].link) ?? ""
            }
            return
        }
        // Ids and links are counted apart: one entry's id may be another's link.
        let keys = names.indices.map { Self.said(stated[$0].id) == nil ? ~names[$0] : names[$0] }
        let copied = copied(in: entries, keys)
        let shared = keys.indices.filter { copied[$0] == nil }.map { keys[$0] }.repeated
        for index in entries.indices {
            if let first = copied[index] {
                findings.note(.duplicateIDs)
                entries[index].identity = entries[first].identity
            } else if let name = Self.name(stated[index].id, entries[index].link), !shared.contains(keys[index]),
                taken.insert(names[index]).inserted
            {
                entries[index].identity = name
            } else {
                entries[index].identity = unique(
                    candidates(for: entries[index], Self.said(stated[index].id)), &findings)
            }
        }
    }

    /// Of each entry that was there before, to the letter, where it was first: it is one entry, known by one identity
    /// however often it is listed. Only an id, or a link and a date, say so: the same words may be written twice.
    private mutating func copied(in entries: [Entry], _ keys: [UInt64]) -> [Int: Int] {
        let shared = keys.repeated
        var firsts: [UInt64: Int] = [:]
        var copied: [Int: Int] = [:]
        for index in entries.indices where shared.contains(keys[index]) {
            let entry = entries[index]
            let isNamed = Self.said(stated[index].id) != nil
            let isDated = Self.said(entry.link) != nil && (entry.published ?? entry.updated) != nil
            guard isNamed || isDated else { continue }
            let letters = letters(of: entry, keys[index])
            if let first = firsts[letters] { copied[index] = first } else { firsts[letters] = index }
        }
        return copied
    }

    /// The hash of all that copies have in common. Dates are part of it: what goes wrong again is often told in the
    /// words of the last time.
    private mutating func letters(of entry: Entry, _ key: UInt64) -> UInt64 {
        let content = hash.content(
            title: entry.title?.value, summary: entry.summary?.value, contents: entry.contents, authors: entry.authors,
            rating: entry.rating)
        hash.add(entry.link)
        hash.add("\(key) \(content)")
        for date in [entry.published, entry.updated] { hash.add(date.map { "\($0.timeIntervalSince1970)" }) }
        return hash.finish()
    }

    /// Its id, or else its link. Neither says anything where it is empty: `rdf:about=""`.
    ///
    /// A link that is the site's own page, alone in the document, says too little: the next entry under it passes for
    /// an edit. Title and text cannot help here, since an edit changes them too, and one document does not know the
    /// last.
    private static func name(_ id: String?, _ link: String?) -> String? {
        said(id) ?? said(link)
    }

    private static func said(_ text: String?) -> String? {
        text?.isEmpty == true ? nil : text
    }

    /// What names an entry that shares its id or link, or has neither: from the shortest to the most particular.
    private func candidates(for entry: Entry, _ id: String?) -> [String] {
        var fingerprint = Fingerprint()
        let content = fingerprint.content(
            title: entry.title?.value, summary: entry.summary?.value, contents: entry.contents, authors: entry.authors,
            rating: entry.rating)
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
        // Nothing tells it from one before.
        let last = candidates.last ?? ""
        repeats[last, default: 1] += 1
        while !take("\(last)\n\(repeats[last, default: 1])") { repeats[last, default: 1] += 1 }
        return "\(last)\n\(repeats[last, default: 1])"
    }

    private mutating func take(_ identity: String) -> Bool {
        taken.insert(hash.of(identity)).inserted
    }
}
