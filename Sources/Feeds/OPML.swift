// OPML as feed readers export it: which feeds somebody follows. The folders in it are walked through, not kept.

import Markup

package enum OPML {
    /// A feed that an OPML file names.
    package struct Outline: Sendable, Equatable {
        /// As written; nobody has checked that it is an address.
        package var url: String
        package var title: String?
        /// Which outline with an address it is, from 1.
        package var number: Int
        /// For a page: what says how it is read (FreshRSS's `xPathItem…` and `jsonItem…`, our own `kind` and `engine`),
        /// names in lower case, without prefixes.
        package var reading: [String: String] = [:]

        package init(url: String, title: String?, number: Int) {
            self.url = url
            self.title = title
            self.number = number
        }
    }

    /// Room for a million feeds with long addresses.
    private static let largest = 512 << 20

    /// Every outline with an xmlUrl, in order (OPML 2.0, "Subscription lists"); elements and attributes in any case.
    package static func read(_ bytes: [UInt8]) throws(OPMLError) -> [Outline] {
        let document = RepairedXML(CleanText(bytes, charset: nil, limit: largest), roots: ["opml"])
        guard document.root != nil else { throw OPMLError() }
        var outlines: [Outline] = []
        let reader = XMLReader<[Outline]>(
            name: { _, _, local in local.string?.lowercased() == "outline" ? 1 : 0 },
            open: { outlines, name, attributes in
                if name == 1, let url = attributes["xmlurl"], !url.isEmpty {
                    let title = attributes["title"] ?? attributes["text"]
                    var outline = Outline(url: url, title: title, number: outlines.count + 1)
                    if let type = attributes["type"]?.lowercased(), type != "rss" {
                        outline.reading = attributes.all.filter { isReading($0.key) }
                    }
                    outlines.append(outline)
                }
                return .elements
            },
            close: { _, _, _ in })
        guard !reader.read(document, textLimit: 1, into: &outlines).isCutShort else { throw OPMLError() }
        return outlines
    }

    private static func isReading(_ name: String) -> Bool {
        name.hasPrefix("xpathitem") || name.hasPrefix("jsonitem") || name == "kind" || name == "engine"
    }
}

extension OPML {
    /// A document with these outlines, as every feed reader imports it.
    package static func text(_ outlines: [Outline], title: String) -> String {
        var lines = [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
            "<opml version=\"2.0\" xmlns:earshot=\"https://earshot.example/opml\">",
            "  <head><title>\(escaped(title))</title></head>", "  <body>",
        ]
        for outline in outlines {
            let name = escaped(outline.title ?? outline.url)
            let reading = outline.reading.sorted { $0.key < $1.key }
                .map { " earshot:\($0.key)=\"\(escaped($0.value))\"" }.joined()
            let type = outline.reading.isEmpty ? "rss" : "html"
            lines.append(
                "    <outline type=\"\(type)\" text=\"\(name)\" title=\"\(name)\" xmlUrl=\"\(escaped(outline.url))\"\(reading)/>"
            )
        }
        return (lines + ["  </body>", "</opml>"]).joined(separator: "\n") + "\n"
    }

    /// What an attribute may hold: no markup, and only what XML 1.0 takes for a character (§2.2).
    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            case let scalar where scalar.value < 0x20 || scalar == "\u{FFFE}" || scalar == "\u{FFFF}": " "
            default: String(scalar)
            }
        }.joined()
    }
}

/// The document is no OPML, or too deep or large to be an honest one.
package struct OPMLError: Error, CustomStringConvertible {
    package var description: String { "is not an OPML document" }
}
