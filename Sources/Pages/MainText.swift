// The text that a page is about, where neither a rule nor structured data says: what its markup sets apart for it, or
// else everything but what is around every page of a site.

internal import Feeds
internal import Markup
internal import Model

enum MainText {
    /// The surest first: microdata, microformats, the classes of WordPress and its kin, HTML's own elements.
    private static let places = selectors(
        "[itemprop=articleBody]", ".e-content", ".entry-content, .post-content, .article-content, .article-body",
        "article", "main, [role=main]", "body")
    private static let surroundings = selectors(
        "nav, aside, footer, form, [role=navigation], [role=complementary], [role=contentinfo]", "body > header")
    /// Elements of one place that are looked at: a list of articles is no article.
    private static let most = 20

    /// The longest text of the first place that has any.
    static func find(in page: RulePage) -> RichText? {
        let tree = page.tree
        let leftOut = Set(surroundings.flatMap { tree.select($0) ?? [] })
        for place in places {
            let texts = (tree.select(place, limit: most) ?? []).map {
                page.markup($0, without: leftOut)
            }
            guard let longest = texts.max(by: { $0.utf8.count < $1.utf8.count }) else { continue }
            let text = RichText(longest, form: .html)
            if !text.plain.isEmpty { return text }
        }
        return nil
    }

    private static func selectors(_ texts: String...) -> [CSSSelector] {
        // Fixed texts that a test has every one of found by.
        texts.compactMap { try? CSSSelector($0) }
    }
}
