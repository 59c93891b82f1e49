// Pages without items: every line of their text is an entry of its own, so that a line that was added is new, and one
// that was there is not.

internal import Markup
internal import Model

enum TextLines {
    /// Lines of a page beyond these are not looked at; the longest page of 2,008 has 9,000.
    private static let most = 20_000

    /// The lines of a page's text, each once. What a page says twice it says once here.
    static func items(_ tree: HTMLTree, address: String?) -> [PageItem] {
        let body = tree.inside(nil).first { tree.name($0) == "body" }
        guard let node = body ?? tree.inside(nil).first(where: tree.isElement) else { return [] }
        var seen: Set<Substring> = []
        let lines = tree.plainText(node).split(whereSeparator: \.isNewline).prefix(most)
        return lines.filter { seen.insert($0).inserted }.map { line in
            var item = PageItem(.rule)
            item.kind = .page
            // The line is what it is known by: one that changed is another.
            item.identity = String(line)
            item.link = address
            item.body = RichText(String(line), form: .plain)
            return item
        }
    }
}
