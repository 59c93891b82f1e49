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
        let bodies = texts.count > 1 ? Self.fullest(of: texts) : texts
        return PlainEntry(
            title: (title?.plain ?? "").split(whereSeparator: \.isNewline).joined(separator: " "),
            body: bodies.joined(separator: "\n\n"),
            author: authors.compactMap { $0.name ?? $0.email }.joined(separator: ", "))
    }

    /// The texts without those that another of them covers.
    private static func fullest(of texts: [String]) -> [String] {
        var compared: [Body] = []
        for body in texts.prefix(mostCompared).map(Body.init) where !compared.contains(where: { $0.covers(body) }) {
            compared.removeAll { body.covers($0) }
            compared.append(body)
        }
        return compared.map(\.text) + texts.dropFirst(mostCompared)
    }

    /// How many texts of one entry are compared with each other; honest entries have two or three. What comes after
    /// them is kept as it is, so that a stranger's entry of many texts costs no more than to read it.
    private static let mostCompared = 16
}

/// One of an entry's texts, folded once for all its comparisons. They are compared by bytes, because a stranger's texts
/// are long and a search by characters takes seconds over them: so texts that differ only in how their accents are
/// composed are both kept.
private struct Body {
    let text: String
    /// Its UTF-8, with every run of white space as one space, so that a line break makes no difference.
    private let words: [UInt8]

    init(_ text: String) {
        self.text = text
        var words: [UInt8] = []
        words.reserveCapacity(text.utf8.count)
        var isApart = false
        for scalar in text.unicodeScalars {
            if scalar.isASCII ? scalar.value <= 0x20 : scalar.properties.isWhitespace {
                isApart = !words.isEmpty
            } else {
                if isApart { words.append(UInt8(ascii: " ")) }
                isApart = false
                words.append(contentsOf: scalar.utf8)
            }
        }
        self.words = words
    }

    /// Whether this says everything that `short` says: it holds it, or begins like it where `short` breaks off with an
    /// ellipsis, as excerpts do.
    func covers(_ short: Body) -> Bool {
        guard text.utf8.count >= short.text.utf8.count else { return false }
        if holds(short) { return true }
        guard let beginning = short.beginning, !beginning.isEmpty else { return false }
        return words.starts(with: beginning)
    }

    /// Whether the words of `short` stand here one after another, as words: "Ear" is not said by "Bear". Only where
    /// this begins with it may `short` end inside one, as excerpts do that were cut off at a length.
    private func holds(_ short: Body) -> Bool {
        var start = 0
        for _ in 0..<Self.mostPlaces {
            guard let found = words.span.extracting(start...).index(of: short.words.span) else { return false }
            let range = start + found..<start + found + short.words.count
            if range.lowerBound == 0, range.count >= Self.shortestExcerpt { return true }
            if !isInside(range.lowerBound), !isInside(range.upperBound) { return true }
            start = range.lowerBound + 1
        }
        return false
    }

    /// How many places where `short` stands inside a word are passed over. A stranger's text has any number of them.
    private static let mostPlaces = 16
    /// In bytes.
    private static let shortestExcerpt = 64

    /// Whether a word goes on from one side of `index` to the other. Of letters outside ASCII that is not said: some
    /// languages set nothing between words.
    private func isInside(_ index: Int) -> Bool {
        guard index > 0, index < words.count else { return false }
        return Self.isOfWord(words[index - 1]) && Self.isOfWord(words[index])
    }

    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }

    /// What stands before the ellipsis that it ends with, `nil` if it ends with none.
    private var beginning: ArraySlice<UInt8>? {
        guard let ending = Self.ellipses.first(where: { words.suffix($0.count).elementsEqual($0) }) else { return nil }
        let beginning = words.dropLast(ending.count)
        return beginning.last == UInt8(ascii: " ") ? beginning.dropLast() : beginning
    }

    private static let ellipses = ["[…]", "[...]", "…", "..."].map { Array($0.utf8) }
}

extension RichText {
    /// Without markup.
    package var plain: String {
        form == .html ? PlainText.fromHTML(value) : PlainText.fromPlain(value)
    }
}
