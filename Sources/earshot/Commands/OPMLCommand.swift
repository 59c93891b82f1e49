// `earshot opml`: the sources as every feed reader imports them.

import ArgumentParser
import Configuration
import Feeds
import Model
import Pages

struct OPMLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "opml", abstract: "Print the sources as OPML.",
        discussion: "Addresses go out without user names and passwords; pages carry their kind and engine.")

    @OptionGroup var file: ConfigurationOption

    func run() throws {
        let settings = try file.load()
        let outlines = settings.sources.enumerated().map { number, source in
            var outline = OPML.Outline(url: source.key, title: source.name, number: number + 1)
            if source.kind != .feed {
                outline.reading["kind"] = source.kind.rawValue
                outline.reading["engine"] = source.pageIndex.flatMap { settings.pages[$0].wish.engine }
            }
            return outline
        }
        print(OPML.text(outlines, title: "Earshot"), terminator: "")
    }
}
