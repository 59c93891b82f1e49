// An entry as plain text: what queries match and what people read. Made only for entries that are new or edited.

internal import Markup
package import Model

/// The texts of an entry, without markup.
package struct PlainEntry: Sendable, Equatable {
    /// One line.
    package var title: String
    /// Blocks are set apart by a blank line.
    package var body: String
    /// The authors' names, separated by commas.
    package var author: String

    package init(title: String, body: String, author: String) {
        self.title = title
        self.body = body
        self.author = author
    }
}

extension Entry {
    /// The entry's plain text. Where it has a summary and a content, the body is the fullest of them; where they say
    /// different things, it is the summary, a blank line and the content.
    package func plainText() -> PlainEntry {
        let texts = ([summary].compactMap(\.self) + contents).map(\.plain).filter { !$0.isEmpty }
        var compared: [Body] = []
        for body in texts.prefix(Self.mostCompared).map(Body.init) where !compared.contains(where: { $0.covers(body) })
        {
            compared.removeAll { body.covers($0) }
            compared.append(body)
        }
        let bodies = compared.map(\.text) + texts.dropFirst(Self.mostCompared)
        return PlainEntry(
            title: (title?.plain ?? "").split(whereSeparator: \.isNewline).joined(separator: " "),
            body: bodies.joined(separator: "\n\n"),
            author: authors.compactMap { $0.name ?? $0.email }.joined(separator: ", "))
    }

    /// How many texts of one entry are compared with each other; honest entries have two or three. What comes after
    /// them is kept as it is, so that a stranger's entry of many texts costs no more than to read it.
    private static let mostCompared = 16
}

/// One of an entry's texts, folded once for all its comparisons.
private struct Body {
    let text: String
    /// With every run of white space as one space, so that a line break makes no difference.
    private let words: String

    init(_ text: String) {
        self.text = text
        words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// Whether this says everything that `short` says: it holds it, or begins like it where `short` breaks off with an
    /// ellipsis, as excerpts do.
    func covers(_ short: Body) -> Bool {
        guard text.utf8.count >= short.text.utf8.count else { return false }
        var excerpt = short.words
        if excerpt.utf8.count <= words.utf8.count, words.contains(excerpt) { return true }
        for ending in ["[…]", "[...]", "…", "..."] where excerpt.hasSuffix(ending) {
            excerpt.removeLast(ending.count)
            return !excerpt.isEmpty && words.hasPrefix(excerpt.trimmingASCIISpace())
        }
        return false
    }
}

extension RichText {
    /// Without markup.
    package var plain: String {
        form == .html ? PlainText.fromHTML(value) : PlainText.fromPlain(value)
    }
}
