// Small pages that are made to cost much: what they may take is bounded, what they say besides is still read.

import Feeds
import Foundation
import Markup
import Model
import Testing

@testable import Pages

private func page(_ body: String, wish: PageWish = PageWish()) throws -> Page {
    try readPage("<html><head><title>Acme</title></head><body>\(body)</body></html>", wish: wish)
}

/// The bytes of all that the entries of a page say.
private func bytes(_ page: Page) -> Int {
    page.feed.entries.reduce(0) { sum, entry in
        let texts =
            entry.contents.map(\.value) + entry.authors.compactMap(\.name)
            + [entry.link, entry.title?.value].compactMap(\.self)
        return sum + texts.reduce(0) { $0 + $1.utf8.count }
    }
}

@Suite struct `A page that is made to cost much` {
    private let words = String(repeating: "all of it again ", count: 4_000)
    private let comment = "<div itemscope itemtype=\"https://schema.org/Comment\""

    @Test func `has no text taken once for each property around it`() throws {
        let nested = String(repeating: "<div itemprop=x>", count: 200) + words
        let found = try page("\(comment)><b itemprop=author>ann</b>\(nested)")
        #expect(found.feed.findings[.textsCut] > 150)
        #expect(found.feed.entries.map(\.author) == ["ann"])
        let honest = String(repeating: "<div itemprop=x>", count: 3) + words
        #expect(try page("\(comment)><b itemprop=author>ann</b>\(honest)").feed.findings[.textsCut] == 0)
    }

    @Test(arguments: ["<p class=body>", "<a title='"]) func `has no text taken once for each item around it`(
        start: String
    ) throws {
        var layout = Layout(name: "own", items: try Path(".item"), itemsText: ".item")
        layout.fields[.body] = Locator([try Locator.Place("p")])
        layout.fields[.author] = Locator([try Locator.Place("a@title")])
        var wish = PageWish()
        wish.layout = layout
        let text =
            String(repeating: "<div class=item id=p1>", count: 200) + start + words
            + (start.hasPrefix("<a") ? "'>" : "")
        let found = try page(text, wish: wish)
        #expect(bytes(found) < 6 * text.utf8.count)
        #expect(found.feed.findings[.textsCut] > 150)
    }

    @Test func `has its main text taken a few times`() throws {
        var wish = PageWish()
        wish.wantsMainText = true
        let found = try page(String(repeating: "<article>", count: 20) + words, wish: wish)
        #expect(found.mainText?.plain == words.trimmingCharacters(in: .whitespaces))
        #expect(found.feed.findings[.textsCut] > 10)
    }

    @Test func `has an element be a few properties`() throws {
        let names = (0..<1_000).map { "p\($0)" }.joined(separator: " ")
        let tree = HTMLTree(
            CleanText(Array("<p itemscope><b itemprop='\(names)'>x".utf8), charset: nil, limit: 1 << 20))
        let node = try #require(tree.elements(named: "p").first)
        var microdata = Microdata(RulePage(tree, size: 1 << 20))
        #expect(microdata.item(node).properties.count == 16)
    }

    @Test func `has no property read once for each item that refers to it`() throws {
        let shared = "<div id=big><b itemprop=author>ann</b>\(String(repeating: "<i></i>", count: 4_000))</div>"
        let items = String(repeating: "\(comment) itemref=big><p itemprop=text>Yes.</p></div>", count: 100)
        let found = try page(items + shared)
        #expect(found.feed.findings[.textsCut] > 90)
        #expect(found.feed.entries.map(\.text) == [String](repeating: "Yes.", count: 100))
        #expect(found.feed.entries.first?.author == "ann")
        // One reference is one, however often it is made.
        let twice = try page(
            "\(comment) itemref='\(String(repeating: "big ", count: 16))'><p itemprop=text>Yes.</p></div>\(shared)")
        #expect(twice.feed.findings[.textsCut] == 0)
        #expect(twice.feed.entries.map(\.author) == ["ann"])
    }

    @Test func `has no item searched once for each that refers to it`() {
        let empty = [SchemaValue](repeating: .item(SchemaItem(types: [])), count: 1_000)
        var author = SchemaItem(types: ["Person"])
        author.properties = [
            "@id": [.text(RichText("#ann", form: .plain))], "name": empty + [.text(RichText("ann", form: .plain))],
        ]
        var reference = SchemaItem(types: [])
        reference.properties["@id"] = author.properties["@id"]
        var reading = SchemaReading(.jsonLD, among: [author], of: 1 << 20)
        for _ in 0..<100 {
            var comment = SchemaItem(types: ["Comment"])
            comment.properties = ["author": [.item(reference)], "text": [.text(RichText("Yes.", form: .plain))]]
            reading.read(comment)
        }
        #expect(reading.items.map(\.author) == [String?](repeating: "ann", count: 100))
        #expect(reading.lookups == 1)
    }

    @Test func `has no name taken once for each item that refers to it`() throws {
        let comments = [String](repeating: #"{"@type":"Comment","author":{"@id":"a"},"text":"Yes."}"#, count: 300)
        let json = #"[{"@type":"Person","@id":"a","name":"\#(words)"},\#(comments.joined(separator: ","))]"#
        let found = try page("<script type='application/ld+json'>\(json)</script>")
        #expect(bytes(found) < 6 * json.utf8.count)
        #expect(found.feed.findings[.textsCut] > 200)
    }
}
