// The names that documents use, and what they mean. A namespace is known by its address whatever the case and the
// trailing slash; where a document forgot to declare it, its usual prefix will do. What is not here is not read.

/// What an element is.
enum Tag: Int32 {
    case unknown
    // What holds the rest
    case rss, rdf, feed, channel, entry, source, image, textInput, cloud, group, owner, skipHours, skipDays
    // Texts
    case title, otherTitle, description, otherDescription, summary, itunesSummary, itunesSubtitle, subtitle, info
    case content, encoded, body
    // People
    case author, creator, managingEditor, webMaster, publisher, contributor, name, email, uri
    // Dates
    case published, updated, created, expired, validity
    // Links
    case link, id, guid, comments, commentPage, commentFeed, origLink, enclosure, mediaContent, docs, logo, icon, url
    // The rest
    case category, subject, keywords, itunesCategory, mediaCategory
    case language, rights, generator, license, commentCount, inReplyTo, rating
    case ttl, hour, day, updatePeriod, updateFrequency
    case explicit, block, duration, itunesImage
    case thumbnail, player, credit, mediaRating, restriction, mediaLicense
    case point, geoPoint, pos

    /// What is asked of the inside when nothing else decides.
    var isContainer: Bool {
        switch self {
        case .rss, .rdf, .feed, .channel, .entry, .image, .textInput, .group, .owner, .skipHours, .skipDays: true
        case .geoPoint, .contributor: true
        default: false
        }
    }
}

/// Finds the tag of a name.
enum Vocabulary {
    /// Local names that a document may begin with.
    static let roots: Set<String> = ["rss", "rdf", "feed", "channel", "entry", "item"]

    static func tag(space: Span<UInt8>, prefix: Span<UInt8>, local: Span<UInt8>) -> Tag {
        guard let family = family(space: space, prefix: prefix) else { return .unknown }
        return tags[key(family, local)] ?? .unknown
    }

    /// The number of a namespace in `families`; `nil` for one that is not known.
    private static func family(space: Span<UInt8>, prefix: Span<UInt8>) -> UInt64? {
        guard !space.isEmpty else { return prefix.isEmpty ? 0 : prefixes[prefix.foldedHash] }
        if let known = spaces[space.extracting(..<trimmedEnd(space)).foldedHash] { return known }
        // A default namespace that nobody knows is somebody's idea of RSS.
        return prefix.isEmpty ? 0 : prefixes[prefix.foldedHash].flatMap { $0 == 0 ? nil : $0 }
    }

    /// Before the slashes and number signs that some write at the end of a namespace and some do not.
    private static func trimmedEnd(_ space: Span<UInt8>) -> Int {
        var end = space.count
        while end > 0, space[end - 1] == UInt8(ascii: "/") || space[end - 1] == UInt8(ascii: "#") { end -= 1 }
        return end
    }

    private static func key(_ family: UInt64, _ local: Span<UInt8>) -> UInt64 {
        local.foldedHash &+ family
    }

    private static let spaces: [UInt64: UInt64] = {
        var spaces: [UInt64: UInt64] = [:]
        for (number, family) in families.enumerated() {
            for address in family.addresses.split(separator: " ") { spaces[hash(address)] = UInt64(number) }
        }
        return spaces
    }()

    private static func hash(_ text: some StringProtocol) -> UInt64 {
        Array(text.utf8).span.foldedHash
    }

    /// "" is the family of RSS and Atom, whose names mean the same wherever both have them.
    private static let families: [(family: String, addresses: String)] = [
        (
            "",
            """
            http://www.w3.org/2005/atom http://purl.org/atom/ns http://purl.org/rss/1.0 http://backend.userland.com/rss \
            http://backend.userland.com/rss2 http://backend.userland.com/rss091 http://blogs.law.harvard.edu/tech/rss \
            http://my.netscape.com/rdf/simple/0.9 http://channel.netscape.com/rdf/simple/0.9 http://purl.org/echo \
            http://example.com/newformat http://example.com/necho http://purl.org/net/rss1.1 uri/of/echo/namespace \
            http://purl.org/pie http://purl.org/atom-blog/ns http://my.netscape.com/publish/formats/rss-0.91.dtd \
            http://cyber.law.harvard.edu/rss http://backend.userland.com/weblogcomments https://www.w3.org/2005/atom
            """
        ),
        ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns"),
        ("dc", "http://purl.org/dc/elements/1.1 http://purl.org/dc/elements/1.0 http://purl.org/metadata/dublin_core"),
        ("dcterms", "http://purl.org/dc/terms"),
        ("content", "http://purl.org/rss/1.0/modules/content"),
        ("xhtml", "http://www.w3.org/1999/xhtml"),
        ("media", "http://search.yahoo.com/mrss"),
        (
            "itunes",
            """
            http://www.itunes.com/dtds/podcast-1.0.dtd http://example.com/dtds/podcast-1.0.dtd \
            https://www.itunes.com/dtds/podcast-1.0.dtd http://www.google.com/schemas/play-podcasts/1.0
            """
        ),
        ("slash", "http://purl.org/rss/1.0/modules/slash"),
        ("wfw", "http://wellformedweb.org/commentapi"),
        ("thr", "http://purl.org/syndication/thread/1.0"),
        ("sy", "http://purl.org/rss/1.0/modules/syndication"),
        ("feedburner", "http://rssnamespace.org/feedburner/ext/1.0"),
        ("im", "http://itunes.apple.com/rss"),
        ("georss", "http://www.georss.org/georss"), ("gml", "http://www.opengis.net/gml"),
        (
            "cc",
            """
            http://backend.userland.com/creativecommonsrssmodule http://web.resource.org/cc \
            http://cyber.law.harvard.edu/rss/creativecommonsrssmodule.html http://creativecommons.org/ns
            """
        ),
    ]

