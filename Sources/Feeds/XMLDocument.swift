// Reads an XML document from its bytes: repaired first, then in one pass, and where fewer entries came out than there
// are tags that begin one, each of them once more on its own.

internal import Markup
internal import Model

extension XMLFeedReader {
    /// `nil` if the document has no root element that a feed could have.
    static func read(_ text: CleanText, _ context: ReadingContext) -> FeedDraft? {
        let repaired = RepairedXML(text, roots: Vocabulary.roots)
        guard repaired.root != nil else { return nil }
        var (draft, outcome) = pass(over: repaired, context)
        let missing = repaired.entryTags - draft.entries.count - draft.findings[.entriesOverLimit]
        if missing > 0 || outcome.isCutShort {
            salvage(repaired, &draft, context)
        }
        draft.note(repaired.repairs)
        draft.findings.note(.textsCut, outcome.cutTexts)
        draft.findings.note(.parserErrors, outcome.errors)
        return draft
    }

    private static func pass(over document: RepairedXML, _ context: ReadingContext) -> (FeedDraft, XMLOutcome) {
        var reader = XMLFeedReader(version(of: document.rootTag), context)
        let outcome = XMLReader(
            name: { Vocabulary.tag(space: $0, prefix: $1, local: $2).rawValue },
            open: { reader.open(Tag(rawValue: $0) ?? .unknown, $1) },
            close: { reader.close($1) }
        ).read(document, textLimit: context.limits.text)
        return (reader.finished(), outcome)
    }

    /// Every entry alone, within the root element's tag for its namespaces.
    private static func salvage(_ document: RepairedXML, _ draft: inout FeedDraft, _ context: ReadingContext) {
        var salvaged = FeedDraft(version: draft.version, context: context)
        document.forEachEntry(limit: context.limits.entries) { salvaged.append(entriesOf: pass(over: $0, context).0) }
        if salvaged.entries.count > draft.entries.count {
            draft.findings.note(.entriesSalvaged, salvaged.entries.count - draft.entries.count)
            draft.replaceEntries(by: salvaged)
        }
        draft.findings.note(.entriesLost, document.entryTags - draft.entries.count - draft.findings[.entriesOverLimit])
    }

    /// By the root element's name, version and namespaces.
    private static func version(of rootTag: String) -> FeedVersion {
        let tag = rootTag.lowercased()
        let name = tag.utf8.dropFirst().prefix {
            $0 > UInt8(ascii: " ") && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "/")
        }
        switch Substring(name).split(separator: ":").last {
        case "rss": return rss(tag)
        case "rdf": return tag.contains("simple/0.9") ? .rss090 : .rss10
        case "feed", "entry": return atom(tag)
        case "channel": return .cdf
        default: return .rss
        }
    }

    private static func rss(_ tag: String) -> FeedVersion {
        let parts = tag.utf8.split(separator: UInt8(ascii: "="))
        guard let before = parts.firstIndex(where: { Substring($0).hasSuffix("version") }), before + 1 < parts.count
        else {
            return .rss
        }
        let version = Substring(parts[before + 1]).drop { $0 == "\"" || $0 == "'" }
            .prefix { $0.isNumber || $0 == "." }
        switch version {
        case "0.90": return .rss090
        case "0.91": return .rss091u
        case "0.92": return .rss092
        case "0.93": return .rss093
        case "0.94": return .rss094
        default: return version.hasPrefix("2") ? .rss20 : .rss
        }
    }

    private static func atom(_ tag: String) -> FeedVersion {
        if tag.contains("www.w3.org/2005/atom") { return .atom10 }
        return tag.contains("purl.org/atom/ns") || tag.contains("version=\"0.3\"") ? .atom03 : .atom
    }
}
