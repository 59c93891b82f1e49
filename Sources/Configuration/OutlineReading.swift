// Pages in an OPML file: how they are read, as FreshRSS writes it (HTML+XPath, JSON+DotNotation), or as we do.

import Markup
import Model
import Pages

/// What an outline says of a page.
struct OutlineReading {
    let kind: Source.Kind
    let settings: PageSettings

    /// FreshRSS's names, in lower case and without `xpathitem` or `jsonitem`; the rest of them has no place here.
    private static let fields: [(name: String, field: Layout.Field)] = [
        ("title", .title), ("content", .body), ("uri", .link), ("author", .author), ("timestamp", .date), ("uid", .id),
    ]

    /// `nil` where it says nothing; what is wrong with it is a problem of the OPML file.
    init?(_ attributes: [String: String], reportingTo file: YAMLFile, at path: String) {
        guard !attributes.isEmpty else { return nil }
        var settings = PageSettings()
        settings.wish.engine = attributes["engine"]
        do throws(SelectorError) {
            settings.wish.layout = try Self.layout(attributes)
            settings.wish.document = try Self.document(attributes)
        } catch {
            file.add(Problem(file: path, message: "a selector of an outline: \(error)"))
        }
        let stated = attributes["kind"].flatMap { Source.Kind(rawValue: $0) }
        kind = stated ?? (settings.wish.document != nil ? .json : .page)
        self.settings = settings
    }

    private static func layout(_ attributes: [String: String]) throws(SelectorError) -> Layout? {
        guard let items = attributes["xpathitem"] else { return nil }
        var layout = Layout(name: "OPML", items: .xpath(try XPath(items)), itemsText: items)
        for (name, field) in fields {
            guard let text = attributes["xpathitem\(name)"], !text.isEmpty else { continue }
            layout.fields[field] = Locator([try Locator.Place(xpath: text)])
        }
        return layout
    }

    private static func document(_ attributes: [String: String]) throws(SelectorError) -> JSONLayout? {
        guard let items = attributes["jsonitem"] else { return nil }
        var document = JSONLayout(name: "OPML", items: try JSONPath(items.hasSuffix("]") ? items : "\(items)[*]"))
        for (name, field) in fields {
            guard let text = attributes["jsonitem\(name)"], !text.isEmpty else { continue }
            document.fields[field] = [try JSONPath(text)]
        }
        return document
    }
}
