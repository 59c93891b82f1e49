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
        var bodies: [String] = []
        for text in [summary].compactMap(\.self) + contents {
            let plain = text.plain
            guard !plain.isEmpty, !bodies.contains(where: { Self.covers($0, plain) }) else { continue }
            bodies.removeAll { Self.covers(plain, $0) }
            bodies.append(plain)
        }
        return PlainEntry(
            title: (title?.plain ?? "").split(whereSeparator: \.isNewline).joined(separator: " "),
            body: bodies.joined(separator: "\n\n"),
            author: authors.compactMap { $0.name ?? $0.email }.joined(separator: ", "))
    }

    /// Whether `long` says everything that `short` says: it holds it, or begins like it where `short` breaks off with
    /// an ellipsis, as excerpts do.
    private static func covers(_ long: String, _ short: String) -> Bool {
        guard long.utf8.count >= short.utf8.count else { return false }
        let words = folded(long)
        var excerpt = folded(short)
        if excerpt.utf8.count <= words.utf8.count, words.contains(excerpt) { return true }
        for ending in ["[…]", "[...]", "…", "..."] where excerpt.hasSuffix(ending) {
            excerpt.removeLast(ending.count)
            return !excerpt.isEmpty && words.hasPrefix(excerpt.trimmingASCIISpace())
        }
        return false
    }

    /// With every run of white space as one space, so that a line break makes no difference.
    private static func folded(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

extension RichText {
    /// Without markup.
    package var plain: String {
        form == .html ? PlainText.fromHTML(value) : PlainText.fromPlain(value)
    }
}
