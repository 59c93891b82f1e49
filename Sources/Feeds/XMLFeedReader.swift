// RSS, RSS 1.0, CDF and Atom in one pass: elements open and close, and what they hold goes into drafts. Which names
// mean what is `Vocabulary`'s; what a field is worth is in FieldReader. It lives for one document, on one thread.

internal import Markup
internal import Model

/// Reads one XML document.
struct XMLFeedReader {
    /// An open element.
    struct Frame {
        var tag: Tag
        /// What its children belong to.
        var zone: Zone
        /// `kept` are its own.
        var hasAttributes = false
        /// How many drafts were open when it began one, which ends with it.
        var draftDepth: Int?
        /// It states xml:lang or xml:base.
        var hasScope = false
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

    let context: ReadingContext
    var document: FeedDraft
    /// What fields go into: the feed, an entry in it, a source in that.
    var draft = Draft()
    /// The drafts that wait for this one to end.
    private var outer: [Draft] = []
    var frames: [Frame] = []
    /// The attributes of the innermost element that has its value in text: nothing else is told before it closes.
    var kept = FieldAttributes()
    var person = Person()
    /// The xml:lang and xml:base in force, or else the document's own; and those further out.
    private(set) var scope: Boxed<RichText.Scope>
    private var scopes: [Boxed<RichText.Scope>] = []
    /// How many xml:base are in force.
    private var bases = 0
    var periodHours: Double?
    var frequency: Double?

    init(_ version: FeedVersion, _ context: ReadingContext) {
        self.context = context
        document = FeedDraft(version: version, context: context)
        scope = Boxed(RichText.Scope(language: context.language, base: context.base))
    }

    var language: String? { scope.value.language }
    var base: String? { scope.value.base }

    var isInEntry: Bool { !outer.isEmpty }
    var isInSource: Bool { outer.count > 1 }
    /// xml:base is in force.
    var hasBase: Bool { bases > 0 }

    // MARK: Elements

    mutating func open(_ tag: Tag, _ attributes: XMLAttributes) -> XMLInside {
        let zone = frames.isEmpty ? .draft : frames[frames.count - 1].zone
        var frame = Frame(tag: tag, zone: .hidden)
        if attributes.hasPrefixes { inherit(attributes, into: &frame) }
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

    mutating func close(_ text: UTF8Span) {
        guard let frame = frames.popLast() else { return }
        let zone = frames.isEmpty ? .draft : frames[frames.count - 1].zone
        if let depth = frame.draftDepth {
            if outer.count >= depth { endDraft(text: frame.tag == .source ? text.string : nil) }
        } else if frame.tag != .unknown || zone == .person {
            switch zone {
            case .draft: closeField(frame, text)
            case .hidden: break
            default: closeDetail(frame, text, zone)
            }
        }
        if frame.hasScope { scope = scopes.removeLast() }
        if frame.hasBase { bases -= 1 }
    }

    /// xml:lang and xml:base are inherited by everything inside.
    private mutating func inherit(_ attributes: XMLAttributes, into frame: inout Frame) {
        let (language, stated) = (attributes["xml", "lang"], attributes["xml", "base"])
        guard language != nil || stated != nil else { return }
        var inner = scope.value
        if let language { inner.language = language.isEmpty ? nil : language.replacing("_", with: "-") }
        if let stated {
            let resolved = resolve(stated)
            // A base that is no web address would turn every link into a trap.
            let isTrap = Reference.isAbsolute(resolved) && !Reference.isBase(resolved)
            inner.base = isTrap ? base ?? "" : resolved
            bases += 1
            frame.hasBase = true
        }
        scopes.append(scope)
        scope = Boxed(inner)
        frame.hasScope = true
    }

    // MARK: Drafts

    private mutating func beginDraft(_ frame: inout Frame) {
        // Swapped, because a copy would cost a count on every text and list in it.
        outer.append(Draft())
        swap(&outer[outer.count - 1], &draft)
        frame.zone = .draft
        frame.draftDepth = outer.count
        draft.stated.base = hasBase ? base : nil
    }

    private mutating func beginEntry(_ attributes: XMLAttributes, _ frame: inout Frame) -> XMLInside {
        // One inside another is one that was never closed.
        while isInEntry { endDraft(text: nil) }
        guard document.entries.count < context.limits.entries else {
            document.findings.note(.entriesOverLimit)
            return .nothing
        }
        beginDraft(&frame)
        draft.entry.language = language
        guard !attributes.isEmpty else { return .elements }
        if let about = attributes["rdf", "about"] ?? attributes["about"] { draft.entry.id = about }
        // CDF puts them into the tag.
        if let link = attributes["href"] { add(Link(href: link)) }
        draft.stated.updated = attributes["lastmod"].map { StatedDate($0) }
        return .elements
    }

    mutating func beginSource(_ attributes: XMLAttributes, _ frame: inout Frame) -> XMLInside {
        beginDraft(&frame)
        if let url = attributes["url"] {
            draft.offerLink(resolve(url), rank: 0)
            if context.keepsExtras { draft.entry.extras.append(Extra(name: "href", text: resolveShown(url))) }
        }
        return .mixed
    }

    /// Ends the draft of an entry or a source.
    private mutating func endDraft(text: String?) {
        guard isInSource else {
            document.append(&draft)
            draft = outer.removeLast()
            return
        }
        if let text { draft.offerTitle(RichText(text, form: .plain), rank: 9) }
        let source = draft
        draft = outer.removeLast()
        draft.entry.source = source.origin
        if context.keepsExtras { draft.sourceExtras = source.originExtras }
    }

    /// Everything that was read, with the drafts that a broken document left open.
    mutating func finished() -> FeedDraft {
        while isInEntry { endDraft(text: nil) }
        document.feed = draft
        if let hours = periodHours {
            document.pace.period = .seconds(hours * 3600 / max(frequency ?? 1, 1))
        }
        return document
    }
}

/// The attributes of an element that are still needed when it closes.
struct FieldAttributes {
    /// Anything in it differs from an element without attributes.
    var isSet = false
    var type: String?
    var mode: String?
    var link: Link?
    var scheme: String?
    var label: String?
    var isPermalink = true
    /// All of them, kept only for extras.
    var all: [String: String] = [:]
}
