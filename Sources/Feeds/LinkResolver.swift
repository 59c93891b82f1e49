// The relative links of one document, its bases among them, made absolute as long as that stays in proportion to it.

internal import Markup

/// Resolves links until the bases have added as many bytes to them as a document may have. Each link repeats its base:
/// a few bytes stated for each of many links would come to gigabytes.
struct LinkResolver {
    /// In bytes; and apart from it what there is for links that are only shown, which must change nothing of what is
    /// read.
    private var room: Int
    private var shownRoom: Int
    /// How many relative links were left as they are stated, for want of room.
    private(set) var leftRelative = 0

    init(_ limits: FeedLimits) {
        room = limits.bytes
        shownRoom = limits.bytes
    }

    mutating func resolve(_ link: String, against base: String?) -> String {
        Self.resolve(link, base, &room, &leftRelative)
    }

    /// For what is kept only where extras are.
    mutating func resolveShown(_ link: String, against base: String?) -> String {
        Self.resolve(link, base, &shownRoom, &leftRelative)
    }

    private static func resolve(_ link: String, _ base: String?, _ room: inout Int, _ left: inout Int) -> String {
        guard room > 0 || Reference.isAbsolute(link) else {
            left += 1
            return link.trimmingASCIISpace()
        }
        let resolved = Reference.resolve(link, against: base)
        room -= max(0, resolved.utf8.count - link.utf8.count)
        return resolved
    }
}
