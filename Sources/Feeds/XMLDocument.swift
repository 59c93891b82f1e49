// Reads an XML document from its bytes: repaired first, then in one pass, and where fewer entries came out than there
// are tags that begin one, each of them once more on its own.

internal import Markup
internal import Model

extension XMLFeedReader {
    /// `nil` if the document has no root element that a feed could have.
    static func read(_ text: CleanText, _ context: ReadingContext) -> FeedDraft? {
        let repaired = RepairedXML(text, roots: Vocabulary.roots)
        guard repaired.root != nil else { return nil }
        var (draft, outcome) = pass(over: repaired, context, LinkResolver(context.limits))
        let missing = repaired.entryTags - draft.entries.count - draft.findings[.entriesOverLimit]
        if missing > 0 || outcome.isCutShort {
            salvage(repaired, &draft, context)
        }
        draft.note(repaired.repairs)
        draft.findings.note(.textsCut, outcome.cutTexts)
        draft.findings.note(.parserErrors, outcome.errors)
        return draft
    }

    private static func pass(
        over document: RepairedXML, _ context: ReadingContext, _ links: LinkResolver
    ) -> (FeedDraft, XMLOutcome) {
        var reader = XMLFeedReader(version(of: document.rootTag), context)
        reader.document.reserve(document.entryTags)
        reader.document.links = links
        let outcome = XMLReader<XMLFeedReader>(
            name: { Vocabulary.tag(space: $0, prefix: $1, local: $2).rawValue },
            open: { $0.open(Tag(rawValue: $1) ?? .unknown, $2) },
            close: { $0.close($2) }
        ).read(document, textLimit: context.limits.text, into: &reader)
        return (reader.finished(), outcome)
    }

    /// Every entry alone, within the root element's tag for its namespaces.
    private static func salvage(_ document: RepairedXML, _ draft: inout FeedDraft, _ context: ReadingContext) {
        var salvaged = FeedDraft(version: draft.version, context: context)
        document.forEachEntry(limit: context.limits.entries) {
            salvaged.append(entriesOf: pass(over: $0, context, salvaged.links).0)
        }
        if salvaged.entries.count > draft.entries.count {
            draft.findings.note(.entriesSalvaged, salvaged.entries.count - draft.entries.count)
            draft.replaceEntries(by: salvaged)
        }
        draft.findings.note(.entriesLost, document.entryTags - draft.entries.count - draft.findings[.entriesOverLimit])
    }

    /// By the root element's name and namespaces; what RSS says of its version comes with its attributes.
    private static func version(of rootTag: String) -> FeedVersion {
        let tag = Array(rootTag.lowercased().utf8)
        let name = tag.dropFirst().prefix {
            $0 > UInt8(ascii: " ") && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "/")
        }
        let local = name.split(separator: UInt8(ascii: ":")).last ?? []
        switch String(decoding: local, as: UTF8.self) {
        case "rdf": return has(tag, "simple/0.9") ? .rss090 : .rss10
        case "feed", "entry": return atom(tag)
        case "channel": return .cdf
        default: return .rss
        }
    }

    private static func atom(_ tag: [UInt8]) -> FeedVersion {
        if has(tag, "www.w3.org/2005/atom") { return .atom10 }
        return has(tag, "purl.org/atom/ns") || has(tag, "version=\"0.3\"") ? .atom03 : .atom
    }

    private static func has(_ tag: [UInt8], _ text: StaticString) -> Bool {
        tag.span.end(of: text, from: 0) != nil
    }
}
