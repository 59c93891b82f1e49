// What is known of a forum engine, a review site or any other kind of page: data, read from one small file each.

internal import Markup
package import Model

/// One engine.
package struct Engine: Sendable, Equatable {
    /// The file's name: what `engine:` says.
    package var id: String
    /// What people call it.
    package var name: String
    package var kind: Entry.Kind
    /// Each a set of marks, of which all must be there; any set will do.
    package var recognition: [[Mark]]
    /// In the order in which they are tried; the first that finds items counts.
    package var layouts: [Layout] = []
    package var documents: [JSONLayout] = []
    package var ways: [EngineWay] = []
    /// What a user must know before they point Earshot at it.
    package var advice: String?

    package init(id: String, name: String, kind: Entry.Kind, recognition: [[Mark]]) {
        self.id = id
        self.name = name
        self.kind = kind
        self.recognition = recognition
    }

    /// Whether a layout of this name is one of its own.
    func knows(_ layout: String) -> Bool {
        layouts.contains { $0.name == layout } || documents.contains { $0.name == layout }
    }
}

/// Where the entries of a JSON document are, and where in them the fields.
package struct JSONLayout: Sendable, Equatable {
    package var name: String
    /// The elements on an HTML page that hold the document: `#data-preloaded@data-preloaded`; `nil` for a document that
    /// is JSON itself.
    package var embedded: Locator?
    package var items: JSONPath
    /// The first that gives a value counts.
    package var fields: [Layout.Field: [JSONPath]] = [:]
    /// The link with `{id}` and other fields or `{paths}` in it.
    package var link: String?
    package var scale: Double?
    package var listsThreads = false

    package init(name: String, items: JSONPath) {
        self.name = name
        self.items = items
    }
}

/// Another way to the same entries.
package struct EngineWay: Sendable, Equatable {
    /// What it gives.
    package enum Form: String, Sendable, CaseIterable {
        case feed, json
    }

    package var form: Form
    /// The pages that have it: `{root}/t/{slug}/{id}`; `nil` for every page of the site.
    package var pattern: String?
    /// The same names filled in: `{root}/t/{slug}/{id}.rss`.
    package var url: String
    package var gives: String
    package var loses: String?

    package init(form: Form, pattern: String?, url: String, gives: String, loses: String? = nil) {
        self.form = form
        self.pattern = pattern
        self.url = url
        self.gives = gives
        self.loses = loses
    }
}
