// What an entry's own page says of it, for those whose feed cuts their entries short.

import Feeds
import Foundation
import Model
import Pages
import Testing

@Suite struct `The full text of an entry` {
    private let address = "https://blog.example/2024/acme"

    private func texts(_ page: String, link: String? = nil, id: String? = nil) throws -> [String] {
        var wish = PageWish()
        wish.wantsMainText = true
        let read = try readPage(page, address: address, wish: wish)
        var entry = Entry(identity: "1")
        entry.link = link ?? address
        entry.id = id
        return PageReader.fullText(of: entry, in: read).map { $0.plain.replacing("\n", with: " ") }
    }

    @Test(arguments: [
        "<main><article><p>Short.</p></article><article><p>The whole story of Acme.</p></article></main>",
        "<article>x<div class=\"post entry-content\"><p>The whole story of Acme.</p></div></article>",
        "<div itemprop=articleBody><p>The whole story of Acme.</p><aside>Read also: bikes</aside></div><main>x</main>",
        "<div class=e-content>The whole story of Acme.</div>",
        "<header>Site</header><nav>Home</nav><div>The whole story of Acme.</div><footer>Imprint</footer>",
        "<article></article><div role=main>The whole story of Acme.<form>Subscribe</form></div>",
    ]) func `is what its markup sets apart`(body: String) throws {
        #expect(try texts("<html><body>\(body)</body></html>") == ["The whole story of Acme."])
    }

    @Test func `is what structured data and the markup say, since either may be cut short`() throws {
        let data = #"{"@type":"NewsArticle","headline":"Acme","articleBody":"The whole"}"#
        let page = """
            <html><script type="application/ld+json">\(data)</script><body><article>The whole story.</article></body></html>
            """
        #expect(try texts(page) == ["The whole", "The whole story."])
    }

    @Test func `is not a comment below it`() throws {
        let page = """
            <body><article>The whole story.<div itemscope itemtype="https://schema.org/Comment"><a itemprop=author>eva</a>
            <time itemprop=dateCreated datetime="2024-05-01T10:00:00Z"></time><p itemprop=text>I agree.</p></div></article></body>
            """
        #expect(try texts(page).last?.hasPrefix("The whole story.") == true)
    }

    @Test func `is the post that the link leads to, or else the one that begins the thread`() throws {
        let posts = ["one", "two"].enumerated().map { number, text in
            """
            <div id="p\(number)" class="post"><p class="author"><b class="username">jan</b></p><div class="content">\(text)</div></div>
            """
        }
        let page = "<html><body id=phpbb>\(posts.joined())</body></html>"
        #expect(try texts(page) == ["one"])
        #expect(try texts(page, link: address + "#p1") == ["two"])
        #expect(try texts(page, id: "p1") == ["two"])
    }
}
