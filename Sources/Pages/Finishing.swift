// From items to entries: dates are read, links made absolute, threads named, identities given. It runs once a page is
// known whole, because what is ambiguous in one date is settled by the others.

internal import Feeds
internal import Foundation
internal import Markup
internal import Model

/// What the items of one page have in common.
struct PageSetting {
    /// What links resolve against.
    var base: String?
    /// The page's own address, without its fragment.
    var address: String?
    var language: String?
    /// The page's topic.
    var title: String?
    var dates: DateContext
    /// Whether the page begins its thread, so that the first item is the one that has its title.
    var isFirstPage: Bool
}

extension PageSetting {
    /// The entries of a page, and what was noted on the way.
    func entries(_ items: [PageItem]) -> (entries: [Entry], findings: Findings) {
        var findings = Findings()
        var published: [PageDate?] = []
        var entries: [Entry] = []
        for item in items {
            let date = item.published.isEmpty ? nil : date(item.published)
            if !item.published.isEmpty, date == nil { findings.note(.illegibleDates) }
            published.append(date)
            var entry = entry(item)
            entry.published = date?.date
            entry.updated = item.updated.flatMap { PageDate($0, dates)?.date }
            if entry.published == nil, entry.updated == nil { findings.note(.entriesWithoutDate) }
            entries.append(entry)
        }
        name(&entries, items)
        let stated = identities(entries, items, published)
        findings.note(.entriesWithoutID, stated.count { $0 == nil })
        findings.merge(entries.identify(stated: stated))
        return (entries, findings)
    }

    /// What a program wrote counts before what was written for people.
    private func date(_ texts: [String]) -> PageDate? {
        for text in texts.filter(PageDate.isMachine) + texts {
            if let date = PageDate(text, dates) { return date }
        }
        return nil
    }

    private func entry(_ item: PageItem) -> Entry {
        var entry = Entry(identity: "")
        entry.kind = item.kind
        entry.id = item.id
        entry.title = item.title.map { RichText($0, form: .plain) }
        entry.link = link(item)
        entry.links = entry.link.map { [Link(href: $0)] } ?? []
        if item.author != nil || item.authorLink != nil {
            entry.authors = [Person(name: item.author, url: item.authorLink.map(resolve))]
        }
        entry.contents =
            item.body.map { [RichText($0.value, form: $0.form, in: Boxed(RichText.Scope(base: base)))] } ?? []
        entry.language = language
        entry.rating = item.rating
        entry.ratingScale = item.scale
        entry.inReplyTo = item.replyTo
        let thread = Entry.Thread(title: item.thread.title ?? title, link: item.thread.link.map(resolve) ?? address)
        entry.thread = thread == Entry.Thread() ? nil : thread
        return entry
    }

    private func resolve(_ link: String) -> String {
        SessionID.stripped(Reference.resolve(link, against: base))
    }

    /// An item without a link of its own is at its id on the page.
    private func link(_ item: PageItem) -> String? {
        if let link = item.link { return resolve(link) }
        guard let address else { return nil }
        guard let id = item.id, id.allSatisfy({ $0.isLetter || $0.isNumber || "-_.:".contains($0) }) else {
            return SessionID.stripped(address)
        }
        return SessionID.stripped("\(address)#\(id)")
    }

    /// The post that began the thread has its title; replies only know it as their thread's.
    private func name(_ entries: inout [Entry], _ items: [PageItem]) {
        guard isFirstPage, let first = items.first, first.kind == .forum || first.kind == .qa, first.title == nil,
            entries.count == 1 || first.replyTo == nil, let title = entries.first?.thread?.title
        else { return }
        entries[0].title = RichText(title, form: .plain)
    }

    /// The id; else the link where it is the entry's own; else author and time, which an edit leaves alone.
    private func identities(_ entries: [Entry], _ items: [PageItem], _ published: [PageDate?]) -> [String?] {
        var counts: [String: Int] = [:]
        for item in items { if let link = item.link { counts[link, default: 0] += 1 } }
        return entries.indices.map { index in
            if let id = items[index].id ?? items[index].identity { return id }
            if let link = items[index].link, counts[link] == 1 { return entries[index].link }
            guard let author = items[index].author, let date = published[index], !date.isRelative else { return nil }
            return "\(author)\n\(date.ambiguous ?? "\(Int(date.date.timeIntervalSince1970))")"
        }
    }
}

/// Session ids that forums put into links for those who keep no cookies: another at every visit.
enum SessionID {
    private static let names: Set<Substring> = ["sid", "s", "phpsessid", "jsessionid", "sessionid", "session_id"]

    /// `link` without them.
    static func stripped(_ link: String) -> String {
        let bytes = link.utf8
        guard let mark = bytes.firstIndex(of: UInt8(ascii: "?")) else { return link }
        let fragment = bytes[mark...].firstIndex(of: UInt8(ascii: "#")) ?? link.endIndex
        let query = bytes[bytes.index(after: mark)..<fragment]
        // `&` and, in SMF, `;`.
        let isSMF = query.contains(UInt8(ascii: ";")) && !query.contains(UInt8(ascii: "&"))
        let separator = isSMF ? ";" : "&"
        let parameters = query.split(separator: UInt8(ascii: isSMF ? ";" : "&"), omittingEmptySubsequences: false)
            .map(Substring.init)
        let kept = parameters.filter { !isSession($0) }
        guard kept.count < parameters.count else { return link }
        let rest = kept.isEmpty ? "" : "?" + kept.joined(separator: separator)
        return link[..<mark] + rest + link[fragment...]
    }

    /// A known name and a value of 16 to 64 letters and digits.
    private static func isSession(_ parameter: Substring) -> Bool {
        let parts = parameter.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, names.contains(Substring(parts[0].lowercased())) else { return false }
        return (16...64).contains(parts[1].count) && parts[1].allSatisfy { $0.isLetter || $0.isNumber }
    }
}
