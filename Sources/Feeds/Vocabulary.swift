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

    static func tag(space: String, prefix: String, local: String) -> Tag {
        let family = family(space: space, prefix: prefix.lowercased())
        return tags["\(family):\(local.lowercased())"] ?? .unknown
    }

    /// The short name of a namespace; "-" for one that is not known.
    private static func family(space: String, prefix: String) -> String {
        guard !space.isEmpty else { return prefix.isEmpty ? "" : prefixes[prefix] ?? "-" }
        let key = space.lowercased().trimmingCharacters("/#")
        if let known = spaces[key] { return known }
        // A default namespace that nobody knows is somebody's idea of RSS.
        return prefix.isEmpty ? "" : prefixes[prefix].flatMap { $0.isEmpty ? nil : $0 } ?? "-"
    }

    /// "" is the family of RSS and Atom, whose names mean the same wherever both have them.
    private static let spaces: [String: String] = {
        var spaces: [String: String] = [:]
        for (family, addresses) in families {
            for address in addresses.split(separator: " ") { spaces[String(address)] = family }
        }
        return spaces
    }()

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

    private static let prefixes: [String: String] = [
        "atom": "", "atom10": "", "a10": "", "rss": "", "rdf": "rdf", "dc": "dc", "dcterms": "dcterms",
        "content": "content", "xhtml": "xhtml", "media": "media", "itunes": "itunes", "googleplay": "itunes",
        "slash": "slash", "wfw": "wfw", "thr": "thr", "sy": "sy", "feedburner": "feedburner", "im": "im",
        "georss": "georss", "gml": "gml", "cc": "cc", "creativecommons": "cc",
    ]

    private static let tags: [String: Tag] = {
        var tags: [String: Tag] = [:]
        for (tag, names) in names {
            for name in names.split(separator: " ") { tags[name.contains(":") ? String(name) : ":\(name)"] = tag }
        }
        return tags
    }()

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

extension String {
    fileprivate func trimmingCharacters(_ unwanted: String) -> String {
        var rest = self[...].drop { unwanted.contains($0) }
        while let last = rest.last, unwanted.contains(last) { rest = rest.dropLast() }
        return String(rest)
    }
}
