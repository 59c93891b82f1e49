// Where a field is found: a CSS selector or an XPath, `@attribute` behind it, several of them for a site that changes.

package import Markup

/// A way to find elements.
package enum Path: Sendable, Equatable {
    case css(CSSSelector)
    case xpath(XPath)

    /// What begins with `/`, `./`, `../` or `(` is XPath, everything else CSS.
    package init(_ text: String) throws(SelectorError) {
        let isXPath = ["/", "./", "../", "("].contains { text.hasPrefix($0) }
        self = isXPath ? .xpath(try XPath(text)) : .css(try CSSSelector(text))
    }
}

/// Where to find one field, inside an item or on the page.
package struct Locator: Sendable, Equatable {
    /// One place to look.
    package struct Place: Sendable, Equatable {
        /// As the user wrote it.
        package var text: String
        /// `nil` is the item itself.
        var path: Path?
        /// The attribute that holds the value; `nil` is the element's text.
        var attribute: String?

        /// Reads `selector`, `selector@attribute`, `@attribute` or an XPath.
        package init(_ text: String) throws(SelectorError) {
            self.text = text
            let (selector, attribute) = Self.divided(text)
            self.attribute = attribute
            path = selector.isEmpty || selector == "." ? nil : try Path(selector)
        }

        /// An XPath, however it begins: `descendant::a/@href`.
        package init(xpath text: String) throws(SelectorError) {
            self.text = text
            path = .xpath(try XPath(text))
        }

        /// The last `@` outside brackets and quotes divides, if a name follows it; an XPath has its own.
        private static func divided(_ text: String) -> (selector: String, attribute: String?) {
            let text = text.trimmingASCIISpace()
            let isXPath = ["/", "./", "../", "("].contains { text.hasPrefix($0) }
            guard !isXPath, let sign = text.lastIndex(of: "@") else { return (text, nil) }
            let name = text[text.index(after: sign)...]
            guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || "-_:".contains($0) }) else {
                return (text, nil)
            }
            return (String(text[..<sign]).trimmingASCIISpace(), name.lowercased())
        }
    }

    /// The first that gives a value counts.
    package var places: [Place]

    package init(_ places: [Place]) {
        self.places = places
    }
}
