// Every engine that comes with Earshot has an example here: a page or a JSON document, and the entries in it, one a
// line: id | author | minute | title | rating | reply to | text.

import Configuration
import Foundation
import Model
import Pages
import Testing

@Suite struct `Engine files` {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Examples")
    private static let engines = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Config/engines")

    @Test func `are all embedded, and all are in order`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.engines.path)
        let ids = files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
        #expect(Engines.names.sorted() == ids)
        #expect(Engines.problems() == [])
        #expect(Engines.builtIn.map(\.id).sorted() == ids)
    }

    @Test(arguments: Engines.names) func `know their own pages, and read them`(id: String) throws {
        let lines = try String(contentsOf: Self.folder.appending(path: "\(id).expected"), encoding: .utf8)
        let expected = lines.split(separator: "\n").map(String.init)
        let html = try? String(contentsOf: Self.folder.appending(path: "\(id).html"), encoding: .utf8)
        let text = try html ?? String(contentsOf: Self.folder.appending(path: "\(id).json"), encoding: .utf8)
        // Nothing but the page itself tells whose it is.
        let page = try readPage(text, address: "https://example.com/somewhere/1")
        #expect(page.engine?.id == id)
        #expect(page.feed.entries.map(EngineExample.line) == expected)
        #expect(Set(page.feed.entries.map(\.identity)).count == expected.count)
    }

    @Test func `of the user take the place of ours`() throws {
        var own = try #require(catalog["phpbb"])
        own.name = "Our board"
        #expect(EngineCatalog(Engines.builtIn + [own])["phpbb"]?.name == "Our board")
    }

    @Test func `are asked for by name where a page bears no mark`() throws {
        let page =
            "<div class=blockpost id=p1><h2><a href='x'>2025-06-01 10:00</a></h2><div class=postmsg>Hi</div></div>"
        #expect(try readPage(page).engine == nil)
        var wish = PageWish()
        wish.engine = "fluxbb"
        #expect(try readPage(page, wish: wish).feed.entries.map(\.id) == ["p1"])
        wish.engine = "fluxb"
        #expect(throws: PageError(.unknownEngine("fluxb"))) { try readPage(page, wish: wish) }
    }
}
