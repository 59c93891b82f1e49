// RSS, RSS 1.0, CDF and Atom in one pass: elements open and close, and what they hold goes into drafts. Which names
// mean what is `Vocabulary`'s; what a field is worth is in FieldReader. It lives for one document, on one thread.

internal import Markup
internal import Model

/// Reads one XML document.
final class XMLFeedReader {
    /// An open element.
    struct Frame {
        var tag: Tag
        /// What its children belong to.
        var zone: Zone
        var attributes = FieldAttributes()
        /// It began a draft, which ends with it.
        var beganDraft = false
        var hasLanguage = false
        var hasBase = false
    }

    /// What the children of an element belong to.
    enum Zone {
        /// The feed, entry or source being read.
        case draft
        case person
        case image, textInput
        /// skipHours and skipDays.
        case times
        /// Nothing: only an entry is looked for.
        case hidden
    }

    var document: FeedDraft
    /// Open drafts: the feed, an entry in it, a source in that.
    var drafts: [Draft] = [Draft()]
    var frames: [Frame] = []
    var person = Person()
    var languages: [String] = []
    var bases: [String] = []
    var periodHours: Double?
    var frequency: Double?

    init(_ version: FeedVersion, _ context: ReadingContext) {
        document = FeedDraft(version: version, context: context)
        if let language = context.language { languages.append(language) }
    }

    var context: ReadingContext { document.context }

    /// The draft that fields go into.
    var draft: Draft {
        _read { yield drafts[drafts.count - 1] }
        _modify { yield &drafts[drafts.count - 1] }
    }

    var isInEntry: Bool { drafts.count > 1 }
    var isInSource: Bool { drafts.count > 2 }
    var base: String? { bases.last ?? context.base }
    var language: String? { languages.last.flatMap { $0.isEmpty ? nil : $0 } }

    // MARK: Elements

    func open(_ tag: Tag, _ attributes: XMLAttributes) -> XMLInside {
        let zone = frames.isEmpty ? .draft : frames[frames.count - 1].zone
        var frame = Frame(tag: tag, zone: .hidden)
        if !attributes.isEmpty { inherit(attributes, into: &frame) }
        let inside: XMLInside
        if tag == .entry {
            inside = beginEntry(attributes, &frame)
        } else {
            switch zone {
            case .draft: inside = openField(tag, attributes, &frame)
            case .hidden: inside = .elements
            default: inside = openDetail(tag, &frame)
            }
        }
        frames.append(frame)
        return inside
    }

    func close(_ text: Span<UInt8>) {
        guard let frame = frames.popLast() else { return }
        let zone = frames.isEmpty ? .draft : frames[frames.count - 1].zone
        let field = text.extracting(text.trimmedRange)
        if frame.beganDraft {
            endDraft(frame, field)
        } else if frame.tag != .unknown || zone == .person {
            switch zone {
            case .draft: closeField(frame, field)
            case .hidden: break
            default: closeDetail(frame, field, zone)
            }
        }
        if frame.hasLanguage { languages.removeLast() }
        if frame.hasBase { bases.removeLast() }
    }

    /// xml:lang and xml:base are inherited by everything inside.
    private func inherit(_ attributes: XMLAttributes, into frame: inout Frame) {
        if let language = attributes["xml", "lang"] {
            languages.append(language.replacing("_", with: "-"))
            frame.hasLanguage = true
        }
        if let base = attributes["xml", "base"] {
            let resolved = Reference.resolve(base, against: self.base)
            // A base that is no web address would turn every link into a trap.
            bases.append(Reference.isAbsolute(resolved) && !Reference.isBase(resolved) ? self.base ?? "" : resolved)
            frame.hasBase = true
        }
    }

    // MARK: Drafts

    private func beginEntry(_ attributes: XMLAttributes, _ frame: inout Frame) -> XMLInside {
        // One inside another is one that was never closed.
        while isInEntry { finishDraft(text: nil) }
        guard document.entries.count < context.limits.entries else {
            document.findings.note(.entriesOverLimit)
            return .nothing
        }
        drafts.append(Draft())
        frame.zone = .draft
        frame.beganDraft = true
        frame.attributes.draftDepth = drafts.count
        draft.language = language
        draft.base = bases.last
        if let about = attributes["rdf", "about"] ?? attributes["about"] { draft.id = about }
        // CDF puts them into the tag.
        if let link = attributes["href"] { add(Link(href: link)) }
        draft.updated = attributes["lastmod"]
        return .elements
    }

    func beginSource(_ attributes: XMLAttributes, _ frame: inout Frame) -> XMLInside {
        drafts.append(Draft())
        frame.zone = .draft
        frame.beganDraft = true
        frame.attributes.draftDepth = drafts.count
        draft.base = bases.last
        if let url = attributes["url"] {
            draft.link.offer(resolve(url), rank: 0)
            if context.keepsExtras { draft.extras.append(Extra(name: "href", text: resolve(url))) }
        }
        return .mixed
    }

    private func endDraft(_ frame: Frame, _ text: Span<UInt8>) {
        guard drafts.count >= frame.attributes.draftDepth, isInEntry else { return }
        finishDraft(text: frame.tag == .source ? text.string : nil)
    }

    private func finishDraft(text: String?) {
        guard var finished = drafts.popLast() else { return }
        if isInEntry {
            if let text { finished.title.offer(RichText(text, form: .plain), rank: 9) }
            draft.source = [finished]
        } else {
            document.entries.append(finished)
        }
    }

    /// Everything that was read, with the drafts that a broken document left open.
    func finished() -> FeedDraft {
        while isInEntry { finishDraft(text: nil) }
        document.feed = draft
        if let hours = periodHours {
            document.pace.period = .seconds(hours * 3600 / max(frequency ?? 1, 1))
        }
        return document
    }
}

/// The attributes of an element that are still needed when it closes.
struct FieldAttributes {
    var type: String?
    var mode: String?
    var link: Link?
    var scheme: String?
    var label: String?
    var isPermalink = true
    var draftDepth = 0
    /// All of them, kept only for extras.
    var all: [String: String] = [:]
}