    /// The usual prefixes of families that have others than their own name.
    private static let otherPrefixes = [
        "atom": "", "atom10": "", "a10": "", "rss": "", "googleplay": "itunes", "creativecommons": "cc",
    ]

    private static let prefixes: [UInt64: UInt64] = {
        var prefixes: [UInt64: UInt64] = [:]
        for (number, family) in families.enumerated() where !family.family.isEmpty {
            prefixes[hash(family.family)] = UInt64(number)
        }
        for (prefix, family) in otherPrefixes { prefixes[hash(prefix)] = number(of: family) }
        return prefixes
    }()

    private static func number(of family: some StringProtocol) -> UInt64? {
        families.firstIndex { $0.family == family }.map { UInt64($0) }
    }

    private static let tags: [UInt64: Tag] = {
        var tags: [UInt64: Tag] = [:]
        for (name, tag) in allNames {
            let parts = name.split(separator: ":")
            guard let local = parts.last, let number = number(of: parts.count > 1 ? parts[0] : "") else { continue }
            tags[key(number, Array(local.utf8).span)] = tag
        }
        return tags
    }()

    /// Every name with its meaning, as feeds write it with the usual prefix.
    static var allNames: [(name: String, tag: Tag)] {
        names.flatMap { tag, names in names.split(separator: " ").map { (String($0), tag) } }
    }

    private static let names: [(tag: Tag, names: String)] = [
        (.rss, "rss"), (.rdf, "rdf:rdf rdf"), (.feed, "feed"), (.channel, "channel"), (.entry, "item entry"),
        (.source, "source"), (.image, "image"), (.textInput, "textinput"), (.cloud, "cloud"),
        (.group, "media:group"), (.owner, "itunes:owner"), (.skipHours, "skiphours"), (.skipDays, "skipdays"),
        (.title, "title"), (.otherTitle, "dc:title media:title itunes:title"),
        (.description, "description abstract"), (.otherDescription, "dc:description media:description"),
        (.summary, "summary"), (.itunesSummary, "itunes:summary itunes:description"),
        (.itunesSubtitle, "itunes:subtitle"), (.subtitle, "subtitle tagline"), (.info, "info"),
        (.content, "content"), (.encoded, "content:encoded fullitem encoded"),
        (.body, "body xhtml:body xhtml:div"),
        (.author, "author"), (.creator, "dc:creator dc:author itunes:author"), (.managingEditor, "managingeditor"),
        (.webMaster, "webmaster"), (.publisher, "dc:publisher publisher"),
        (.contributor, "contributor dc:contributor"), (.name, "name itunes:name"), (.email, "email itunes:email"),
        (.uri, "uri homepage"), (.url, "url"),
        (.published, "pubdate published issued dcterms:issued"),
        (.updated, "updated modified lastbuilddate dcterms:modified dc:date date"),
        (.created, "created dcterms:created"), (.expired, "expirationdate"), (.validity, "dcterms:valid"),
        (.link, "link itunes:link"), (.id, "id"), (.guid, "guid"), (.comments, "comments"),
        (.commentPage, "wfw:comment"),
        (.commentFeed, "wfw:commentrss"), (.origLink, "feedburner:origlink"), (.enclosure, "enclosure"),
        (.mediaContent, "media:content"), (.docs, "docs"), (.logo, "logo"), (.icon, "icon"),
        (.category, "category"), (.subject, "dc:subject"), (.keywords, "itunes:keywords media:keywords keywords"),
        (.itunesCategory, "itunes:category"), (.mediaCategory, "media:category"),
        (.language, "language dc:language"), (.rights, "rights copyright dc:rights media:copyright"),
        (.generator, "generator"), (.license, "cc:license"), (.commentCount, "slash:comments thr:total"),
        (.inReplyTo, "thr:in-reply-to"), (.rating, "im:rating"),
        (.ttl, "ttl"), (.hour, "hour"), (.day, "day"), (.updatePeriod, "sy:updateperiod"),
        (.updateFrequency, "sy:updatefrequency"),
        (.explicit, "itunes:explicit"), (.block, "itunes:block"), (.duration, "itunes:duration"),
        (.itunesImage, "itunes:image"),
        (.thumbnail, "media:thumbnail"), (.player, "media:player"), (.credit, "media:credit"),
        (.mediaRating, "media:rating"), (.restriction, "media:restriction"), (.mediaLicense, "media:license"),
        (.point, "georss:point"), (.geoPoint, "gml:point"), (.pos, "gml:pos"),
    ]
}
