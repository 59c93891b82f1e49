// HTML's elements, as far as plain text cares: which break a line, which hide what is in them, which are known at all.

/// What an element means for the text around and inside it.
enum HTMLKind: UInt8 {
    /// Nothing: `foo<b>bar</b>` is one word.
    case inline
    /// A blank line before and after.
    case block
    /// A line break: `<br>`, and items and rows that stand in one block.
    case line
    /// A gap between words: cells of one row.
    case gap
    /// Nothing in it is for people.
    case hidden
}

/// The names of HTML's elements, looked up by their bytes.
enum HTMLNames {
    static func isKnown(_ name: Span<UInt8>) -> Bool {
        kind(name) != nil
    }

    /// `nil` for a name that is not HTML's. Case does not matter.
    static func kind(_ name: Span<UInt8>) -> HTMLKind? {
        name.count <= longestName ? table[key(name)] : nil
    }

    private static let longestName = 10

    /// A polynomial hash; that the names below do not collide is tested.
    private static func key(_ name: Span<UInt8>) -> UInt64 {
        var key: UInt64 = 0
        for index in 0..<name.count { key = key &* 257 &+ UInt64(name[index] | 0x20) }
        return key
    }

    static let names: [(kind: HTMLKind, names: String)] = [
        (.hidden, "script style template head noframes"),
        (.line, "br li dt dd tr option caption legend"),
        (.gap, "td th"),
        (
            .block,
            """
            address article aside blockquote body center details dialog dir div dl fieldset figcaption figure footer form \
            h1 h2 h3 h4 h5 h6 header hgroup hr html main menu nav ol p pre section summary table tbody tfoot thead ul
            """
        ),
        (
            .inline,
            """
            a abbr acronym applet area audio b base basefont bdi bdo big blink button canvas cite code col colgroup data \
            datalist del dfn em embed font frame frameset i iframe img input ins kbd label link map mark marquee math \
            meta meter nobr noscript object optgroup output param picture progress q rp rt ruby s samp select slot small \
            source span strike strong sub sup svg g path circle rect desc title textarea time track tt u var video wbr
            """
        ),
    ]

    private static let table: [UInt64: HTMLKind] = {
        var table: [UInt64: HTMLKind] = [:]
        for (kind, names) in names {
            for name in names.split(separator: " ") { table[key(Array(name.utf8).span)] = kind }
        }
        return table
    }()
}
