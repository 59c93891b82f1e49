// What stands inside the small containers: a person's name, an image's address, the hours to skip; and the extras,
// which are everything that `earshot parse` shows and nothing else needs.

internal import Markup
internal import Model

extension XMLFeedReader {
    // MARK: Details

    mutating func openDetail(_ tag: Tag, _ frame: inout Frame) -> XMLInside {
        frame.tag = tag
        return .text
    }

    mutating func closeDetail(_ frame: Frame, _ text: UTF8Span, _ zone: Zone) {
        guard context.keepsExtras || zone == .person || zone == .times, let string = text.string else { return }
        switch zone {
        case .person: closePersonDetail(frame.tag, string)
        case .image: addExtra(frame.tag == .url ? "image.href" : "image.\(frame.tag)", string)
        case .textInput: addExtra("textinput.\(frame.tag)", string)
        case .times: closeTime(frame.tag, string)
        case .draft, .hidden: break
        }
    }

    private mutating func closePersonDetail(_ tag: Tag, _ string: String) {
        switch tag {
        case .name: person.name = string
        case .email: person.email = string
        case .uri, .url, .link: person.url = resolve(string)
        default: person.name = person.name ?? PlainText.fromHTML(string)
        }
    }

    private mutating func closeTime(_ tag: Tag, _ string: String) {
        switch tag {
        case .hour: if let hour = Int(string), (0...24).contains(hour) { document.pace.skipHours.insert(hour % 24) }
        case .day: if let day = Self.day(string) { document.pace.skipDays.insert(day) }
        default: break
        }
    }

    private static func day(_ name: String) -> Int? {
        let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        return names.firstIndex(of: name.lowercased()).map { $0 + 1 }
    }

    // MARK: Extras

    mutating func resolveShown(_ link: String) -> String {
        document.links.resolveShown(link, against: base)
    }

    mutating func addExtra(_ name: String, _ text: String, _ attributes: [String: String] = [:]) {
        guard context.keepsExtras, draft.entry.extras.count < context.limits.listed else { return }
        draft.entry.extras.append(Extra(name: name, text: text, attributes: attributes))
    }

    mutating func addExtra(_ name: String, _ person: Person) {
        guard context.keepsExtras else { return }
        addExtra(name, person.name ?? person.email ?? "", person.members)
    }

    mutating func keepExtra(_ frame: Frame, _ text: UTF8Span) {
        let attributes = frame.hasAttributes ? kept.all : [:]
        switch frame.tag {
        case .rights, .info: keepText(frame, text)
        case .summary where isInSource, .subtitle where isInSource: keepText(frame, text)
        case .itunesSubtitle where isInEntry: if let string = text.string { addExtra("subtitle", string) }
        case .itunesImage:
            if let href = attributes["href"] ?? text.string { addExtra("image.href", resolveShown(href)) }
        case .link where attributes["rel"] == "image":
            if let href = attributes["href"] { addExtra("image.href", resolveShown(href)) }
        case .generator:
            let href = attributes["uri"] ?? attributes["url"]
            addExtra(
                "generator", text.string ?? "", attributes.merging(href.map { ["uri": resolveShown($0)] } ?? [:]) { $1 }
            )
        case .thumbnail:
            addExtra("media_thumbnail", attributes["url"] ?? "", ["href": resolveShown(attributes["url"] ?? "")])
        case .player: addExtra("media_player", attributes["url"] ?? "", ["href": resolveShown(attributes["url"] ?? "")])
        case .published, .updated, .created, .expired: keepDate(frame.tag, text)
        default:
            guard let name = Self.extraNames[frame.tag], text.string != nil || !attributes.isEmpty else { return }
            addExtra(
                name, linkExtras.contains(frame.tag) ? resolveShown(text.string ?? "") : text.string ?? "", attributes)
        }
    }

    private mutating func keepText(_ frame: Frame, _ field: UTF8Span) {
        guard let text = richText(frame, field) else { return }
        var attributes = ["type": text.form == .plain ? "text/plain" : "text/html"]
        attributes["language"] = text.language
        attributes["base"] = text.base
        addExtra(frame.tag == .info || frame.tag == .rights ? "\(frame.tag)" : "subtitle", text.value, attributes)
    }

    private mutating func keepDate(_ tag: Tag, _ text: UTF8Span) {
        guard let string = text.string else { return }
        draft.entry.extras.removeAll { $0.name == "\(tag)_raw" }
        addExtra("\(tag)_raw", string)
    }

    private var linkExtras: Set<Tag> { [.docs, .logo, .icon, .commentPage] }

    private static let extraNames: [Tag: String] = [
        .docs: "docs", .logo: "logo", .icon: "icon", .license: "license", .cloud: "cloud",
        .validity: "validity", .explicit: "itunes_explicit", .block: "itunes_block", .duration: "itunes_duration",
        .credit: "media_credit", .mediaRating: "media_rating", .restriction: "media_restriction",
        .mediaLicense: "media_license", .point: "point", .geoPoint: "point", .pos: "point",
        .commentPage: "wfw_comment", .inReplyTo: "thr_in-reply-to", .name: "textinput.name",
    ]
}
