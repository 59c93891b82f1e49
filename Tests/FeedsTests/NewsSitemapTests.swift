// A news sitemap says what is in the articles, and its other extensions take nothing of that away.

import Markup
import Testing

@testable import Feeds

private let image = """
    <image:image><image:loc>https://cdn.example/a.jpg</image:loc><image:title>A bike</image:title></image:image>
    """
private let video = """
    <video:video><video:title>A film of it</video:title><video:player_loc>https://v.example/</video:player_loc>
    <video:publication_date>2001-01-01</video:publication_date><video:language>fr</video:language></video:video>
    """
private let news = """
    <news:news><news:publication><news:name>Krant</news:name><news:language>nl</news:language></news:publication>
    <news:publication_date>2026-11-22T09:00:00Z</news:publication_date><news:title>Acme roept terug</news:title></news:news>
    """
private let location = "<loc>https://krant.example/1</loc><lastmod>2026-11-22</lastmod>"

private let declared = """
    xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
    xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"
    xmlns:video="http://www.google.com/schemas/sitemap-video/1.1"
    """

private func items(_ document: String) -> [NewsSitemap.Item]? {
    NewsSitemap.read(CleanText(Array(document.utf8), charset: nil, limit: 1 << 20))
}

@Suite struct `News sitemaps` {
    private let whole = NewsSitemap.Item(
        link: "https://krant.example/1", title: "Acme roept terug", published: "2026-11-22T09:00:00Z",
        updated: "2026-11-22", language: "nl")

    @Test(
        arguments: [
            "\(location)\(news)", "\(location)\(image)\(news)", "\(location)\(news)\(image)",
            "\(location)\(video)\(image)\(news)", "\(location)\(news)\(video)\(image)",
            "\(image)\(video)\(news)\(location)",
            // In nobody's element, as no schema has it.
            "<image:loc>https://cdn.example/b.jpg</image:loc><video:title>x</video:title>\(location)\(news)",
            "\(location)\(news)<image:loc>https://cdn.example/b.jpg</image:loc><video:title>x</video:title>",
            // Twice.
            "\(location)\(news)<loc>https://krant.example/2</loc><news:news><news:title>y</news:title></news:news>",
        ], [declared, ""])
    func `images and videos do not pass for the article`(url: String, namespaces: String) {
        #expect(items("<urlset \(namespaces)><url>\(url)</url></urlset>") == [whole])
    }

    @Test func `names are known by their namespace where the prefix is another`() {
        let own = location.replacing("loc>", with: "s:loc>").replacing("lastmod>", with: "s:lastmod>")
        let document = """
            <s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9"
            xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><s:url>\(own)
            \(news.replacing("news:", with: "n:"))
            <image xmlns="http://www.google.com/schemas/sitemap-image/1.1"><loc>https://cdn.example/</loc></image>
            </s:url></s:urlset>
            """
        #expect(items(document) == [whole])
    }
}
