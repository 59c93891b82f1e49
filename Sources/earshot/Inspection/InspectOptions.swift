// What `inspect` and `add` let a user say of a page, and how it is read.

import ArgumentParser
import Configuration
import Feeds
import Fetching
import Foundation
import Model
import Pages

/// Options that both commands share.
struct InspectOptions: ParsableArguments {
    @Option(name: [.customShort("c"), .long], help: "A configuration: its engines, its contact, its private network.")
    var config: String?

    @Option(help: "The address a file came from: relative links resolve against it.")
    var url: String?

    @Option(name: .customLong("header"), help: "A header of a file's response, as 'Name: value'; may be repeated.")
    var headers: [String] = []

    @Option(help: "The engine, where the page does not say.")
    var engine: String?

    @Option(help: "The zone of dates that name none, such as Europe/Amsterdam.")
    var timezone: String?

    @Option(help: "The selector of the items, or a JSON path.")
    var items: String?

    @Option(name: .customLong("field"), help: "A field's selector, as 'author: .username'; may be repeated.")
    var fields: [String] = []

    @Flag(help: "Take each line of the page's text for an entry, where it has no items.")
    var text = false

    @Flag(help: "Let an address be on the private network.")
    var allowPrivateAddresses = false

    /// The same for another way in: what was said of the page's looks does not hold there.
    var plain: InspectOptions {
        var plain = self
        plain.engine = nil
        plain.items = nil
        plain.fields = []
        plain.text = false
        return plain
    }

    /// Reads an address or a file.
    func inspect(_ subject: String) async throws -> Inspection {
        let settings = try settings()
        let wish = try wish()
        let source = try await Subject.read(subject, self, settings)
        let catalog = EngineCatalog(Engines.builtIn + (settings?.engines ?? []))
        if let engine, catalog[engine] == nil { throw ValidationError("There is no engine \(engine).") }
        return Inspection.make(source, wish: wish, selectors: selectors, catalog: catalog)
    }

    /// What the configuration says of sources; `nil` without one.
    func settings() throws -> SourceSettings? {
        try config.map { path in
            var option = ConfigurationOption()
            option.config = path
            return try option.loadSources()
        }
    }

    var selectors: SelectorArguments? { items.map { SelectorArguments(items: $0, fields: fields) } }

    private func wish() throws -> PageWish {
        var wish = PageWish()
        wish.engine = engine
        if let timezone {
            guard let zone = TimeZone(identifier: timezone) else {
                throw ValidationError("There is no time zone \(timezone).")
            }
            wish.zone = zone
        }
        guard items != nil || fields.isEmpty else { throw ValidationError("A --field goes with --items.") }
        try selectors?.fill(&wish)
        wish.watchesText = text
        return wish
    }
}
