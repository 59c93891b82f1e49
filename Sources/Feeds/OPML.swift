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
        let reader = XMLReader(
            name: { _, _, local in local.string?.lowercased() == "outline" ? 1 : 0 },
            open: { name, attributes in
                if name == 1, let url = attributes["xmlurl"], !url.isEmpty {
                    let title = attributes["title"] ?? attributes["text"]
                    outlines.append(Outline(url: url, title: title, number: outlines.count + 1))
                }
                return .elements
            },
            close: { _, _ in })
        guard !reader.read(document, textLimit: 1).isCutShort else { throw OPMLError() }
        return outlines
    }
}

/// The document is no OPML, or too deep or large to be an honest one.
package struct OPMLError: Error, CustomStringConvertible {
    package var description: String { "is not an OPML document" }
}
